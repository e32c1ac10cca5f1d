"""A background for a test, and an owner that keeps what it hears instead of showing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue

import pytest

from docsearch.tui.background import Background
from tests.tui.piloted import opening
from tests.tui.scripted_engine import ScriptedEngine

PATIENCE = 20.0


class Heard:
    """An owner whose message queue is emptied by the test; one that `has_left` takes no more."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self.has_left = False
        self._calls: Queue[Callable[[], object]] = Queue()

    def call_later(self, callback: Callable[[], object], /) -> bool:
        if not self.has_left:
            self._calls.put(callback)
        return not self.has_left

    def hear(self, value: object) -> None:
        self.values.append(value)

    def work_off(self) -> None:
        """Make the calls that wait."""
        while not self._calls.empty():
            self._calls.get()()

    def waits(self) -> bool:
        """Whether calls wait to be made."""
        return not self._calls.empty()

    def until(self, wanted: Callable[[object], bool]) -> list[object]:
        """Make calls until a value is heard that is wanted; all that were heard since the last."""
        while not any(wanted(each) for each in self.values):
            try:
                self._calls.get(timeout=PATIENCE)()
            except Empty:
                pytest.fail(f"never came; heard {self.values}")
        heard, self.values = self.values, []
        return heard


@contextmanager
def started(engine: ScriptedEngine, owner: Heard | None = None) -> Iterator[Background]:
    """A background on this engine, closed at the end; `owner` hears of its start."""
    background = Background(opening(engine))
    hears = owner or Heard()
    background.start(hears, _nothing, _nothing, _nothing)
    try:
        yield background
    finally:
        engine.go_on.set()
        background.close()


def _nothing(_: object) -> None:
    pass
