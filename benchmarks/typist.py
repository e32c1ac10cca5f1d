"""A person at the screen: waits for it, types, pauses, and notes when each letter is drawn.

In: a command that opens the screen. Out: moments and waits, in seconds. Knows of the screen only
what stands in an empty query line, and that the query line is its first.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from string import ascii_lowercase
from types import TracebackType
from typing import Self

from benchmarks.terminal import Terminal

PAUSES = (0.08, 0.25)
"""Seconds between two keys, from a quick person's to a slow one's."""

LONGEST = 30
"""Letters in the query line, then it is cleared."""

_PROMPT_CELLS = 3


class Typist:
    """Use it as a context manager: the screen is open inside, and killed at the end.

    Every method raises BenchError where the screen never shows what is waited for.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        empty: str,
        chance: random.Random,
        size: tuple[int, int],
        patience: float,
    ) -> None:
        self._empty = empty
        self._chance = chance
        self._patience = patience
        self._terminal = Terminal(command, environment, *size)
        self.first_paint = 0.0
        """When the empty query line was drawn, by `perf_counter`."""

    def __enter__(self) -> Self:
        self._terminal.__enter__()
        try:
            self.first_paint = self.when(lambda screen: self._empty in screen)
        except BaseException:
            self._terminal.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._terminal.__exit__(kind, error, trace)

    def send(self, text: str) -> None:
        """Type it all at once."""
        self._terminal.type(text)

    def clear(self) -> None:
        """Empty the query line, and wait until it is."""
        self._terminal.type("\x1b")
        self.when(lambda _: not self._typed())

    def when(self, holds: Callable[[str], bool]) -> float:
        """The moment at which the screen was drawn for which this holds, by `perf_counter`."""
        self._terminal.wait_for(holds, self._patience)
        return self._terminal.drawn_at

    def press(self, keys: int, going_on: Callable[[str], bool] = lambda _: True) -> list[float]:
        """Seconds from each key to its letter, while `going_on` holds of the screen."""
        waits: list[float] = []
        while len(waits) < keys and going_on(self._terminal.text):
            waits.append(self._press())
        return waits

    def _press(self) -> float:
        if len(self._typed()) >= LONGEST:
            self.clear()
        self._terminal.watch(self._chance.uniform(*PAUSES))
        wanted = self._typed() + self._chance.choice(ascii_lowercase)
        pressed = time.perf_counter()
        self._terminal.type(wanted[-1])
        return self.when(lambda _: self._typed() == wanted) - pressed

    def _typed(self) -> str:
        """What stands in the query line."""
        line = self._terminal.lines[0][_PROMPT_CELLS:].split("  ")[0].rstrip()
        return "" if line == self._empty else line
