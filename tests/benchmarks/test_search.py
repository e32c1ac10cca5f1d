"""What the search benchmark yields, on sizes that take no time; its figures are no test's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from benchmarks import search
from benchmarks.search import FILTERS, NAME, bench_search, command
from benchmarks.synthetic_chunks import SyntheticChunks
from docsearch.bench.report_file import read_report
from docsearch.cli.main import run
from docsearch.domain.benchmark import Figure, Step
from docsearch.evaluation.latency import PERCENTILES
from docsearch.storage.vectors import FaissIndex
from tests.evaluation.reports import latency


@pytest.mark.parametrize("most_whole_bytes", [FaissIndex.most_whole_bytes, 0])
@pytest.mark.parametrize("plain", [False, True])
def test_it_tells_steps_and_figures_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, most_whole_bytes: int, plain: bool
) -> None:
    monkeypatch.setattr(FaissIndex, "most_whole_bytes", most_whole_bytes)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = list(bench_search((60, 2100), queries=4, dimension=24, plain=plain))
    steps = [each for each in told if isinstance(each, Step)]
    assert [done for done, _ in groupby(each.done for each in steps)] == [*range(9)]
    assert {each.total for each in steps} == {8}
    figures = {each.name: each for each in told if isinstance(each, Figure)}
    for size in ("60 chunks", "2,100 chunks"):
        for each in FILTERS:
            recall = figures[size, each, "recall@50"]
            assert (recall.value, recall.higher_is_better) == (1.0, True)
            times = [figures[size, each, "docsearch", point].value for point in PERCENTILES]
            assert times == sorted(times)
            ratio = figures[size, each, "docsearch", "times as fast"]
            assert ratio.baseline in {" · ".join(name) for name in figures}
        assert figures[size, "memory, vectors"].value > 0
        assert figures[size, "load"].unit == "s"
    assert list(tmp_path.iterdir()) == []


def test_leaving_it_half_way_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    bench = bench_search((60,), queries=1, dimension=8)
    for told in bench:
        if isinstance(told, Figure):
            break
    assert list(tmp_path.iterdir()) != []
    bench.close()
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_makes_the_same_chunks() -> None:
    for plain in (False, True):
        one, other = (SyntheticChunks(2500, 16, plain=plain) for _ in range(2))
        vectors = np.concatenate([file.vectors for file in one.files()])
        assert vectors.shape == (2500, 16)
        assert np.array_equal(vectors, np.concatenate([file.vectors for file in other.files()]))
        assert np.array_equal(one.queries(7), other.queries(7))
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        paths = [file.source.path for file in one.files()]
        assert [next(same) for _, same in groupby(paths)] == paths


def test_passages_of_a_document_are_nearer_than_others() -> None:
    (file,) = SyntheticChunks(1000, 384).files()
    vectors = file.vectors
    cosines = vectors @ vectors.T
    neighbours = float(np.mean([cosines[row, row + 1] for row in range(0, 1000, 20)]))
    assert neighbours > 0.5 > 0.2 > float(cosines.mean())


def test_it_is_asked_for_the_sizes_that_the_report_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[tuple[int, ...], int]] = []

    def bench(sizes: tuple[int, ...], *, queries: int) -> Iterator[Step | Figure]:
        asked.append((sizes, queries))
        yield latency(1)

    monkeypatch.setattr(search, "bench_search", bench)
    file = tmp_path / "search.json"
    words = ["--json", str(file)]
    assert run([*words, "--quick", "--queries", "7"], command, NAME) == 0
    assert read_report(file).settings["chunks"] == "10,000"
    assert run(words, command, NAME) == 0
    assert read_report(file).settings["chunks"] == "10,000, 100,000, 1,000,000"
    assert asked == [((10_000,), 7), ((10_000, 100_000, 1_000_000), 200)]
