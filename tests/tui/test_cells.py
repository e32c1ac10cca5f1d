"""Columns hold, whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from docsearch.presentation.cells import (
    cut,
    fit,
    one_line,
    pad,
    pad_left,
    shorten,
    shorten_name,
    shorten_path,
    spread,
)
from docsearch.presentation.pieces import Piece, Role, text_of, width_of

AWKWARD = st.text(
    st.sampled_from(list("ab \té世界😀👩\u200d\ufe0f\u0301\u202e\x1b\x00\x9b\u2028\n\udce9❤שלום")),
    max_size=40,
)


@given(AWKWARD | st.text(max_size=40), st.integers(0, 30))
def test_what_is_padded_is_exactly_as_wide_as_asked(text: str, cells: int) -> None:
    assert cell_len(pad(one_line(text), cells)) == cells
    assert cell_len(pad_left(one_line(text), cells)) == cells


@given(AWKWARD, st.integers(0, 30))
def test_what_is_shortened_is_never_too_wide(text: str, cells: int) -> None:
    line = one_line(text)
    for shortened in (shorten(line, cells), shorten_name(line, cells), shorten_path(line, cells)):
        assert cell_len(shortened) <= cells


@given(st.lists(AWKWARD, max_size=5), st.lists(AWKWARD, max_size=2), st.integers(0, 60))
def test_a_line_is_exactly_as_wide_as_asked(left: list[str], right: list[str], cells: int) -> None:
    pieces = tuple(Piece(one_line(text)) for text in left)
    tail = tuple(Piece(one_line(text)) for text in right)
    assert width_of(fit(pieces, cells)) == cells
    assert width_of(spread(pieces, tail, cells)) == cells


@given(AWKWARD)
def test_nothing_that_a_terminal_obeys_is_left_in_a_line(text: str) -> None:
    line = one_line(text)
    assert line.isprintable()
    assert "\x1b" not in line
    assert "\n" not in line
    line.encode()


def test_marks_that_terminals_measure_differently_are_left_out() -> None:
    assert (
        one_line("a\ufe0fb ❤\ufe0f 👩\u200d🚀 👍🏽 soft\u00adhyphen") == "ab ❤ 👩🚀 👍 softhyphen"
    )


def test_a_character_is_not_split_from_its_marks() -> None:
    assert cut("e\u0301e\u0301", 1) == "e\u0301"
    assert cut("世界", 3) == "世"


def test_a_name_keeps_its_suffix() -> None:
    assert shorten_name("a-very-long-file-name.md", 14) == "a-very-lon….md"
    assert shorten_name("notes", 4) == "not…"


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (40, "ops/incidents/2026-02-11-outage.md"),
        (33, "…/incidents/2026-02-11-outage.md"),
        (24, "…/2026-02-11-outage.md"),
        (16, "2026-02-11-o….md"),
    ],
)
def test_a_path_gives_up_its_folders_first(cells: int, shown: str) -> None:
    assert shorten_path("ops/incidents/2026-02-11-outage.md", cells) == shown


def test_the_left_gives_way_to_the_right() -> None:
    line = spread((Piece("a long text on the left"),), (Piece("right", Role.STRONG),), 14)
    assert text_of(line) == "a long…  right"
