from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import index
from benchmarks.index import BASELINE, NAME, OURS, IndexPlan, bench_index, command
from docsearch.bench.report_file import read_report
from docsearch.cli.main import run
from docsearch.domain.benchmark import Figure, Step
from docsearch.domain.errors import FolderError
from docsearch.domain.settings import Settings
from docsearch.ingest.pool import Pool
from tests.evaluation.reports import rate


@pytest.fixture(autouse=True)
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the benchmark makes its directories."""
    folder = tmp_path / "made"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_run_tells_all_of_it_and_leaves_nothing(tmp_path: Path, made: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "data"))
    told = list(bench_index(settings, plan=IndexPlan(notes=1, rounds=1, unchanged=3, edits=1)))
    figures = {each.name: each for each in told if isinstance(each, Figure)}
    assert {(*name, each.unit) for name, each in figures.items()} == {
        (OURS, "peak memory", "MB"),
        (OURS, "chunks/s", "chunks/s"),
        (OURS, "tokens/s", "tokens/s"),
        (BASELINE, "chunks/s", "chunks/s"),
        (BASELINE, "tokens/s", "tokens/s"),
        (OURS, "against encode", "x"),
        (OURS, "least cosine to encode", ""),
        ("3 files", "unchanged", "catch-up", "s"),
        ("3 files", "edit to results", "median", "s"),
        ("3 files", "edit to results", "slowest", "s"),
    }
    ours, theirs = (figures[name, "tokens/s"].value for name in (OURS, BASELINE))
    assert figures[OURS, "against encode"].value == pytest.approx(ours / theirs)
    assert figures[OURS, "least cosine to encode"].value >= 0.99
    for step in (each for each in told if isinstance(each, Step)):
        assert step.done < step.total
    assert not list(made.glob("docsearch-*"))
    assert not (tmp_path / "data" / "indexes").exists()


def test_by_default_other_processes_read_the_folder_as_they_do_in_the_product(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class StopError(Exception):
        pass

    def started(*_: object) -> None:
        raise StopError

    monkeypatch.setattr(Pool, "prepare", started)
    settings = Settings(data_dir=str(tmp_path / "data"))
    with pytest.raises(StopError):
        list(bench_index(settings))


def test_a_folder_without_a_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    settings = Settings(data_dir=str(tmp_path / "data"))
    with pytest.raises(FolderError, match="nothing to index"):
        list(bench_index(settings, tmp_path / "empty", IndexPlan(rounds=1, unchanged=0)))


def test_it_is_asked_for_the_folder_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path | None] = []

    def bench(settings: Settings, folder: Path | None) -> Iterator[Step | Figure]:
        asked.append(folder)
        yield rate(settings.chunk_tokens)

    monkeypatch.setattr(index, "bench_index", bench)
    file = tmp_path / "index.json"
    words = ["--json", str(file), "--chunk-tokens", "256"]
    assert run([*words, str(tmp_path)], command, NAME) == 0
    assert read_report(file).settings["folder"] == tmp_path.name
    assert read_report(file).figures == (rate(256),)
    assert run(words, command, NAME) == 0
    assert asked == [tmp_path, None]
    assert run([*words, str(tmp_path / "nowhere")], command, NAME) == 3
