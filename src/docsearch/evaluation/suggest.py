"""Which of many settings to propose, and what they gain on queries that had no say in the choice.

In: the value of every query under every option. Out: the option that is best over all queries, and
the gain of choosing in this way, by cross-validation: the option is chosen on some of the queries
and measured on the others, so that a lucky one among many does not look better than it is. Does not
know what an option is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from docsearch.domain.errors import EvaluationError
from docsearch.domain.evaluation import Finding, Paired
from docsearch.domain.wording import plural
from docsearch.evaluation.statistics import SAME, SEED, Matrix, Values, finding, paired

FOLDS = 2
"""Halves. With five folds the choices share most of their queries, so that the gains of held-out
ones hang together, and what is no better was found to help in 8% of made-up cases at a level of 5%;
with halves, dealt ten times, in 4%."""

REPEATS = 10
"""So often the queries are dealt out anew, so that one deal's luck counts little."""

LEAST_QUERIES = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """The option to propose, by its place, and its worth.

    `held_out` is the gain over the present option on queries that were held out; `agreed` is the
    share of choices that fell on `best`.
    """

    best: int
    held_out: Paired
    found: Finding
    agreed: float
    folds: int
    repeats: int


def choose(values: Matrix, present: int, costs: Sequence[float], seed: int = SEED) -> Choice:
    """The choice among the columns of `values`; of equally good ones the one of least cost.

    `present` is the column of the settings in force. Raises EvaluationError for too few queries.
    """
    queries = len(values)
    require_enough(queries)
    order = np.argsort(np.array(costs), kind="stable")
    draw = np.random.default_rng(seed)
    best = _best(values, order)
    held_out = np.zeros(queries)
    agreed = 0
    for _ in range(REPEATS):
        dealt = draw.permutation(queries) % FOLDS
        for fold in range(FOLDS):
            inside = dealt == fold
            chosen = _best(values[~inside], order)
            agreed += chosen == best
            held_out[inside] += values[inside, chosen]
    compared = _against(held_out / REPEATS, values[:, present])
    return Choice(best, compared, finding(compared), agreed / (FOLDS * REPEATS), FOLDS, REPEATS)


def require_enough(queries: int) -> None:
    """Raise EvaluationError where so few judged queries allow no choice."""
    if queries < LEAST_QUERIES:
        told = plural(queries, "judged query is", "judged queries are")
        raise EvaluationError(
            f"{told} too few to choose settings by; at least {LEAST_QUERIES} are needed: judge "
            "more with `docsearch judge`, or go without --suggest."
        )


def _best(values: Matrix, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> int:
    """The column with the highest mean, the first in `order` of those that are equal."""
    means = values.mean(axis=0)
    equal = means >= means.max() - SAME
    return int(next(at for at in order if equal[at]))


def _against(after: Values, before: Values) -> Paired:
    (compared,) = paired(after[:, None], before[:, None])
    return compared
