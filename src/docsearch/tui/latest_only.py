"""A thread that always works on the newest request and drops the older ones.

In: requests. Out: calls of the work function in a thread of its own. Does not know what is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Thread
from typing import Generic, TypeVar

Request = TypeVar("Request")
IsStale = Callable[[], bool]


class LatestOnly(Generic[Request]):
    """Runs `work(request, is_stale)` for the newest request; older ones are never begun.

    A request begins `settle` seconds after the last one came, so that a burst costs one, or at once
    where that is asked for. One at work goes on until it asks `is_stale` and leaves.
    """

    def __init__(
        self, work: Callable[[Request, IsStale], None], name: str, settle: float = 0.0
    ) -> None:
        self._work = work
        self._settle = settle
        self._changed = Condition()
        self._waiting: Request | None = None
        self._settles = True
        self._count = 0
        self._closed = False
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to take requests."""
        self._thread.start()

    def ask(self, request: Request, *, at_once: bool = False) -> None:
        """Replace whatever was asked before; returns at once."""
        with self._changed:
            self._waiting = request
            self._settles = not at_once
            self._count += 1
            self._changed.notify()

    def drop(self) -> None:
        """Ask for nothing: what is at work becomes stale."""
        with self._changed:
            self._waiting = None
            self._count += 1

    def close(self) -> None:
        """Take no more; returns at once, what is at work finds itself stale."""
        with self._changed:
            self._closed = True
            self._waiting = None
            self._count += 1
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._waiting is None and not self._closed:
                    self._changed.wait()
                while self._settles and self._changed.wait(self._settle) and not self._closed:
                    pass
                if self._closed:
                    return
                request, self._waiting, count = self._waiting, None, self._count
            if request is not None:
                self._work(request, lambda count=count: self._count != count)  # type: ignore[misc]
