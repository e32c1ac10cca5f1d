"""Which windows a network reads together: those of like length, so that little of it is padding.

In: the lengths of windows in tokens. Out: batches of their indices. Does not know the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def window_batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Each index once, longest windows first; a batch holds at most `tokens`, padding counted.

    A window that alone is longer is a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    while order:
        size = max(1, tokens // max(1, lengths[order[0]]))
        yield order[:size]
        order = order[size:]
