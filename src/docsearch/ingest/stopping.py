"""How indexing is stopped from outside: a question asked between any two small steps.

In: the question. Out: StoppedError, which ends the work in hand. What was committed is kept, and
the rest is done next time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docsearch.ports import TokenCounter, Vocabulary

Stop = Callable[[], bool]


class StoppedError(Exception):
    """Indexing was told to stop."""


def go_on(stop: Stop) -> None:
    """Raise StoppedError if it is time to."""
    if stop():
        raise StoppedError


class StoppableCounter:
    """A token counter that ends the chunking of a large file when it is told to stop."""

    def __init__(self, counter: TokenCounter, stop: Stop) -> None:
        self._counter = counter
        self._stop = stop

    @property
    def special_tokens(self) -> int:
        """As the counter's."""
        return self._counter.special_tokens

    def token_spans(self, text: str) -> Sequence[tuple[int, int]]:
        """As the counter's. Raises StoppedError."""
        go_on(self._stop)
        return self._counter.token_spans(text)

    def vocabulary(self, text: str) -> Vocabulary:
        """As the counter's."""
        return self._counter.vocabulary(text)
