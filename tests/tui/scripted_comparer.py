"""A comparer that says what it is told to, when it is told to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event

from docsearch.domain.comparison import Agreement, Column, Comparison
from docsearch.domain.errors import DocsearchError
from docsearch.domain.model import ScoreKind
from docsearch.domain.ranking import Candidate, RerankScore, SearchResult

RAWS = {
    "ms-marco-MiniLM-L6-v2": (-3.9, -2.4, -6.9, -7.8, -0.8, -5.8, 6.6, -3.2, 1.8, -8.5, 0.5, 1.2),
    "ms-marco-MiniLM-L12-v2": (-1.1, -4.5, -8.8, 3.1, -0.2, -6.1, 7.9, -2.2, 6.3, -9.1, -3.3, 0.4),
}
"""What each gives the twelve passages of the samples; any other likes the last one best."""


class ScriptedComparer:
    """`asked` records which rerankers were to be compared, `left` which comparisons were closed.

    `until` holds each reranker back after so many of its passages; it goes on when `go_on` is set.
    `faults` are the errors of rerankers, given after those passages.
    """

    def __init__(self, go_on: Event) -> None:
        self.go_on = go_on
        self.until: dict[str, int] = {}
        self.faults: dict[str, str] = {}
        self.error: DocsearchError | None = None
        self.asked: list[tuple[str, ...]] = []
        self.left: list[tuple[str, ...]] = []
        self.was_left = Event()

    def compare(self, result: SearchResult, rerankers: Sequence[str]) -> Iterator[Comparison]:
        self.asked.append(tuple(rerankers))
        if self.error is not None:
            raise self.error
        candidates = tuple(
            Candidate(hit.passage, hit.before_rank, hit.before_score) for hit in result.before
        )
        unread = (None,) * len(candidates)
        columns = tuple(Column(name, ScoreKind.LOGIT, unread) for name in rerankers)
        comparison = Comparison(result.source, candidates, columns)
        try:
            for column in columns:
                comparison = replace(comparison, doing=column.reranker)
                yield comparison
                for snapshot in self._filled(comparison, column):
                    comparison = snapshot
                    yield comparison
            yield replace(comparison, doing=None)
        except GeneratorExit:
            self.left.append(tuple(rerankers))
            self.was_left.set()
            raise

    def _filled(self, comparison: Comparison, column: Column) -> Iterator[Comparison]:
        name, total = column.reranker, len(column.scores)
        raws = RAWS.get(name, tuple(float(at) for at in range(total)))
        for read in (total // 3, 2 * total // 3, total):
            if read > self.until.get(name, total):
                self.go_on.wait(30)
            if name in self.faults and read == total:
                yield comparison.with_column(replace(column, error=self.faults[name]))
                return
            scores = [RerankScore(raw, 0.5) for raw in raws[:read]]
            column = replace(column, scores=(*scores, *(None,) * (total - read)))
            yield comparison.with_column(column)
        comparison = comparison.with_column(column)
        others: list[str | None] = [None, *(each.reranker for each in comparison.columns)]
        fresh = tuple(Agreement(other, name, 0.42, 0.61) for other in others[: others.index(name)])
        yield replace(comparison, agreements=(*comparison.agreements, *fresh))
