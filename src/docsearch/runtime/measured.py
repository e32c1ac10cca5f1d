"""What an evaluation measured: the figures, and all that other figures can be made of.

In: nothing. Out: `Measured`. Does not know how it was measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docsearch.domain.evaluation import Evaluation
from docsearch.domain.judgment import Judged
from docsearch.domain.query import CandidateSource
from docsearch.runtime.answers import Answers

Key = tuple[CandidateSource, str | None]
"""A source and a reranker, None for the first stage alone."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found, and what it was found from.

    `runs` are the rankings of each row of `evaluation`, in its order; `answers` by source and
    reranker, None for the first stage alone; `now` is the moment that recency was reckoned from.
    """

    evaluation: Evaluation
    judged: Judged
    runs: tuple[Mapping[str, Sequence[str]], ...]
    answers: Mapping[Key, Answers]
    now: float
