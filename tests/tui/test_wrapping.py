"""A passage's rows are its own text, in order, and fit."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from docsearch.presentation.wrapping import shown, wrap

TEXT = st.text(st.sampled_from(list("abcd  \n\t-é世😀\u0301\x1b")), max_size=200)


@given(TEXT, st.integers(4, 40))
def test_rows_hold_every_word_once_in_order(text: str, cells: int) -> None:
    rows = wrap(text, cells)
    seen = "".join("".join(text[row.start : row.end].split()) for row in rows)
    assert seen == "".join(text.split())
    assert all(before.end <= after.start for before, after in pairwise(rows))


@given(TEXT, st.integers(4, 40))
def test_no_row_is_wider_than_asked(text: str, cells: int) -> None:
    for row in wrap(text, cells):
        assert row.indent + cell_len(shown(text[row.start : row.end])) <= cells


def test_lines_that_an_editor_broke_are_joined() -> None:
    text = (
        "The quick brown fox jumps over the lazy dog and over the next\n"
        "dog as well, which is lazier."
    )
    assert [text[row.start : row.end] for row in wrap(text, 200)] == [text]


def test_lines_that_mean_something_stay() -> None:
    text = "- one thing that is long, longer than fifty-six characters in all\n- another\n\n\n\nend"
    rows = [text[row.start : row.end] for row in wrap(text, 200)]
    assert rows == [text.split("\n", maxsplit=1)[0], "- another", "", "end"]


def test_a_list_item_hangs() -> None:
    rows = wrap("- alpha beta gamma delta epsilon", 14)
    assert [row.indent for row in rows] == [0, 2, 2]


def test_a_very_long_word_is_broken_quickly() -> None:
    word = "x" * 300_000
    rows = wrap(word, 50)
    assert len(rows) == 6000
    assert rows[-1].end == len(word)
