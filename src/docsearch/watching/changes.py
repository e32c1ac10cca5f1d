"""Many raw events -> one settled batch of paths to look at.

In: events of a file system, in order, and the time of each. Out: batches. Pure: the clock is passed
in. A batch names paths and not what happened to them: who gets it looks at the disk, and at all
that is below a path, so that a batch is right whichever events were joined, doubled or late.
Does not know where events come from.
"""

from __future__ import annotations

from dataclasses import dataclass

QUIET_SECONDS = 0.2
"""A batch is settled when nothing has happened for so long."""

LONGEST_SECONDS = 1.0
"""It is settled after so long in any case, under a stream of changes."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something happened to each of these paths, relative to the folder.

    Two for a move, of a file or of a folder with all that is in it.
    """

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventsLost:
    """The system had more events than room: anything may have changed."""


RawEvent = Changed | EventsLost


@dataclass(frozen=True, slots=True)
class Batch:
    """Paths at and below which anything may have changed; None is the whole folder."""

    paths: frozenset[str] | None


class Settling:
    """The batch in the making. Times are in seconds, of any clock that only goes forward."""

    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._everything = False
        self._first: float | None = None
        self._latest = 0.0

    def add(self, event: RawEvent, now: float) -> None:
        """Take in what has just happened."""
        if isinstance(event, EventsLost):
            self._everything = True
        else:
            self._paths.update(event.paths)
        self._first = now if self._first is None else self._first
        self._latest = now

    def due(self) -> float | None:
        """When the batch is settled if nothing more happens; None when there is none."""
        if self._first is None:
            return None
        return min(self._latest + QUIET_SECONDS, self._first + LONGEST_SECONDS)

    def take(self, now: float) -> Batch | None:
        """The batch, if it is settled by now; the next event then starts another."""
        due = self.due()
        if due is None or now < due:
            return None
        batch = Batch(None if self._everything else frozenset(self._paths))
        self._paths, self._everything, self._first = set(), False, None
        return batch
