"""How fast a reranker reads, as it was measured.

In: nothing. Out: `Speed`. Does not know how it is measured or kept.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speed:
    """Work done in `seconds`: (query, passage) pairs, and the tokens of their windows.

    Long passages make fewer pairs a second and hardly fewer tokens.
    """

    pairs: float
    tokens: float
    seconds: float

    @property
    def pairs_per_second(self) -> float:
        """Pairs a second; 0 where nothing was measured."""
        return self.pairs / self.seconds if self.seconds > 0 else 0.0

    @property
    def tokens_per_second(self) -> float:
        """Tokens a second; 0 where nothing was measured."""
        return self.tokens / self.seconds if self.seconds > 0 else 0.0

    def and_more(self, other: Speed) -> Speed:
        """Both together."""
        return Speed(
            self.pairs + other.pairs, self.tokens + other.tokens, self.seconds + other.seconds
        )

    def faded(self) -> Speed:
        """The same speed with half the weight beside what is measured next."""
        return Speed(self.pairs / 2, self.tokens / 2, self.seconds / 2)
