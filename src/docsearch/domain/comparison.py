"""Several rerankers over the same candidates, side by side.

In: nothing. Out: `Comparison`: a column of scores for each reranker, and how far the orders they
give agree. Scores of different rerankers never meet here: only ranks do. Does not know how a score
or an agreement is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from docsearch.domain.model import ScoreKind
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Candidate, RerankScore

MOST_COLUMNS = 4
"""Rerankers that are compared at once; the first stage's order stands beside them."""

Ranks = tuple[int | None, ...]
"""Places from 1, by the candidate's position in the first stage's order; None where not known."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one reranker said of each candidate, by its position; None where it has not been read.

    `error` says why the reranker gave no more.
    """

    reranker: str
    kind: ScoreKind | None
    scores: tuple[RerankScore | None, ...]
    error: str | None = None

    @property
    def scored(self) -> int:
        """How many candidates have been read."""
        return sum(score is not None for score in self.scores)

    @property
    def is_whole(self) -> bool:
        """Whether every candidate has been read."""
        return None not in self.scores

    @property
    def ranks(self) -> Ranks:
        """Places among the candidates read so far; equal scores keep the first stage's order."""
        raws = [(-score.raw, at) for at, score in enumerate(self.scores) if score is not None]
        place = {at: rank for rank, (_, at) in enumerate(sorted(raws), start=1)}
        return tuple(place.get(at) for at in range(len(self.scores)))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike two whole orders are.

    `tau` is Kendall's tau in [-1, 1], `rbo` the extrapolated rank-biased overlap in [0, 1], which
    weighs the top most. `one` and `other` name rerankers, None the first stage.
    """

    one: str | None
    other: str | None
    tau: float
    rbo: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is known so far. `doing` names the reranker that is at work, None at the end."""

    source: CandidateSource
    candidates: tuple[Candidate, ...]
    columns: tuple[Column, ...]
    agreements: tuple[Agreement, ...] = ()
    doing: str | None = None

    @property
    def first_ranks(self) -> Ranks:
        """The places of the first stage's order."""
        return tuple(candidate.rank for candidate in self.candidates)

    def column(self, reranker: str) -> Column | None:
        """The column of this reranker, None where it has none."""
        return next((each for each in self.columns if each.reranker == reranker), None)

    def with_column(self, column: Column) -> Comparison:
        """With this in place of the column of the same reranker."""
        columns = (column if each.reranker == column.reranker else each for each in self.columns)
        return replace(self, columns=tuple(columns))

    def agreement(self, one: str | None, other: str | None) -> Agreement | None:
        """How alike two orders are, None where one of them is not whole."""
        pair = {one, other}
        return next((each for each in self.agreements if {each.one, each.other} == pair), None)


def spread(ranks: Sequence[int | None]) -> float:
    """How much the places given to one passage differ: the worst divided by the best, from 1.

    A quotient, since the top is what people read: 1st against 10th (10) is a graver dispute than
    40th against 50th (1.25). Places not known have no say; fewer than two known give 1.
    """
    known = [rank for rank in ranks if rank is not None]
    return max(known) / min(known) if known else 1.0
