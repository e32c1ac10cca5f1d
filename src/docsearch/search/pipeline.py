"""The QUERY path on one page: retrieve, then rerank, told as a stream of events.

In: a parsed query, the candidates' source and a reranker. Out: `Retrieved`, then `Reranked` as
batches finish, then `Finished`. Close the generator to cancel: no further batch is begun. Does not
know who listens, nor which models and stores stand behind the ports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import perf_counter, time

from docsearch.domain.errors import DocsearchError, ModelError
from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import (
    Candidate,
    Finished,
    RankedHit,
    Reranked,
    RerankScore,
    Retrieved,
    SearchEvent,
    SearchResult,
    StageTimings,
)
from docsearch.domain.wording import plural
from docsearch.ports import Embedder, Reranker, ScoreCache
from docsearch.search.order import order
from docsearch.search.rerank import rerank
from docsearch.search.retrieve import Library, reads, retrieve

QUERY_CHARACTERS = 1000
"""Longest query that is read: the models' windows hold little more, and must hold the passage."""

QUERY_CUT = f"only the first {QUERY_CHARACTERS:,} characters of the query are read"
ALONE = Fusion()
TOP = 10
NOTHING_ASKED = "the query is empty"
RERANKER_LOST = "It knows none of these words, so the first stage's order stands"
PASSAGES_LOST = "the reranker knows no word of {}, so they stand behind the others"
RERANKER_CUT = "the reranker reads only the first {:,} characters of the query"


class SearchPipeline:
    """Holds no state of its own: searches may run side by side as far as the ports allow."""

    def __init__(self, embedder: Embedder, library: Library, cache: ScoreCache) -> None:
        self._embedder = embedder
        self._library = library
        self._cache = cache

    def search(
        self,
        query: Query,
        source: CandidateSource,
        candidates: int,
        reranker: Reranker | None,
        reranker_notice: str | None = None,
        fusion: Fusion = ALONE,
    ) -> Iterator[SearchEvent]:
        """The events of one search over at most `candidates` passages.

        `fusion` makes the order from the reranker's scores. `reranker_notice` says why there is no
        reranker. A reranker that fails, at the start or half way, takes nothing with it: the search
        ends in the first stage's order with a notice. Raises DocsearchError when the first stage
        fails.
        """
        started = perf_counter()
        query, cut = _shortened(query)
        if not query.words and not query.filters:
            nothing = SearchResult(query, source, None, notice=NOTHING_ASKED)
            yield Retrieved(nothing)
            yield Finished(nothing)
            return
        found = retrieve(query, source, candidates, self._embedder, self._library)
        if not query.words:
            reranker = reranker_notice = None
        hits = order(found.candidates, {}, fusion, 0.0)
        elapsed = perf_counter() - started
        first = SearchResult(
            query,
            found.source,
            reranker.name if reranker else None,
            hits,
            StageTimings(
                embed=found.embed,
                retrieve=found.retrieve,
                fetch=found.fetch,
                total=elapsed,
                first_list=elapsed,
                top_ten=elapsed,
            ),
            _join(reranker_notice, found.notice, cut),
            fusion,
        )
        yield Retrieved(first)
        last = first
        if reranker is not None:
            try:
                if not reads(reranker, query.words):
                    raise ModelError(RERANKER_LOST)
                for event in self._rerank(first, found.candidates, reranker, started):
                    last = event.result
                    yield event
            except DocsearchError as error:
                notice = _join(f"reranker: off. {error}", first.notice)
                last = replace(first, reranker=None, notice=notice)
        yield Finished(_clocked(last, started))

    def _rerank(
        self,
        result: SearchResult,
        candidates: tuple[Candidate, ...],
        reranker: Reranker,
        started: float,
    ) -> Iterator[Reranked]:
        words = result.query.words
        scores: dict[int, RerankScore] = {}
        now = time()
        whole = [each.passage.chunk for each in candidates]
        read_at = [at for at, each in enumerate(whole) if reads(reranker, each.reading)]
        passages = [whole[at] for at in read_at]
        if lost := len(candidates) - len(read_at):
            result = replace(
                result, notice=_join(result.notice, PASSAGES_LOST.format(plural(lost, "passage")))
            )
        resumed = perf_counter()
        read = reranker.characters_read(words)
        if read < len(words):
            result = replace(result, notice=_join(result.notice, RERANKER_CUT.format(read)))
        for batch in rerank(words, passages, reranker, self._cache):
            scores |= {read_at[at]: score for at, score in batch.scores.items()}
            so_far = result.timings
            timings = replace(
                so_far,
                rerank=so_far.rerank + perf_counter() - resumed,
                pairs=len(scores),
                cached_pairs=so_far.cached_pairs + batch.cached * len(batch.scores),
                windows=so_far.windows + batch.windows,
                batches=so_far.batches + (not batch.cached),
            )
            before = result.hits
            result = replace(
                result, hits=order(candidates, scores, result.fusion, now), timings=timings
            )
            result = _clocked(result, started)
            if _top(result.hits) != _top(before):
                timings = replace(result.timings, top_ten=result.timings.total)
                result = replace(result, timings=timings)
            yield Reranked(result, len(scores), len(passages))
            # What the listener does between two batches is not the reranker's time.
            resumed = perf_counter()


def _shortened(query: Query) -> tuple[Query, str | None]:
    if len(query.words) <= QUERY_CHARACTERS:
        return query, None
    kept = query.words[:QUERY_CHARACTERS]
    if not query.words[QUERY_CHARACTERS].isspace():
        kept = kept.rsplit(maxsplit=1)[0]
    return replace(query, words=kept), QUERY_CUT


def _top(hits: Sequence[RankedHit]) -> list[int]:
    return [hit.before_rank for hit in hits[:TOP]]


def _clocked(result: SearchResult, started: float) -> SearchResult:
    return replace(result, timings=replace(result.timings, total=perf_counter() - started))


def _join(*notices: str | None) -> str | None:
    return "; ".join(notice for notice in notices if notice) or None
