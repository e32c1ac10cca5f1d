from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

import docsearch
import tests
from docsearch.domain.document import SourceFile
from docsearch.domain.errors import ModelError
from docsearch.ingest import pool as pool_module
from docsearch.ingest.child import Bounds
from docsearch.ingest.discover import scan
from docsearch.ingest.pool import BYTES_AHEAD, FILES_AHEAD, Pool, pays
from docsearch.ingest.prepare import Gone, Job, Outcome, Prepared, Preparer, Unchanged, Unusable
from docsearch.ingest.stopping import StoppedError
from tests.fakes.token_counter import FakeTokenCounter
from tests.ingest.folders import SETTINGS, ParagraphReaders, Workshop, paragraph

SOURCES = [str(Path(each.__path__[0]).parent) for each in (docsearch, tests)]


class Elsewhere(ParagraphReaders):
    """Tells the process that read a file in place of the format."""

    def read(self, data: bytes, name: str) -> tuple[str, object]:  # type: ignore[override]
        return str(os.getpid()), super().read(data, name)[1]


def preparer(folder: Path) -> Preparer:
    return Preparer(folder, Elsewhere(), FakeTokenCounter(), SETTINGS)  # type: ignore[arg-type]


def no_preparer() -> Preparer:
    raise ModelError("there is no tokenizer")


@pytest.fixture(autouse=True)
def children_find_these_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(SOURCES))


def outcomes(
    folder: Path,
    texts: dict[str, str],
    *,
    make: Callable[[], Preparer] | None = None,
    processes: int = 1,
    bounds: Bounds = pool_module.BOUNDS,
) -> dict[str, Outcome]:
    for name, text in texts.items():
        (folder / name).write_text(text)
    files = [each for each in scan(folder, 10_000) if isinstance(each, SourceFile)]
    make = make or partial(preparer, folder)
    with Pool(make, preparer(folder), processes, bounds) as pool:
        done = list(pool.prepare(map(Job, files), lambda: False))
    assert sorted(job.source.path for job, _ in done) == sorted(texts)
    return {job.source.path: outcome for job, outcome in done}


def chunks_of(outcome: Outcome) -> list[str]:
    assert isinstance(outcome, Prepared)
    return [chunk.text for chunk in outcome.chunks]


def read_here(outcome: Outcome) -> bool:
    assert isinstance(outcome, Prepared)
    return outcome.reader == str(os.getpid())


def test_files_are_prepared_in_other_processes(tmp_path: Path) -> None:
    texts = {f"{number}.md": paragraph(f"w{number}") for number in range(20)}
    done = outcomes(tmp_path, texts, processes=2)
    assert {path: chunks_of(outcome) for path, outcome in done.items()} == {
        path: [text] for path, text in texts.items()
    }
    assert not any(read_here(outcome) for outcome in done.values())


def test_the_text_is_carried_once(tmp_path: Path) -> None:
    [outcome] = outcomes(tmp_path, {"a.md": paragraph("fig")}).values()
    assert isinstance(outcome, Prepared)
    assert (outcome.extracted.text, outcome.extracted.segments) == ("", ())


def test_what_needs_no_chunks_is_told(tmp_path: Path) -> None:
    (tmp_path / "same.md").write_text("fig")
    [source] = scan(tmp_path, 10_000)
    assert isinstance(source, SourceFile)
    [known] = outcomes(tmp_path, {"same.md": "fig"}).values()
    assert isinstance(known, Prepared)
    gone = SourceFile("gone.md", 1, 1, (1, 1))
    with Pool(partial(preparer, tmp_path), preparer(tmp_path), 1) as pool:
        jobs = [Job(source, known.content_hash), Job(gone)]
        done = [outcome for _, outcome in pool.prepare(jobs, lambda: False)]
    [same, missing] = done
    assert isinstance(same, Unchanged)
    # By then it may be old enough for its time of change to count.
    assert replace(same.source, changed_ns=0) == replace(known.source, changed_ns=0)
    assert missing == Gone("gone.md")


def test_a_crash_is_the_fault_of_the_file_alone(tmp_path: Path) -> None:
    texts = {"a.md": "fig", "b.md": "CRASH", "c.md": "BROKEN", "d.md": "plum"}
    done = outcomes(tmp_path, texts)
    assert (chunks_of(done["a.md"]), chunks_of(done["d.md"])) == (["fig"], ["plum"])
    assert not read_here(done["d.md"])
    crashed, broken = done["b.md"], done["c.md"]
    assert isinstance(crashed, Unusable)
    assert crashed.reason == "could not be read: it crashes what reads it (SIGSEGV)"
    assert crashed.source.size == len("CRASH")
    assert isinstance(broken, Unusable)
    assert broken.reason == "broken on purpose"


