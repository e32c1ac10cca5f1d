"""One query's figures before and after reranking, while its results are being judged.

In: the two orders of one result, and the grades so far. Out: each measure of both, and how much of
their tops is judged. Does not know whose grades these are.
"""

from __future__ import annotations

from collections.abc import Mapping

from docsearch.domain.judged_result import Live
from docsearch.evaluation.metrics import Ranking, Scorer, condensed, judged_in_tops
from docsearch.evaluation.verdict import thin_judgments

_QUERY = "q"


def live(
    before: Ranking,
    after: Ranking,
    grades: Mapping[str, int],
    *,
    condense: bool = False,
    gone: int = 0,
) -> Live:
    """The figures; no measure while nothing relevant is judged, since every order is as good then.

    With `condense`, documents without a grade are left out of both orders. `gone` is handed on.
    """
    graded = {_QUERY: grades}
    judged, shown = judged_in_tops([{_QUERY: before}, {_QUERY: after}], graded)
    warning = None if condense else thin_judgments(judged, shown)
    if max(grades.values(), default=0) < 1:
        return Live({}, judged, shown, warning, gone)
    scorer = Scorer(graded)
    one, other = (
        scorer.values(condensed(each, graded) if condense else each)
        for each in ({_QUERY: before}, {_QUERY: after})
    )
    measures = {name: (float(one[name][0]), float(other[name][0])) for name in one}
    return Live(measures, judged, shown, warning, gone)
