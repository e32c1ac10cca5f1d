"""Several rerankers over the candidates of one search, one after another, in batches.

In: a search result and the rerankers' names. Out: growing `Comparison`s. A reranker that cannot be
used, or fails half way, keeps what it gave and says why; the others go on. Close the iterator to
cancel: no further batch is begun, and what was scored stays in the cache. Does not know who looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from docsearch.domain.comparison import Column, Comparison
from docsearch.domain.errors import DocsearchError, ModelError
from docsearch.domain.ranking import Candidate, RerankScore, SearchResult
from docsearch.explain.side_by_side import agreements
from docsearch.ports import Models, ScoreCache
from docsearch.search.rerank import rerank
from docsearch.serving.inference import Priority
from docsearch.serving.rerankers import ServedRerankers


class Comparer:
    """May be asked from any thread; `cache` blocks until the index is open."""

    def __init__(
        self, models: Models, rerankers: ServedRerankers, cache: Callable[[], ScoreCache]
    ) -> None:
        self._models = models
        self._rerankers = rerankers
        self._cache = cache

    def compare(self, result: SearchResult, rerankers: Sequence[str]) -> Iterator[Comparison]:
        """A snapshot before each reranker begins, after each batch, and at the end.

        The candidates are the result's own, and every reranker reads them at the priority of
        explaining. Raises DocsearchError where the index cannot be opened; what befalls one
        reranker is told in its column.
        """
        cache = self._cache()
        candidates = tuple(
            Candidate(hit.passage, hit.before_rank, hit.before_score) for hit in result.before
        )
        unread: tuple[RerankScore | None, ...] = (None,) * len(candidates)
        columns = tuple(Column(name, None, unread) for name in dict.fromkeys(rerankers))
        comparison = Comparison(result.source, candidates, columns)
        for empty in columns:
            comparison = replace(comparison, doing=empty.reranker)
            yield comparison
            column = empty
            try:
                for column in self._read(empty, result.query.words, candidates, cache):
                    comparison = comparison.with_column(column)
                    yield comparison
            except DocsearchError as error:
                comparison = comparison.with_column(replace(column, error=str(error)))
            comparison = replace(comparison, agreements=agreements(comparison))
        yield replace(comparison, doing=None)

    def _read(
        self, column: Column, words: str, candidates: Sequence[Candidate], cache: ScoreCache
    ) -> Iterator[Column]:
        """The column as it fills, empty first. Raises ModelError."""
        column = replace(column, kind=self._models.state(column.reranker).description.score)
        yield column
        reranker, why_not = self._rerankers.at(Priority.EXPLAINING, column.reranker)
        if reranker is None:
            raise ModelError(why_not or "reranker: off")
        scores = list(column.scores)
        for batch in rerank(words, [each.passage.chunk for each in candidates], reranker, cache):
            for at, score in batch.scores.items():
                scores[at] = score
            column = replace(column, scores=tuple(scores))
            yield column
