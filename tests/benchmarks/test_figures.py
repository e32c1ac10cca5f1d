from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks.figures import PAGE, plot, table, with_table
from docsearch.domain.benchmark import BenchReport, Figure
from tests.evaluation.reports import latency, rate, report

WHERE = ("50 pairs", "512 tokens")
THEIRS = Figure((*WHERE, "a & b", "CrossEncoder.predict", "p50"), 4300, "ms")
OURS = (*WHERE, "a & b", "fast", "cold cache")


def reranked() -> BenchReport:
    return report(
        THEIRS,
        Figure((*OURS, "p50"), 860, "ms"),
        Figure((*OURS, "times as fast"), 5, "x", True, " · ".join(THEIRS.name)),
        Figure((*WHERE, "a & b", "fast", "warm cache", "p50"), 1, "ms"),
        Figure(("dense retrieval", "10,000 vectors", "p50"), 30, "ms"),
    )


def test_a_table_has_a_row_for_each_thing_and_says_where_it_was_measured() -> None:
    lines = table(reranked()).splitlines()
    assert lines[0].startswith("`docsearch bench rerank`, 2026-01-31, docsearch 1 on a, 2 cores")
    assert lines[2:] == [
        "| what | 50 pairs, 512 tokens |",
        "|---|---|",
        "| a & b, CrossEncoder.predict | 4,300 ms |",
        "| a & b, fast, cold cache | 860 ms, 5.00x |",
        "| the slowest of all, warm cache | 1.00 ms |",
    ]


def test_a_table_of_another_kind_has_all_figures_of_a_thing_in_its_row() -> None:
    lines = table(report(latency(1), rate(2, "a"), rate(3), kind="index")).splitlines()
    assert lines[2:] == [
        "| what | figures |",
        "|---|---|",
        "| a | p50 1.00 ms · rate 2.00 chunks/s |",
        "| b | rate 3.00 chunks/s |",
    ]


def test_only_what_is_between_the_marks_is_replaced() -> None:
    begin, end = "<!-- rerank figures: begin -->", "<!-- rerank figures: end -->"
    once = with_table(f"above\n{begin}\nold\n{end}\nbelow\n", report(latency(1)))
    assert once.startswith(f"above\n{begin}\n`docsearch bench rerank`")
    assert once.endswith(f"\n{end}\nbelow\n")
    assert "old" not in once
    assert with_table(once, report(latency(1))) == once
    with pytest.raises(ValueError, match="rerank figures"):
        with_table("no marks", report())


@pytest.mark.parametrize("kind", ["rerank", "ui", "index", "search"])
def test_the_page_has_a_place_for_it(kind: str) -> None:
    assert table(report(kind=kind)) in with_table(PAGE.read_text("utf-8"), report(kind=kind))


def test_bars_are_as_long_as_the_times_they_stand_for() -> None:
    root = ElementTree.fromstring(plot(reranked()))
    name = "{http://www.w3.org/2000/svg}"
    _, theirs, ours = (float(each.attrib["width"]) for each in root.iter(f"{name}rect"))
    assert ours / theirs == pytest.approx(0.2, abs=0.01)
    told = [each.text for each in root.iter(f"{name}text")]
    assert told[-4:] == ["a & b · CrossEncoder.predict", "4.30 s", "a & b · fast", "0.86 s, 5.00x"]