def test_a_file_that_never_ends_is_given_up(tmp_path: Path) -> None:
    bounds = Bounds(seconds=0.05, seconds_a_megabyte=0)
    [outcome] = outcomes(tmp_path, {"a.md": "HANG"}, bounds=bounds).values()
    assert isinstance(outcome, Unusable)
    assert "could not be read within" in outcome.reason


def test_a_file_that_takes_all_memory_is_given_up(tmp_path: Path) -> None:
    done = outcomes(tmp_path, {"a.md": "GREEDY", "b.md": "fig"})
    greedy = done["a.md"]
    assert isinstance(greedy, Unusable)
    assert greedy.reason == "too large for the memory of this machine"
    assert chunks_of(done["b.md"]) == ["fig"]


def test_what_a_library_prints_is_no_answer(tmp_path: Path) -> None:
    [outcome] = outcomes(tmp_path, {"a.md": "CHATTY fig"}).values()
    assert chunks_of(outcome) == ["CHATTY fig"]
    assert not read_here(outcome)


def test_nothing_of_the_searched_folder_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = "open('sprung', 'w').close()"
    monkeypatch.chdir(tmp_path)
    done = outcomes(tmp_path, dict.fromkeys(("pickle.py", "numpy.py", "docsearch.py"), trap))
    assert not (tmp_path / "sprung").exists()
    assert not any(read_here(outcome) for outcome in done.values())


def test_without_processes_the_work_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"a.md": "fig", "b.md": "BROKEN"}
    for make, command in (
        (no_preparer, pool_module._COMMAND),
        (None, ("/nonexistent/python",)),
    ):
        monkeypatch.setattr(pool_module, "_COMMAND", command)
        done = outcomes(tmp_path, texts, make=make)
        assert read_here(done["a.md"])
        assert isinstance(done["b.md"], Unusable)


def test_no_more_is_done_ahead_than_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "_COMMAND", ("/nonexistent/python",))
    drawn = 0

    def jobs(count: int, size: int) -> Iterator[Job]:
        nonlocal drawn
        for drawn in range(1, count + 1):
            yield Job(SourceFile(f"{drawn}.md", size, 1, (1, drawn)))

    def drawn_after(taken: int, jobs: Iterable[Job]) -> int:
        with Pool(partial(preparer, tmp_path), preparer(tmp_path), 2) as pool:
            done = pool.prepare(jobs, lambda: False)
            for _ in range(taken):
                next(done)
            return drawn

    assert drawn_after(1, jobs(2000, 1)) == FILES_AHEAD + 1
    assert drawn_after(10, jobs(2000, 1)) == FILES_AHEAD + 10
    assert drawn_after(1, jobs(50, BYTES_AHEAD // 4)) == 5
    assert drawn_after(1, jobs(50, 3 * BYTES_AHEAD)) == 2


def test_stopping_does_not_wait_for_a_file_that_hangs(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("HANG")
    [source] = scan(tmp_path, 10_000)
    assert isinstance(source, SourceFile)
    asked = iter(range(1000))
    with (
        Pool(partial(preparer, tmp_path), preparer(tmp_path), 2) as pool,
        pytest.raises(StoppedError),
    ):
        list(pool.prepare([Job(source)], lambda: next(asked) > 3))


def test_a_handful_of_files_is_not_worth_a_process() -> None:
    small = [SourceFile(f"{number}", 1000, 1, (1, number)) for number in range(1000)]
    assert not pays(small[:5])
    assert pays(small)
    assert pays([SourceFile("large", 5_000_000, 1, (1, 1))])


def test_an_index_made_with_a_pool_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docsearch.ingest.pipeline.pays", lambda _: True)
    plain = Workshop(tmp_path)
    pooled = Workshop(
        tmp_path, open_pool=lambda: Pool(partial(preparer, tmp_path), preparer(tmp_path), 2)
    )
    for number in range(30):
        plain.write(f"{number}.md", f"{paragraph(f'w{number}')}\n\n{paragraph('all')}")
    plain.write("broken.md", "BROKEN")
    for shop in (plain, pooled):
        shop.catch_up()
    assert pooled.index() == plain.index()
    assert pooled.reasons() == plain.reasons() == {"broken.md": "broken on purpose"}
    # As between two disks, where a file that moves gets another identity; and a copy of it.
    plain.write("new/1.md", plain.folder.joinpath("1.md").read_bytes())
    plain.write("new/2.md", plain.folder.joinpath("1.md").read_bytes())
    plain.folder.joinpath("1.md").unlink()
    os.utime(plain.folder / "5.md", ns=(1, 1))
    for shop in (plain, pooled):
        assert shop.catch_up() == []
    assert pooled.index() == plain.index()
    # The pool takes seconds to start: by then a file is old enough for its time of change to count.
    assert [replace(each.source, changed_ns=0) for each in pooled.library.files().values()] == [
        replace(each.source, changed_ns=0) for each in plain.library.files().values()
    ]
