from __future__ import annotations

from pathlib import Path

import pytest

from docsearch.bench.report_file import read_report, write_report
from docsearch.cli.bench_run import Output, run_bench
from docsearch.cli.bench_text import figure_lines, value_in_words
from docsearch.cli.main import run
from docsearch.domain.benchmark import Figure, Step
from docsearch.domain.settings import Settings
from docsearch.presentation.pieces import text_of
from tests.evaluation.reports import latency, rate, report

Captured = pytest.CaptureFixture[str]


def bench(tmp_path: Path, *figures: Figure, old: Path | None = None) -> Path:
    """Run a benchmark that measures these; the report's file."""
    file = tmp_path / "new.json"
    measured: list[Step | Figure] = [Step("half", 1, 2), *figures]
    run_bench("rerank", {"rounds": "3"}, iter(measured), Output(file, old), Settings())
    return file


def test_a_run_prints_conditions_progress_and_figures_and_keeps_them(
    tmp_path: Path, capsys: Captured
) -> None:
    kept = read_report(bench(tmp_path, latency(12.34), rate(1234)))
    out, err = capsys.readouterr()
    assert kept.figures == (latency(12.34), rate(1234))
    assert kept.settings == {"rounds": "3"}
    assert {"processor", "cores", "memory"} <= set(kept.machine)
    assert {"docsearch", "Python", "numpy"} <= set(kept.versions)
    for fact in (*kept.machine.values(), *kept.versions.values(), "rounds  3"):
        assert fact in out
    assert "12.3 ms" in out
    assert "1,234 chunks/s" in out
    assert "half" in err
    assert "new.json" in err


def test_what_got_worse_and_better_since_is_told(tmp_path: Path, capsys: Captured) -> None:
    old = tmp_path / "old.json"
    write_report(report(latency(10), rate(10), latency(5, "c")), old)
    bench(tmp_path, latency(20), rate(40), latency(5.2, "c"), old=old)
    out = capsys.readouterr().out
    assert "worse 2.00x  a · p50: 10.0 ms then, 20.0 ms now" in out
    assert "better 4.00x  b · rate: 10.0 chunks/s then, 40.0 chunks/s now" in out
    assert "1 figures within 15% of what they were" in out
    assert "machine: processor: a then, " in out
    assert "settings: rounds: 5 then, 3 now" in out
    assert "The machines differ" in out


def test_a_row_has_its_cells_under_their_headings() -> None:
    figures = [latency(1), Figure(("a", "p99"), 20, "ms"), Figure(("b\x1b", "p99"), 3, "x")]
    lines = [text_of(line).rstrip() for line in figure_lines(figures)]
    assert lines == [
        "        p50      p99",
        "a   1.00 ms  20.0 ms",
        "b␛             3.00x",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.1234, "ms", "0.123 ms"),
        (9.996, "ms", "10.0 ms"),
        (99.96, "ms", "100 ms"),
        (12345.6, "chunks/s", "12,346 chunks/s"),
        (4.944, "x", "4.94x"),
        (0, "", "0.000"),
    ],
)
def test_values_have_the_digits_that_count(value: float, unit: str, words: str) -> None:
    assert value_in_words(value, unit) == words


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ("none.json", "cannot be read: No such file"),
        ("foreign.json", "is no report of a benchmark: it must be an object"),
        ("search.json", "is a report of search, not of rerank"),
    ],
)
def test_a_file_that_cannot_be_compared_ends_it_before_it_begins(
    tmp_path: Path, old: str, told: str, capsys: Captured
) -> None:
    (tmp_path / "foreign.json").write_text("[]")
    write_report(report(kind="search"), tmp_path / "search.json")
    new = tmp_path / "new.json"
    assert run(["bench", "rerank", "--compare", str(tmp_path / old), "--json", str(new)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Benchmark: ")
    assert told in err
    assert not new.exists()


def test_a_place_that_cannot_be_written_ends_it_before_it_begins(
    tmp_path: Path, capsys: Captured
) -> None:
    assert run(["bench", "rerank", "--json", str(tmp_path / "no" / "new.json")]) == 1
    out, err = capsys.readouterr()
    assert (out, err[:11]) == ("", "Benchmark: ")


def test_without_a_place_the_report_goes_to_the_data_directory(
    tmp_path: Path, capsys: Captured
) -> None:
    settings = Settings(data_dir=str(tmp_path / "data"))
    run_bench("search", {}, iter([latency(1)]), Output(None, None), settings)
    (file,) = (tmp_path / "data" / "benchmarks").iterdir()
    assert file.name.startswith("search-")
    assert read_report(file).figures == (latency(1),)
    assert str(file) in capsys.readouterr().err
