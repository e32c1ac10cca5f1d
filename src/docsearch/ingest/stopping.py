"""How indexing is stopped from outside: a question asked between any two small steps.

In: the question. Out: StoppedError, which ends the work in hand. What was committed is kept, and
the rest is done next time.
"""

from __future__ import annotations

from collections.abc import Callable

Stop = Callable[[], bool]


class StoppedError(Exception):
    """Indexing was told to stop."""


def go_on(stop: Stop) -> None:
    """Raise StoppedError if it is time to."""
    if stop():
        raise StoppedError
