"""How near one runtime's numbers are to another's, in what people see of them.

In: the scores or vectors of both for the same texts. Out: an `Agreement`. Does not know which
runtimes they are of.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.tuning import Agreement
from docsearch.explain.agreement import rank_biased_overlap
from docsearch.tuning.sample import SampleQuery

TOP = 10

Numbers = NDArray[np.float32]


def scores_agree(
    queries: Sequence[SampleQuery], reference: Sequence[Numbers], other: Sequence[Numbers]
) -> Agreement:
    """Of two models' scores: one array a query, a number for each of its candidates."""
    overlaps, changes = [], []
    for query, expected, found in zip(queries, reference, other, strict=True):
        first, second = best_first(expected), best_first(found)
        overlaps.append(rank_biased_overlap(first[:TOP], second[:TOP]))
        changes.append(_ndcg_of(query, second) - _ndcg_of(query, first))
    return Agreement(float(np.mean(overlaps)), float(np.mean(changes)))


def least_cosine(reference: Sequence[Numbers], other: Sequence[Numbers]) -> float:
    """Of two bi-encoders' unit vectors for the same texts: arrays of a row for each text."""
    cosines = [(one * two).sum(axis=1).min() for one, two in zip(reference, other, strict=True)]
    return float(min(cosines))


def best_first(scores: Numbers) -> list[int]:
    """Places by falling score; equal ones stay as they stood."""
    return [int(place) for place in np.argsort(-scores, kind="stable")]


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], top: int = TOP) -> float:
    """NDCG at `top` of a ranking of documents, each named once; 0 where none is relevant.

    The grade itself is the gain and log2(rank + 1) the discount, as trec_eval has it after
    Jarvelin and Kekalainen, "Cumulated gain-based evaluation of IR techniques" (ACM TOIS 20:4,
    2002). What has no grade counts as 0.
    """
    ideal = _gained(sorted(grades.values(), reverse=True)[:top])
    found = _gained([grades.get(document, 0) for document in ranking[:top]])
    return found / ideal if ideal else 0.0


def _gained(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _ndcg_of(query: SampleQuery, order: Sequence[int]) -> float:
    """A document stands where its best passage stands."""
    documents = dict.fromkeys(query.candidates[place].document for place in order)
    return ndcg(tuple(documents), query.grades)
