from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

import docsearch
import tests
from docsearch.domain.document import SourceFile
from docsearch.domain.errors import ModelError, ReadingError
from docsearch.domain.progress import Phase
from docsearch.ingest import child_process
from docsearch.ingest import pool as pool_module
from docsearch.ingest.child import TOO_MUCH_OUTPUT, Bounds
from docsearch.ingest.discover import scan
from docsearch.ingest.hands import FORGED
from docsearch.ingest.pipeline import IngestPipeline
from docsearch.ingest.pool import BYTES_AHEAD, FILES_AHEAD, Pool
from docsearch.ingest.prepare import (
    TOO_MUCH_MEMORY,
    Gone,
    Job,
    Outcome,
    Prepared,
    Preparer,
    Unchanged,
    Unusable,
)
from docsearch.ingest.put_off import PutOff
from docsearch.ingest.stopping import StoppedError
from tests.fakes.token_counter import FakeTokenCounter
from tests.ingest.folders import FORGERIES, SETTINGS, ParagraphReaders, Workshop, paragraph

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
    notes: PutOff | None = None,
) -> dict[str, Outcome]:
    """What became of each file, those that were put off last."""
    for name, text in texts.items():
        (folder / name).write_text(text)
    with closing(Pool(make or partial(preparer, folder), processes, notes, bounds)) as pool:
        done = list(pool.prepare(jobs_in(folder), lambda: False))
        done += list(pool.finish(lambda: False, lambda: False))
    came = [each for each in done if each is not None]
    assert sorted(job.source.path for job, _ in came) == sorted(texts)
    return {job.source.path: outcome for job, outcome in came}


def jobs_in(folder: Path) -> list[Job]:
    return [Job(each) for each in scan(folder, 10_000) if isinstance(each, SourceFile)]


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
    with closing(Pool(partial(preparer, tmp_path), 1)) as pool:
        jobs = [Job(source, known.content_hash), Job(gone)]
        done = [each[1] for each in pool.prepare(jobs, lambda: False) if each is not None]
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
    assert crashed.content_hash == sha256(b"CRASH").digest()
    assert isinstance(broken, Unusable)
    assert broken.reason == "broken on purpose"
    assert broken.content_hash == sha256(b"BROKEN").digest()


SHORT = Bounds(seconds=0.6, seconds_a_megabyte=0, quick=0.5)


@pytest.mark.parametrize("text", ["HANG", "BUSY"])
def test_a_file_that_never_ends_is_given_up_after_all_others(tmp_path: Path, text: str) -> None:
    done = outcomes(tmp_path, {"a.md": text, "b.md": "fig", "c.md": "plum"}, bounds=SHORT)
    assert list(done) == ["b.md", "c.md", "a.md"]
    endless = done["a.md"]
    assert isinstance(endless, Unusable)
    assert endless.reason == "could not be read within 1 seconds of computing"
    assert endless.source.size == len(text)
    assert endless.content_hash == sha256(text.encode()).digest()


@pytest.mark.parametrize("text", ["GREEDY", "GROWING"])
def test_a_file_that_takes_all_memory_is_given_up(tmp_path: Path, text: str) -> None:
    bounds = Bounds(memory_bytes=300_000_000)
    done = outcomes(tmp_path, {"a.md": text, "b.md": "fig"}, bounds=bounds)
    greedy = done["a.md"]
    assert isinstance(greedy, Unusable)
    assert greedy.reason == TOO_MUCH_MEMORY
    assert chunks_of(done["b.md"]) == ["fig"]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_files_that_take_their_reader_over_are_listed_and_the_others_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {name: f"FORGE {name}" for name in FORGERIES} | {"b.md": "fig", "p.md": "plum"}
    done = outcomes(tmp_path, texts, bounds=replace(SHORT, seconds=0.2))
    assert (chunks_of(done.pop("b.md")), chunks_of(done.pop("p.md"))) == (["fig"], ["plum"])
    reasons = {name: getattr(outcome, "reason", None) for name, outcome in done.items()}
    assert reasons == dict.fromkeys(FORGERIES, FORGED) | {
        "length": TOO_MUCH_OUTPUT,
        "truncated": "could not be read within 0 seconds of computing",
    }
    assert not (tmp_path / "sprung").exists()


def test_a_file_that_makes_more_than_docsearch_takes_is_listed(tmp_path: Path) -> None:
    bounds = Bounds(answer_bytes=600, answer_a_byte=0)
    done = outcomes(tmp_path, {"a.md": paragraph("fig") * 9, "b.md": "plum"}, bounds=bounds)
    much = done["a.md"]
    assert isinstance(much, Unusable)
    assert much.reason == TOO_MUCH_OUTPUT
    assert much.content_hash is not None
    assert chunks_of(done["b.md"]) == ["plum"]


