"""The hash of the bytes that a worker has in hand, where its keeper sees it.

In: a hash, as soon as a file's bytes are there, before a reader takes them apart. Out: the same in
the keeper, also where the worker dies of the file. Does not know which file it is.
"""

from __future__ import annotations

import mmap

_BYTES = 32


class InHand:
    """Memory that a process shares with those that it forks afterwards."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1 + _BYTES)

    def clear(self) -> None:
        """No bytes are in hand."""
        self._memory[0] = 0

    def note(self, content_hash: bytes) -> None:
        """These bytes are in hand: SHA-256."""
        self._memory[1:] = content_hash
        self._memory[0] = 1

    @property
    def content_hash(self) -> bytes | None:
        """Of the bytes in hand, if any are."""
        return self._memory[1:] if self._memory[0] else None
