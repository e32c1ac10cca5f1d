from __future__ import annotations

import os
import signal
import sys
from itertools import pairwise

import pexpect
import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.terminal import BenchError, EmulatedScreen, Terminal

needs_terminals = pytest.mark.skipif(not hasattr(pexpect, "spawn"), reason="needs pseudo-terminals")

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

SIZES = """
import os, signal

def show(*_):
    size = os.get_terminal_size()
    os.write(1, b"\\x1b[2J\\x1b[H%d by %d" % (size.columns, size.lines))

signal.signal(signal.SIGWINCH, show)
show()
while True:
    signal.pause()
"""


def terminal(program: str) -> Terminal:
    return Terminal([sys.executable, "-c", program], os.environ, 40, 5)


def test_a_wide_character_fills_two_cells() -> None:
    screen = EmulatedScreen(6, 2)
    screen.feed("日本\x1b[1;5Hx".encode())
    assert screen.lines == ["日本x", ""]


@given(st.lists(pieces, max_size=30), st.lists(st.integers(0, 200), max_size=5))
def test_it_shows_all_of_what_is_drawn_however_it_is_cut(
    written: list[str], cuts: list[int]
) -> None:
    data = "".join(written).encode()
    ours, whole = EmulatedScreen(COLUMNS, ROWS), pyte.Screen(COLUMNS, ROWS)
    pyte.ByteStream(whole).feed(data)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, end in pairwise(edges):
        ours.feed(data[start:end])
        assert len(ours.lines) == ROWS
    assert ours.lines == [line.rstrip() for line in whole.display]


def test_at_another_size_it_shows_what_is_drawn_there() -> None:
    screen = EmulatedScreen(6, 1)
    screen.feed(b"abc")
    screen.resize(3, 2)
    screen.feed(b"\x1b[2J\x1b[Hdefg")
    assert screen.lines == ["def", "g"]


@pytest.mark.parametrize("question", ["\x1b[?2026$p", "\x1b[>1u", "\x1b[c", "\x1b(B"])
def test_modes_and_questions_leave_no_trace(question: str) -> None:
    screen = EmulatedScreen(6, 1)
    screen.feed(f"a{question}b".encode())
    assert screen.lines == ["ab"]


@needs_terminals
def test_a_command_hears_of_another_size_and_draws_on_it() -> None:
    with terminal(SIZES) as screen:
        screen.wait_for("40 by 5")
        screen.resize(30, 7)
        assert screen.wait_for("30 by 7").count("\n") == 6


@needs_terminals
@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("print('bye')", 0),
        ("raise SystemExit(7)", 7),
        ("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL),
        ("import os, time; os.closerange(0, 3); os._exit(4)", 4),
    ],
)
def test_an_exit_code_is_that_of_the_command_or_its_signal(program: str, code: int) -> None:
    with terminal(program) as screen:
        assert screen.wait_for_exit() == code


@needs_terminals
def test_a_command_that_goes_on_is_an_error_and_is_killed_at_the_end() -> None:
    with terminal("print('here'); import signal; signal.pause()") as screen:
        screen.wait_for("here")
        with pytest.raises(BenchError, match=r"still running(.|\n)*here"):
            screen.wait_for_exit(patience=0.1)
        process = screen.pid
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@needs_terminals
def test_all_that_was_written_is_kept_and_the_moment_of_the_last_piece() -> None:
    with terminal("print('\\x1b[31mred')") as screen:
        assert screen.wait_for("red").splitlines()[0] == "red"
        assert b"\x1b[31mred" in screen.raw
        assert screen.drawn_at > 0
