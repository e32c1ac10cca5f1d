"""Work under one name, in a thread: what newer work means for older, and who hears of it.

In: pieces of work, each with its owner and its policy. Out: the work, called in a thread of the
topic; calls on the owner's own thread, through its message queue, as long as the work is not stale.
Does not know what the work is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING, Any, Protocol

from docsearch.domain.errors import DocsearchError

if TYPE_CHECKING:
    from docsearch.engine.engine import Engine

Hear = Callable[[Any], object]


class Policy(Enum):
    """What new work means for older work of its topic."""

    LATEST = auto()
    """It replaces the older, and begins when that has let go."""

    BESIDE = auto()
    """It replaces the older, and begins at once: the older may hang in a service."""

    QUEUE = auto()
    """It begins after the older."""

    DUTY = auto()
    """It begins after the older, and is done even when the screen is left; see `finish`."""


class Owner(Protocol):
    """Who asks: an app or a screen of Textual's."""

    def call_later(self, callback: Callable[[], object], /) -> bool:
        """Have it called on the owner's own thread, unless the owner has left."""


@dataclass(frozen=True)
class Unheard:
    """The values and errors of duties that came after their owner left; how many have not ended."""

    values: tuple[object, ...]
    errors: tuple[DocsearchError, ...]
    unended: int


class Calls:
    """Calls on an owner's thread, in order; none once they are stale or the owner has left."""

    def __init__(self, owner: Owner, *, newest: bool = False) -> None:
        self.are_stale = False
        self.has_owner_left = False
        self._owner = owner
        self._newest = newest
        self._lock = Lock()
        self._waiting: deque[tuple[Hear, Any]] = deque()

    def make(self, hear: Hear, value: object) -> None:
        """Have `value` heard, from any thread."""
        with self._lock:
            is_first = not self._waiting
            if self._newest and not is_first and self._waiting[-1][0] == hear:
                self._waiting.pop()
            self._waiting.append((hear, value))
        if is_first and not self.has_owner_left:
            self._owner.call_later(self._hear)

    def unheard(self) -> list[object]:
        """The values that the owner has left waiting."""
        with self._lock:
            return [value for _, value in self._waiting]

    def guard(self, work: Callable[[], object]) -> None:
        """Work, with a fault of the program raised on the owner's thread, stale or not."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a thread must not die in silence
            Calls(self._owner).make(_raise, error)

    def _hear(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self.has_owner_left:
                    return
                hear, value = self._waiting.popleft()
            if not self.are_stale:
                hear(value)


@dataclass(eq=False)
class Run:
    """One piece of work."""

    work: Callable[[Engine], Iterable[Any]]
    found: Hear
    failed: Hear
    calls: Calls
    policy: Policy
    settle: float
    has_ended: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it has ended, and all that it came to has been heard."""
        return self.has_ended and not self.calls.unheard()


class Topic:
    """What is to be worked on under one name, in a thread that the first of it starts."""

    def __init__(self, name: str, work: Callable[[Run], None]) -> None:
        self._name = name
        self._work = work
        self._changed = Condition()
        self._waiting: deque[Run] = deque()
        self._runs: list[Run] = []
        self._is_closed = False
        self._thread: Thread | None = None

    @property
    def unended(self) -> int:
        """How much waits or is worked on."""
        with self._changed:
            return sum(not run.has_ended for run in self._runs)

    def add(self, run: Run) -> None:
        """Take this on, as its policy says."""
        if run.policy in (Policy.LATEST, Policy.BESIDE):
            self.drop()
        with self._changed:
            self._runs = [*(each for each in self._runs if not each.is_over), run]
            if run.policy is Policy.BESIDE:
                Thread(target=self._do, args=(run,), name=self._name, daemon=True).start()
                return
            self._waiting.append(run)
            self._changed.notify()
            if self._thread is None:
                self._thread = Thread(target=self._go_on, name=self._name, daemon=True)
                self._thread.start()

    def drop(self) -> None:
        """Leave all that is no duty."""
        with self._changed:
            for run in self._runs:
                run.calls.are_stale = run.policy is not Policy.DUTY
            self._runs = [run for run in self._runs if not run.calls.are_stale]
            self._waiting = deque(run for run in self._waiting if not run.calls.are_stale)

    def close(self) -> None:
        """The same, and end when the duties are done."""
        self.drop()
        with self._changed:
            self._is_closed = True
            for run in self._runs:
                run.calls.has_owner_left = True
            self._changed.notify()

    def finish(self, seconds: float | None) -> Unheard:
        """Wait for the duties, and gather what their owner did not hear."""
        if self._thread is not None:
            self._thread.join(seconds)
        unheard = [each for run in self._runs for each in run.calls.unheard()]
        return Unheard(
            tuple(each for each in unheard if not isinstance(each, DocsearchError)),
            tuple(each for each in unheard if isinstance(each, DocsearchError)),
            self.unended,
        )

    def _go_on(self) -> None:
        while (run := self._next()) is not None:
            self._do(run)

    def _next(self) -> Run | None:
        """The next one, when nothing has come for as long as it settles; None at the end."""
        with self._changed:
            while self._waiting or not self._is_closed:
                if not self._waiting:
                    self._changed.wait()
                elif not self._changed.wait(self._waiting[0].settle) and self._waiting:
                    return self._waiting.popleft()
        return None

    def _do(self, run: Run) -> None:
        run.calls.guard(lambda: self._work(run))
        run.has_ended = True


def _raise(error: Exception) -> None:
    raise error
