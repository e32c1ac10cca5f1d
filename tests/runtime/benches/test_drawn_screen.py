from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.runtime.benches.drawn_screen import DrawnScreen
from tests.end_to_end.terminal import EmulatedScreen

COLUMNS, ROWS = 12, 4

small = st.integers(0, 14)
pieces = st.one_of(
    st.text("ab ▌…é", min_size=1, max_size=15),
    st.builds("\x1b[{};{}H".format, small, small),
    st.builds("\x1b[{}{}".format, small, st.sampled_from("ABCD")),
    st.sampled_from(["\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[2J", "\x1b[H"]),
    st.sampled_from(["\r", "\n", "\r\n", "\b", "\x07"]),
    st.sampled_from(["\x1b[38;2;1;2;3m", "\x1b[0m", "\x1b[?2026h", "\x1b[?25l", "\x1b]0;a b\x07"]),
)


@given(st.lists(pieces, max_size=30), st.lists(st.integers(0, 200), max_size=5))
def test_it_shows_what_a_whole_emulator_shows(written: list[str], cuts: list[int]) -> None:
    data = "".join(written).encode()
    ours, theirs = DrawnScreen(COLUMNS, ROWS), EmulatedScreen(COLUMNS, ROWS)
    theirs.feed(data)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, end in pairwise(edges):
        ours.feed(data[start:end])
    assert ours.lines == theirs.lines


def test_a_wide_character_fills_two_cells() -> None:
    screen = DrawnScreen(6, 2)
    screen.feed("日本\x1b[1;5Hx".encode())
    assert screen.lines == ["日本x", ""]


@pytest.mark.parametrize(
    "question", ["\x1b[?2026$p", "\x1b[>1u", "\x1b[c", "\x1b(B", "\x1bP+q\x1b\\"]
)
def test_modes_and_questions_leave_no_trace(question: str) -> None:
    screen = DrawnScreen(6, 1)
    screen.feed(f"a{question}b".encode())
    assert screen.lines == ["ab"]


def test_another_size_begins_anew() -> None:
    screen = DrawnScreen(6, 1)
    screen.feed(b"abc")
    screen.resize(3, 2)
    screen.feed(b"defg")
    assert screen.lines == ["def", "g"]