def test_a_reader_that_ends_its_process_ends_no_other(tmp_path: Path) -> None:
    done = outcomes(tmp_path, {"a.md": "LEAVE", "b.md": "fig"})
    left = done["a.md"]
    assert isinstance(left, Unusable)
    assert left.reason == "could not be read (SystemExit)"
    assert left.content_hash == sha256(b"LEAVE").digest()
    assert chunks_of(done["b.md"]) == ["fig"]


def test_a_file_that_was_put_off_is_first_looked_at_again_where_it_was_left(tmp_path: Path) -> None:
    notes = tmp_path.parent / f"{tmp_path.name}-notes"
    (tmp_path / "a.md").write_text("HANG")
    with closing(Pool(partial(preparer, tmp_path), 1, PutOff(notes), SHORT)) as pool:
        assert list(pool.prepare(jobs_in(tmp_path), lambda: False))[-1:] in ([], [None])
        assert list(pool.put_off) == ["a.md"]
    [source] = [job.source for job in jobs_in(tmp_path)]
    assert PutOff(notes).deaths(source) == 0


def test_a_file_that_docsearch_was_killed_over_twice_is_listed(tmp_path: Path) -> None:
    notes = tmp_path.parent / f"{tmp_path.name}-notes"
    (tmp_path / "a.md").write_text("fig")
    [job] = jobs_in(tmp_path)
    for _ in range(2):  # each time the process ends without `close`
        killed = PutOff(notes)
        killed.add(job.source)
        killed.begin(job.source)
    [outcome] = outcomes_of_what_is_there(tmp_path, PutOff(notes))
    assert outcome == Unusable(job.source, "docsearch was ended 2 times while it was read")
    assert PutOff(notes).deaths(job.source) is None
    os.utime(tmp_path / "a.md", ns=(1, 1))
    [outcome] = outcomes_of_what_is_there(tmp_path, PutOff(notes))
    assert chunks_of(outcome) == ["fig"]


def test_a_file_that_docsearch_was_killed_over_in_its_first_reading_comes_last_from_then_on(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("HANG")
    files = tmp_path / "put-off.json", tmp_path / "being-read.json"
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder), *map(str, files)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None
    while len(killed.stdout.readline()) > 1:  # the processes that read, then an empty line
        pass
    killed.kill()
    killed.wait()
    killed.stdout.close()
    (folder / "b.md").write_text("fig")
    with closing(Pool(partial(preparer, folder), 1, PutOff(*files), SHORT)) as pool:
        done = [each for each in pool.prepare(jobs_in(folder), lambda: False) if each is not None]
        assert [job.source.path for job, _ in done] == ["b.md"]
        assert list(pool.put_off) == ["a.md"]
    [hanging, _] = [job.source for job in jobs_in(folder)]
    assert PutOff(*files).deaths(hanging) == 0


def test_what_was_being_read_when_docsearch_was_killed_is_noted_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("fig")
    [source] = [job.source for job in jobs_in(tmp_path)]
    files = tmp_path / "put-off.json", tmp_path / "being-read.json"
    PutOff(*files).being_read.begin(source)  # and the process ends
    notes = PutOff(*files)
    assert notes.deaths(source) == 0
    notes.remove(source)
    assert PutOff(*files).deaths(source) is None


@pytest.mark.parametrize("end", ["remove", "leave"])
def test_what_was_read_or_left_in_good_order_is_like_any_other_file(
    tmp_path: Path, end: str
) -> None:
    names = ["a long name, so that the note becomes shorter.md", "b.md", os.fsdecode(b"\xff.md")]
    for name in names:
        (tmp_path / name).write_text("fig")
    sources = [job.source for job in jobs_in(tmp_path)]
    files = tmp_path / "put-off.json", tmp_path / "being-read.json"
    reading = PutOff(*files).being_read
    for each in sources:
        reading.begin(each)
    for each in sources[:2]:
        getattr(reading, end)(each)
    assert [PutOff(*files).deaths(each) for each in sources] == [None, None, 0]


