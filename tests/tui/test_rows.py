"""A row says where a result stands, how it moved, and why it may be the one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docsearch.domain.query import CandidateSource, Filters, Query
from docsearch.domain.query_words import wanted_words, word_pattern
from docsearch.domain.ranking import RankedHit
from docsearch.presentation.cells import bar, rule
from docsearch.presentation.hits import is_new, journey, movement, snippet, spans
from docsearch.presentation.pieces import Line, Piece, Role, text_of, width_of
from docsearch.presentation.places import where
from docsearch.tui.search.hit_rows import MERGED_TITLES, Scale, Side, merged_row, paired_row
from docsearch.tui.search.results import CELLS, connector
from tests.tui import samples

RESULT = samples.reranked(12)
SCALE = Scale.of(RESULT)


def hit_before(rank: int) -> RankedHit:
    return RESULT.before[rank - 1]


def marked(line: Line) -> list[str]:
    return [piece.text for piece in line if piece.role is Role.MATCH]


@pytest.mark.parametrize(
    ("before", "after", "text", "role"),
    [(7, 1, "▲6", Role.UP), (2, 6, "▼4", Role.DOWN), (5, 5, "=", Role.MUTED)],
)
def test_movement_is_told_by_a_sign(before: int, after: int, text: str, role: Role) -> None:
    hit = replace(hit_before(before), after_rank=after)
    assert movement(hit) == Piece(text, role)
    assert journey(hit) == f"#{before} → #{after} {text}"


def test_a_hit_not_reranked_has_not_moved() -> None:
    hit = replace(hit_before(3), after_rank=None)
    assert movement(hit).text == "·"
    assert journey(hit) == "#3"
    assert not is_new(hit, 1)


def test_a_hit_from_below_the_shown_places_is_new() -> None:
    hit = replace(hit_before(7), after_rank=2)
    assert is_new(hit, 6)
    assert not is_new(hit, 7)
    assert not is_new(hit, 1)


def test_the_after_row_has_rank_score_movement_place_and_words() -> None:
    top, below = paired_row(hit_before(7), Side.AFTER, SCALE, 6, 60)
    place = "  1  +6.64  cooking/sourdough-rye.md › Morning, dough"
    assert text_of(top) == place.ljust(56) + "new "
    assert text_of(below).startswith("  ▲6 ━━━━━━ …Rest 30 minutes in the bowl")


def test_the_before_row_has_no_movement() -> None:
    top, below = paired_row(hit_before(7), Side.BEFORE, SCALE, 6, 60)
    assert text_of(top).startswith("  7  0.526  cooking/sourdough-rye.md › Morning, dough")
    assert text_of(below).startswith("     ━━━")
    assert "new" not in text_of(top)


def test_the_merged_row_stands_under_its_titles() -> None:
    (line,) = merged_row(hit_before(7), SCALE, 90)
    text = text_of(line)
    for title, value in (("before#", "7"), ("after#", "1"), ("Δ", "▲6")):
        assert text[: MERGED_TITLES.index(title) + len(title)].endswith(value)
    assert "+6.64 ━━━━ sourdough-rye.md › Morning, dough" in text


@pytest.mark.parametrize("cells", [1, 12, 30, 47, 60, 120])
@pytest.mark.parametrize("rank", range(1, 13))
def test_rows_are_exactly_as_wide_as_the_list(cells: int, rank: int) -> None:
    hit = hit_before(rank)
    rows = [
        *paired_row(hit, Side.BEFORE, SCALE, 6, cells),
        *paired_row(hit, Side.AFTER, SCALE, 6, cells),
        *merged_row(hit, SCALE, cells),
    ]
    assert {width_of(row) for row in rows} == {cells}


def test_a_row_of_a_hit_not_reranked_shows_the_first_score() -> None:
    hit = replace(hit_before(4), after_rank=None, rerank=None)
    (line,) = merged_row(hit, SCALE, 79)
    assert text_of(line).split()[:4] == ["4", "·", "·", "0.619"]


def test_bm25_bars_are_relative_to_the_best() -> None:
    hits = tuple(
        replace(hit, before_score=score)
        for hit, score in zip(RESULT.before[:2], (24.0, 12.0), strict=True)
    )
    scale = Scale.of(replace(RESULT, source=CandidateSource.BM25, hits=hits))
    assert text_of(scale.before(hits[0], 4)) == "━━━━"
    assert text_of(scale.before(hits[1], 4)) == "━━  "


def test_bars_and_rules_need_no_colour() -> None:
    assert text_of(bar(0.0, 4, Role.AFTER)) == "    "
    assert text_of(bar(0.0001, 4, Role.AFTER)) == "╸   "
    assert text_of(bar(2.0, 4, Role.AFTER)) == "━━━━"
    assert text_of(bar(-0.3, 4, Role.BEFORE)) == "    "
    assert text_of(rule(8, 0.25)) == "━━──────"
    assert text_of(rule(4)) == "────"


def test_the_thread_joins_both_rows() -> None:
    drawing = [text_of(line) for line in connector(4, 1, 6)]
    assert drawing == ["   ", " ╭▸", " │ ", " │ ", "─╯ ", "   "]
    assert [text_of(line) for line in connector(0, 2, 3)] == ["─╮ ", " │ ", " ╰▸"]
    assert [text_of(line) for line in connector(1, 1, 2)] == ["   ", "───"]
    assert {text_of(line) for line in connector(None, 1, 3)} == {" " * CELLS}


def test_words_that_stand_everywhere_are_not_looked_for() -> None:
    assert wanted_words(Query("", "how long does the dough rest")) == ("long", "dough", "rest")
    assert wanted_words(Query("", "to be or not to be")) == ("to", "be", "or", "not")
    assert wanted_words(Query("", "bread", Filters(phrases=("rye flour",)))) == (
        "bread",
        "rye",
        "flour",
    )


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("rest", "Rests, resting; restaurant, arrest", ["Rests", "resting"]),
        ("baking", "bake baked baking", ["bake", "baked", "baking"]),
        ("味噌", "出汁を取ってから味噌を溶く", ["味噌"]),
        ("c++ (x)", "c (x)", ["c", "x"]),
        ("rye", "rye ryegrass", ["rye"]),
        ("muller", "Der Mu\u0308ller zahlt", ["Mu\u0308ller"]),
        ("Müller", "Der Muller zahlt", ["Muller"]),
        ("umspannwerk", "das Um\u00adspann\u00adwerk", ["Um\u00adspann\u00adwerk"]),
        ("office", "the oﬃces", ["oﬃces"]),
        ("don't", "we don’t", ["don’t"]),
        ("屋顶维修", "冬季屋顶的维修", ["屋顶", "维修"]),
        ("学校", "gen-学校abc", ["学校"]),
        ("शहर", "एक शहर में", ["शहर"]),
    ],
)
def test_words_are_found_in_their_nearest_forms(words: str, text: str, found: list[str]) -> None:
    pattern = word_pattern(wanted_words(Query("", words)))
    assert [text[start:end] for start, end in spans(pattern, text)] == found


def test_no_words_find_nothing() -> None:
    assert spans(word_pattern(()), "text") == ()


def test_the_snippet_begins_where_the_words_are() -> None:
    pattern = word_pattern(("rest", "dough"))
    line = snippet(hit_before(7).passage, pattern, 40)
    assert text_of(line).startswith("…Rest 30 minutes")
    assert marked(line) == ["Rest"]


def test_the_snippet_leaves_out_its_own_heading_and_markup() -> None:
    line = snippet(hit_before(7).passage, None, 40)
    assert text_of(line).startswith("the starter, less the 20 g")


def test_the_snippet_keeps_names_with_underscores() -> None:
    assert "grace_days" in text_of(snippet(hit_before(10).passage, None, 60))


def test_a_name_without_room_for_its_heading_beside_it_takes_all_the_room() -> None:
    assert text_of(where(samples.PASSAGES[8], 27, folders=False)) == "sourdough-rye-overnight.md"
