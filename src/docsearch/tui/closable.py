"""An iterator of the engine's as something that can be closed.

In: an iterator. Out: a generator of the same things; to close it is to close the iterator, where
that is a generator itself. Does not know what is iterated over.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TypeVar

Thing = TypeVar("Thing")


def closable(things: Iterator[Thing]) -> Generator[Thing, None, None]:
    """The same things."""
    yield from things
