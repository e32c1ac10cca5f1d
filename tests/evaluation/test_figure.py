from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import fromstring

from docsearch.evaluation.figure import figure, figure_svg, letter
from tests.evaluation.evaluations import an_evaluation


def test_better_is_higher_and_slower_is_further_right() -> None:
    drawn = figure(an_evaluation().rows)
    assert drawn is not None
    plain, better, worse = drawn.points
    assert worse.y < plain.y < better.y
    assert 0 < plain.x < better.x < worse.x < 1
    for point in drawn.points:
        assert 0 <= point.low <= point.y <= point.high <= 1
    assert [point.letter for point in drawn.points] == ["a", "b", "c"]


def test_the_picture_is_whole_xml_and_says_which_letter_is_what() -> None:
    drawn = figure_svg(an_evaluation().rows)
    assert drawn is not None
    root = fromstring(drawn)
    titles = [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[1] == "a: dense no reranker"
    assert "\x1b" not in drawn
    assert "<b>" not in drawn


def test_rows_that_were_not_timed_are_not_drawn() -> None:
    rows = an_evaluation().rows
    untimed = [replace(row, latency=None) for row in rows[1:]]
    assert figure([rows[0], *untimed]) is None
    assert figure_svg([]) is None


def test_letters_go_on_after_z() -> None:
    assert [letter(at) for at in (0, 25, 26, 51, 52)] == ["a", "z", "aa", "az", "ba"]
