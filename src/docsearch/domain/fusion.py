"""How several voices on the same passages become one order.

In: nothing. Out: `Fusion`, the weights of the voices, and `Voices`, what each gave one passage.
Does not know how the voices' numbers are computed (see `search/fuse.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Blend(StrEnum):
    """What of each voice is added up: its standardised scores, or its reciprocal ranks."""

    SCORES = "scores"
    RANKS = "ranks"


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights of the reranker, the first stage and the files' recency; each is at least 0.

    `k` is the constant of reciprocal rank fusion, used where `blend` is RANKS. A file that is
    `half_life_days` old has half the recency of one written now.
    """

    reranker: float = 1.0
    first_stage: float = 0.0
    recency: float = 0.0
    blend: Blend = Blend.SCORES
    k: int = 60
    half_life_days: float = 30.0

    @property
    def is_alone(self) -> bool:
        """Whether the order is the reranker's own."""
        return self.reranker > 0 and not self.first_stage and not self.recency


@dataclass(frozen=True, slots=True)
class Voices:
    """What each voice gave a passage, weight included; their sum is what it is ranked by."""

    reranker: float
    first_stage: float
    recency: float

    @property
    def total(self) -> float:
        """The sum."""
        return self.reranker + self.first_stage + self.recency
