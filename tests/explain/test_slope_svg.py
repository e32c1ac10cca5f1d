from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.query import Query
from docsearch.domain.ranking import SearchResult
from docsearch.explain.slope_svg import DOWN, SAME, UP, slope_svg
from tests.explain.results import reranked

SVG = "{http://www.w3.org/2000/svg}"

any_text = st.text(st.characters(exclude_categories=()))


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def lines(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The line of each hit, in the order in which they are drawn."""
    return [each for group in root.iter(f"{SVG}g") for each in group.iter(f"{SVG}path")]


def strokes(result: SearchResult, selected: int | None = None) -> list[tuple[str | None, ...]]:
    hit = next((hit for hit in result.hits if hit.passage.chunk_id == selected), None)
    return [
        (line.get("stroke"), line.get("stroke-dasharray"))
        for line in lines(parsed(slope_svg(result, hit)))
    ]


def test_up_down_and_unmoved_differ_in_colour_and_in_dashes() -> None:
    result = reranked([2.0, 3.0, 1.0])
    assert strokes(result) == [
        (UP.colour, None),
        (DOWN.colour, DOWN.dashes),
        (SAME.colour, SAME.dashes),
    ]
    assert len({UP.dashes, DOWN.dashes, SAME.dashes}) == 3


def test_each_line_runs_from_the_rank_before_to_the_rank_after() -> None:
    result = reranked([1.0, 2.0, 3.0])
    ends = {}
    for group in parsed(slope_svg(result)).iter(f"{SVG}g"):
        path = next(iter(group.iter(f"{SVG}path"))).get("d", "").split()
        ends[group.findtext(f"{SVG}title")] = float(path[2]), float(path[-1])
    first, middle, last = 53.0, 71.0, 89.0
    assert ends == {
        "notes/3.md: number 3 before, 1 after": (last, first),
        "notes/2.md: number 2 before, 2 after": (middle, middle),
        "notes/1.md: number 1 before, 3 after": (first, last),
    }


def test_the_selected_line_is_heavier_and_drawn_last() -> None:
    result = reranked([1.0, 2.0, 3.0])
    root = parsed(slope_svg(result, result.hits[0]))
    widths = [float(line.get("stroke-width", "0")) for line in lines(root)]
    assert widths[-1] > max(widths[:-1])
    *_, last = root.iter(f"{SVG}g")
    assert last.findtext(f"{SVG}title") == "notes/3.md: number 3 before, 1 after"
    assert last.get("font-weight") == "bold"


def test_what_has_not_been_reranked_is_left_out() -> None:
    assert len(strokes(reranked([2.0, None, 3.0]))) == 2
    assert strokes(reranked([None])) == []


def test_a_long_path_keeps_its_end() -> None:
    result = reranked([1.0])
    hit = result.hits[0]
    passage = replace(hit.passage, path="deep/" * 30 + "notes.md")
    shown = texts(parsed(slope_svg(replace(result, hits=(replace(hit, passage=passage),)))))
    place = next(text for text in shown if text.endswith("notes.md"))
    assert place.startswith("…")
    assert len(place) == 40


@given(any_text, any_text)
def test_no_text_can_break_the_picture(typed: str, path: str) -> None:
    result = reranked([1.0, 2.0])
    hits = tuple(replace(hit, passage=replace(hit.passage, path=path)) for hit in result.hits)
    svg = slope_svg(replace(result, query=Query(typed, typed), hits=hits, reranker=path), hits[0])
    svg.encode()
    assert len(lines(parsed(svg))) == 2


@pytest.mark.parametrize("active", ["<script", "style=", "<style", "onload", "href", "url("])
def test_a_page_without_scripts_and_style_sheets_can_show_it(active: str) -> None:
    assert active not in slope_svg(reranked([1.0, 2.0]))
