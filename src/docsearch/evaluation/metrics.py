"""NDCG@10, RR@10, R@50 and P@5 of rankings, as `ir-measures` computes them.

In: rankings and grades. Out: one value for each query and measure; how much of the tops is judged.
A document without a grade counts as not relevant; `condensed` leaves such out instead. Does not
know what made a ranking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.evaluation import MEASURES
from docsearch.domain.judgment import Grades

Ranking = Sequence[str]
"""Ids of documents, best first, each once."""

Rankings = Mapping[str, Ranking]
"""By query id; a query that has none found nothing."""

Values = NDArray[np.float64]
"""Shape (queries,), in the order of the grades."""

TOP = 10


class Scorer:
    """Holds the grades; every ranking is measured over all of their queries."""

    def __init__(self, grades: Grades, measures: Sequence[str] = MEASURES) -> None:
        import ir_measures

        self.queries = tuple(grades)
        parsed = {ir_measures.parse_measure(_theirs(name)): name for name in measures}
        plain = {query: dict(own) for query, own in grades.items()}
        self._names = parsed
        self._evaluator = ir_measures.evaluator(list(parsed), plain)
        self._place = {query: at for at, query in enumerate(self.queries)}

    def values(self, rankings: Rankings) -> dict[str, Values]:
        """Each measure's values, 0 for a query without a ranking."""
        values = {name: np.zeros(len(self.queries)) for name in self._names.values()}
        run = {query: scored(rankings[query]) for query in self.queries if query in rankings}
        for each in self._evaluator.iter_calc(run):
            values[self._names[each.measure]][self._place[each.query_id]] = each.value
        return values


def scored(ranking: Ranking) -> dict[str, float]:
    """Scores that fall from place to place: equal ones would be put in an order of their own."""
    return {document: float(len(ranking) - at) for at, document in enumerate(ranking)}


def condensed(rankings: Rankings, grades: Grades) -> dict[str, list[str]]:
    """The rankings without what has no grade.

    After Sakai, "Alternatives to Bpref" (SIGIR 2007): fairer to an order that was not there when
    people judged, and kinder to every order.
    """
    return {
        query: [each for each in ranking if each in grades.get(query, {})]
        for query, ranking in rankings.items()
    }


def judged_in_tops(orders: Sequence[Rankings], grades: Grades) -> tuple[int, int]:
    """How many documents in the top tens of these orders have a grade, and how many those are.

    Over the judged queries; of one query a document counts once, however many orders have it.
    """
    judged = shown = 0
    for query, own in grades.items():
        seen = {each for rankings in orders for each in rankings.get(query, ())[:TOP]}
        judged += sum(each in own for each in seen)
        shown += len(seen)
    return judged, shown


def _theirs(name: str) -> str:
    return name.replace("NDCG", "nDCG")
