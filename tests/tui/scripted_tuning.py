"""Tuning that measures what it is told to, and goes on when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from docsearch.domain.tuning import TuningProgress

STEPS = tuple(TuningProgress("a-reranker", "timing openvino int8", done, 5) for done in range(5))


class ScriptedTuning:
    """`runs` and `stops` count; after `until` steps it waits for `go_on`, or to be stopped."""

    def __init__(self) -> None:
        self.until: int | None = None
        self.go_on = Event()
        self.runs = 0
        self.stops = 0
        self._stopped = False

    def run(self) -> Iterator[TuningProgress]:
        self.runs += 1
        self._stopped = False
        for number, step in enumerate(STEPS):
            if number == self.until:
                self.go_on.wait(30)
            if self._stopped:
                return
            yield step

    def stop(self) -> None:
        self.stops += 1
        self._stopped = True
        self.go_on.set()
