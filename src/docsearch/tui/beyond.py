"""What lies beyond the candidates of an answer, as far as it has been read.

In: an answer, and what was found. Out: what there is to offer. Knows no widget and no thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from docsearch.domain.explanation import Missed
from docsearch.domain.ranking import SearchResult


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