def test_a_docsearch_that_is_closed_was_not_killed_over_what_it_reads(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("fig")
    [source] = [job.source for job in jobs_in(tmp_path)]
    files = tmp_path / "put-off.json", tmp_path / "being-read.json"
    notes = PutOff(*files)
    notes.being_read.begin(source)
    notes.close()
    assert PutOff(*files).deaths(source) is None


def test_a_docsearch_that_reads_nothing_takes_no_note_of_another_ones_readings(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_text("fig")
    [source] = [job.source for job in jobs_in(tmp_path)]
    files = tmp_path / "put-off.json", tmp_path / "being-read.json"
    PutOff(*files).being_read.begin(source)
    PutOff(*files).close()
    assert not files[0].exists()
    assert PutOff(*files).being_read.left() == [(source.path, source.size, source.modified_ns)]


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_where_no_note_can_be_kept_files_are_read_all_the_same(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "being-read.json")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("fig")
    files = tmp_path / "put-off.json", tmp_path / "being-read.json"
    [outcome] = outcomes_of_what_is_there(notes, PutOff(*files))
    assert chunks_of(outcome) == ["fig"]


def outcomes_of_what_is_there(folder: Path, notes: PutOff) -> list[Outcome]:
    with closing(Pool(partial(preparer, folder), 1, notes)) as pool:
        done = pool.prepare(jobs_in(folder), lambda: False)
        return [each[1] for each in done if each is not None]


def no_process(*_: object, **__: object) -> None:
    raise AssertionError("a process was started")


def test_where_nothing_is_to_be_read_no_process_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Workshop(tmp_path)
    plain.write("a.md", "fig")
    plain.write("broken.md", "BROKEN")
    plain.catch_up()
    monkeypatch.setattr(subprocess, "Popen", no_process)
    with closing(Pool(partial(preparer, tmp_path), 2)) as pool:
        pipeline = IngestPipeline(tmp_path, pool, plain.embedder, plain.library, SETTINGS)
        pipeline.catch_up(lambda: False, plain.reports.append)
        assert not pipeline.finish(lambda: False, plain.reports.append)
    assert plain.reports[-1].phase is Phase.READY


def test_slow_files_leave_off_where_others_wait_and_go_on_then(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("HANG")
    with closing(Pool(partial(preparer, tmp_path), 1, None, replace(SHORT, seconds=0.2))) as pool:
        list(pool.prepare(jobs_in(tmp_path), lambda: False))
        assert list(pool.finish(lambda: False, lambda: True)) == []
        assert list(pool.put_off) == ["a.md"]
        with pytest.raises(StoppedError):
            list(pool.finish(lambda: True, lambda: False))
        [(job, outcome)] = pool.finish(lambda: False, lambda: False)
        assert job.source.path == "a.md"
        assert isinstance(outcome, Unusable)
        assert not pool.put_off


def test_what_was_forgotten_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("HANG")
    with closing(Pool(partial(preparer, tmp_path), 1, None, SHORT)) as pool:
        list(pool.prepare(jobs_in(tmp_path), lambda: False))
        pool.forget("a.md")
        assert list(pool.finish(lambda: False, lambda: False)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_the_child_ends_with_the_process_that_started_it_even_when_that_is_killed(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_text("HANG")
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    keeper = int(killed.stdout.readline())
    worker = int(killed.stdout.readline())
    killed.kill()
    killed.wait()
    killed.stdout.close()
    for pid in (worker, keeper):
        while is_alive(pid):
            time.sleep(0)


KILLED = """
import os, sys
from functools import partial
from pathlib import Path

from docsearch.ingest.hands import FORGED
from docsearch.ingest.pool import Pool
from docsearch.ingest.put_off import PutOff
from tests.ingest.test_pool import descendants, jobs_in, preparer

folder, *files = map(Path, sys.argv[1:])
pool = Pool(partial(preparer, folder), 1, PutOff(*files) if files else None)
said = []

def tell():
    processes = descendants(os.getpid())
    if len(processes) == 2 and not said:
        said.append(True)
        for each in processes:
            print(each, flush=True)
        print(flush=True)
    return False

list(pool.prepare(jobs_in(folder), tell))
"""


def descendants(pid: int) -> list[int]:
    """The processes that it started, and those that they did."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(each) for task in tasks for each in task.read_text().split()]
    return children + [each for child in children for each in descendants(child)]


def is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


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


def test_without_a_process_nothing_is_read_and_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError, match="there is no tokenizer"):
        outcomes(tmp_path, {"a.md": "fig"}, make=no_preparer)
    monkeypatch.setattr(child_process, "_COMMAND", ("/nonexistent/python",))
    with pytest.raises(ReadingError, match="cannot be started: No such file"):
        outcomes(tmp_path, {"a.md": "fig"})
    monkeypatch.setattr(child_process, "_COMMAND", ("/bin/true",))
    with pytest.raises(ReadingError, match="it ended before it was ready"):
        outcomes(tmp_path, {"a.md": "fig"})


def test_no_more_is_done_ahead_than_there_is_room_for(tmp_path: Path) -> None:
    drawn = 0

    def jobs(count: int, size: int) -> Iterator[Job]:
        nonlocal drawn
        for drawn in range(1, count + 1):
            yield Job(SourceFile(f"{drawn}.md", size, 1, (1, drawn)))

    def drawn_after(taken: int, jobs: Iterable[Job]) -> int:
        with closing(Pool(partial(preparer, tmp_path), 2)) as pool:
            done = filter(None, pool.prepare(jobs, lambda: False))
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
        closing(Pool(partial(preparer, tmp_path), 2)) as pool,
        pytest.raises(StoppedError),
    ):
        list(pool.prepare([Job(source)], lambda: next(asked) > 3))


def test_an_index_made_with_a_pool_is_the_same(tmp_path: Path) -> None:
    with closing(Pool(partial(preparer, tmp_path), 2)) as pool:
        same_index_with(pool, tmp_path)


def same_index_with(pool: Pool, tmp_path: Path) -> None:
    plain, pooled = Workshop(tmp_path), Workshop(tmp_path, pool=pool)
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
