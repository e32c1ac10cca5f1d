from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from docsearch.cli.evaluation_text import evaluation_lines, suggestion_lines
from docsearch.domain.evaluation import Evaluation, Finding, Interval, Paired
from docsearch.domain.settings import Settings
from docsearch.evaluation.suggest import Choice
from docsearch.judging.suggesting import Suggestion
from docsearch.presentation.pieces import text_of
from tests.evaluation.evaluations import an_evaluation

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202e]")


def text(evaluation: Evaluation, cells: int) -> list[str]:
    return [text_of(line) for line in evaluation_lines(evaluation, cells)]


@pytest.mark.parametrize("cells", [80, 100, 200])
def test_every_line_fits_and_is_safe_to_show(cells: int) -> None:
    for line in text(an_evaluation(), cells):
        assert cell_len(line.rstrip()) <= cells
        assert not CONTROLS.search(line)


def test_the_verdict_comes_last(capsys: pytest.CaptureFixture[str]) -> None:
    lines = text(an_evaluation(), 200)
    assert "helps here: +" in lines[-1]
    assert lines[0] == "notes: 20 queries, 60 judgments of documents"


def test_intervals_stand_beside_every_measure_where_there_is_room() -> None:
    narrow, wide = ("\n".join(text(an_evaluation(), cells)) for cells in (80, 100))
    assert "±" in wide
    assert "±" not in narrow
    assert re.search(r"\d\.\d{3} \(\d\.\d{3}-\d\.\d{3}\)", narrow)


def test_the_mark_of_the_order_that_is_shown_is_never_cut_off() -> None:
    found = an_evaluation()
    long = replace(found.rows[1].contender, name="a-reranker-with-quite-a-long-name " * 3)
    rows = (found.rows[0], replace(found.rows[1], contender=long), found.rows[2])
    lines = text(replace(found, rows=rows), 80)
    assert sum(line.startswith("b a-reranker") and "… * " in line for line in lines) == 3


def test_each_letter_of_the_figure_is_a_row_of_the_table() -> None:
    found = an_evaluation()
    crowded = replace(found, rows=(*found.rows, found.rows[2], found.rows[0], found.rows[0]))
    for evaluation, letters in ((found, "abc"), (crowded, "abcdef")):
        lines = text(evaluation, 80)
        drawn = "".join(line.partition("│")[2] for line in lines if "│" in line)
        assert sorted(drawn.replace(" ", "")) == list(letters)


def test_without_times_there_is_no_figure() -> None:
    found = an_evaluation()
    untimed = replace(found, rows=tuple(replace(row, latency=None) for row in found.rows))
    assert not any("│" in line for line in text(untimed, 80))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Finding.HELPS, "--suggest --write puts it in your configuration"),
        (Finding.HURTS, "keep what you have"),
        (Finding.UNDECIDED, "No gain that these judgments can show: keep what you have"),
    ],
)
def test_a_suggestion_says_what_it_gains_on_held_out_queries(found: Finding, told: str) -> None:
    gain = Paired(Interval(0.012, -0.004, 0.03), 0.1, 0.1, 20, 10, 30)
    choice = Choice(3, gain, found, 0.9, 2, 10)
    proposed = Suggestion({"candidates": 20}, {"candidates": 50}, choice, 84, 60)
    lines = suggestion_lines(proposed, Settings(), lambda _: 0.5, 80)
    shown = " ".join(" ".join(text_of(line) for line in lines).split())
    assert "now: dense, 50 candidates, docsearch-mini-v1 + ½ bi-encoder" in shown
    assert "best: dense, 20 candidates" in shown
    assert "+0.012 NDCG@10 (-0.004 to 0.030) over the present ones" in shown
    assert told in shown


def test_settings_that_are_the_best_are_said_to_be() -> None:
    none = Paired(Interval(0.0, 0.0, 0.0), 1.0, 1.0, 0, 0, 60)
    proposed = Suggestion({}, {}, Choice(0, none, Finding.UNDECIDED, 1.0, 2, 10), 84, 60)
    lines = [text_of(line) for line in suggestion_lines(proposed, Settings(), lambda _: 0.5, 80)]
    assert lines[-1] == "Of 84 settings that were tried, these are the best."
