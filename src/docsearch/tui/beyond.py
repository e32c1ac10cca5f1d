"""What lies beyond the candidates of an answer, as far as it has been read.

In: an answer, and what was found. Out: what there is to offer. Knows no widget and no thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsearch.domain.explanation import Depth, Missed, Noise
from docsearch.domain.ranking import SearchResult

if TYPE_CHECKING:
    from docsearch.inspecting.inspector import Inspector


@dataclass(frozen=True)
class Beyond:
    """`scored` of the `total` passages after those of `result` are read; `missed` belong on top."""

    result: SearchResult
    scored: int
    total: int
    missed: tuple[Missed, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all of them are read, so that none of what was found is pushed out any more."""
        return self.scored == self.total


def measured(inspector: Inspector, result: SearchResult) -> Iterator[Depth | Noise | Beyond]:
    """All that can be told of a list beside its movement, the cheapest first; blocks."""
    yield inspector.depth(result)
    noise = inspector.noise(result)
    if noise is not None:
        yield noise
    for scored, total, missed in inspector.missed(result):
        yield Beyond(result, scored, total, missed)
