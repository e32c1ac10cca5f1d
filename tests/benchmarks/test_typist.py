from __future__ import annotations

import os
import random
import sys

import pytest

from benchmarks.terminal import BenchError
from benchmarks.typist import LONGEST, Typist

SCREEN = """
import sys, termios, tty
old = termios.tcgetattr(0)
tty.setraw(0)
typed = ""
while True:
    sys.stdout.write("\\x1b[2;1Hkeys so far: %d" % len(typed))
    sys.stdout.write("\\x1b[H > " + (typed or "say it") + "\\x1b[K")
    sys.stdout.flush()
    key = sys.stdin.read(1)
    typed = "" if key == "\\x1b" else typed + key
"""
"""A screen that does what is expected of docsearch's, and no more.

The query line comes last: who reads half of what is drawn does not see the key before its count.
"""


def typist(program: str = SCREEN, patience: float = 60.0) -> Typist:
    return Typist(
        [sys.executable, "-c", program],
        os.environ,
        "say it",
        random.Random(1),
        (40, 5),
        patience,
    )


def test_every_key_is_waited_for_and_a_full_line_is_cleared() -> None:
    with typist() as person:
        assert person.first_paint > 0
        waits = person.press(LONGEST + 2)
        assert len(waits) == LONGEST + 2
        assert min(waits) > 0
        person.when(lambda screen: "keys so far: 2" in screen)
        person.clear()
        person.when(lambda screen: "keys so far: 0" in screen)


def test_pressing_ends_when_what_it_is_measured_beside_ends() -> None:
    with typist() as person:
        assert len(person.press(9, lambda screen: "so far: 3" not in screen)) == 3


def test_a_screen_that_ends_is_told_with_what_it_shows() -> None:
    with (
        pytest.raises(BenchError, match=r"never on the screen(.|\n)*no folder"),
        typist("print('no folder')"),
    ):
        pass
