"""The models and the index as explaining uses them: behind every query, batch by batch.

In: a finished result, or words to search for. Out: scores, orders and passages around it. Does not
know what they are to explain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from time import time

from docsearch.domain.document import Chunk
from docsearch.domain.fusion import Fusion
from docsearch.domain.model import ScoreKind
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import (
    Candidate,
    RankedHit,
    RerankScore,
    SearchEvent,
    SearchResult,
)
from docsearch.domain.settings import Settings
from docsearch.explain.top import Order
from docsearch.ports import Embedder, Models, Reranker, ScoreCache
from docsearch.search.order import order
from docsearch.search.pipeline import SearchPipeline
from docsearch.search.query_syntax import parse
from docsearch.search.rerank import rerank
from docsearch.search.retrieve import order_beyond
from docsearch.serving.inference import Priority
from docsearch.serving.parts import Parts
from docsearch.serving.rerankers import ServedRerankers
from docsearch.storage.library import Library

DRAW_SEED = 0
"""One draw for all: the same question about the same index gets the same answer."""


class Explaining:
    """What every explanation is made with; any thread may call.

    `embedder` is served at the priority of explaining; `opened` blocks until the index is open.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        models: Models,
        embedder: Embedder,
        rerankers: ServedRerankers,
        opened: Callable[[], Parts],
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.models = models
        self.embedder = embedder
        self._rerankers = rerankers
        self._opened = opened

    @property
    def library(self) -> Library:
        """The index."""
        return self._opened().library

    @property
    def cache(self) -> ScoreCache:
        """The scores that are known."""
        return self._opened().scores

    @property
    def times(self) -> Path:
        """Where the times of rerankings are kept."""
        return self._opened().times

    def reranker(self, name: str) -> tuple[Reranker | None, str | None]:
        """The one of this name; or None, and why there is none. Raises ModelError."""
        return self._rerankers.at(Priority.EXPLAINING, name)

    def reranker_of(self, result: SearchResult) -> Reranker | None:
        """The one that made this result, None where there was none."""
        return self._rerankers.at(Priority.EXPLAINING, result.reranker)[0]

    def kind_of(self, result: SearchResult) -> ScoreKind | None:
        """What the raw scores of this result are; None where there are none."""
        name = result.reranker
        return None if name is None else self.models.state(name).description.score

    def local_reranker_of(self, result: SearchResult) -> Reranker | None:
        """The same, and None for a service: to explain would send it hundreds of texts unasked."""
        name = result.reranker
        if name is None or self.models.state(name).description.hosted:
            return None
        return self.reranker_of(result)

    def search(
        self,
        typed: str,
        source: CandidateSource,
        candidates: int,
        reranker: str | None,
        fusion: Fusion,
        cache: ScoreCache,
    ) -> Iterator[SearchEvent]:
        """A search like the engine's own, that lets every other go first."""
        chosen, notice = self._rerankers.at(Priority.EXPLAINING, reranker)
        pipeline = SearchPipeline(self.embedder, self.library, cache)
        return pipeline.search(parse(typed), source, candidates, chosen, notice, fusion)

    def ask(self, query: Query, source: CandidateSource, candidates: int) -> Iterator[SearchEvent]:
        """The first stage alone, for a query that has been taken apart already."""
        pipeline = SearchPipeline(self.embedder, self.library, self.cache)
        return pipeline.search(query, source, candidates, None)

    def first_stage(self, result: SearchResult, most: int) -> list[tuple[int, float]]:
        """The first stage's order of (chunk id, score), the result's candidates and what follows.

        `most` is how many at most there are in all.
        """
        held = max(1, len(result.hits))
        query, source = result.query, result.source
        return order_beyond(query, source, held, most, self.embedder, self.library)

    def scores(
        self, result: SearchResult, chunks: Sequence[Chunk]
    ) -> Iterator[Mapping[int, RerankScore]]:
        """Scores of the result's reranker by position, the known ones at once, then by batches."""
        reranker = self.reranker_of(result)
        if reranker is not None:
            for batch in rerank(result.query.words, chunks, reranker, self.cache):
                yield batch.scores

    def draw(self, count: int, unlike: str) -> list[Chunk]:
        """So many chunks of the index at random, all there are where they are fewer.

        Those whose text is `unlike` are left out: a passage is not compared with itself.
        """
        library = self.library
        ids = library.chunk_ids()
        Random(DRAW_SEED).shuffle(ids)  # noqa: S311 - no secret
        drawn: list[Chunk] = []
        for at in range(0, len(ids), count):
            chunks = (each.chunk for each in library.chunks(ids[at : at + count]))
            drawn += [each for each in chunks if each.text != unlike]
            if len(drawn) >= count:
                break
        return drawn[:count]


def order_of(result: SearchResult) -> Order:
    """How any reranked hits would be ranked in this result; its voices are weighed anew."""
    now = time()

    def ranked(hits: Sequence[RankedHit]) -> Sequence[RankedHit]:
        by_rank = sorted(hits, key=lambda hit: hit.before_rank)
        candidates = [Candidate(hit.passage, hit.before_rank, hit.before_score) for hit in by_rank]
        scores = {at: hit.rerank for at, hit in enumerate(by_rank) if hit.rerank is not None}
        return order(candidates, scores, result.fusion, now)

    return ranked
