"""One query's figures before and after reranking, while its results are being judged.

In: the two orders of one result, and the grades so far. Out: each measure of both, and how much of
their tops is judged. Does not know whose grades these are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docsearch.evaluation.metrics import TOP, Ranking, Scorer, condensed
from docsearch.evaluation.verdict import thin_judgments

_QUERY = "q"


@dataclass(frozen=True, slots=True)
class Live:
    """Each measure's value (before, after) by its name.

    `judged` of the `shown` documents that stand in either top ten have a grade; `warning` is told
    where those are too few.
    """

    measures: Mapping[str, tuple[float, float]]
    judged: int
    shown: int
    warning: str | None = None


def live(
    before: Ranking, after: Ranking, grades: Mapping[str, int], *, condense: bool = False
) -> Live | None:
    """The figures; None while nothing relevant is judged, since then every order is as good.

    With `condense`, documents without a grade are left out of both orders.
    """
    if max(grades.values(), default=0) < 1:
        return None
    graded = {_QUERY: grades}
    scorer = Scorer(graded)
    one, other = (
        scorer.values(condensed(each, graded) if condense else each)
        for each in ({_QUERY: before}, {_QUERY: after})
    )
    seen = dict.fromkeys([*before[:TOP], *after[:TOP]])
    judged = sum(each in grades for each in seen)
    warning = None if condense else thin_judgments(judged, len(seen))
    measures = {name: (float(one[name][0]), float(other[name][0])) for name in one}
    return Live(measures, judged, len(seen), warning)
