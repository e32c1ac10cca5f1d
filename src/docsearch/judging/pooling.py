"""The passages of a query that are worth judging: the tops of every order that is to be compared.

In: a query, a source, rerankers. Out: progress, and at last a `Pool`. What a judge reads first must
not hang on who ranked it first: the order is that of a hash of query and text, the same each time,
so that judging can go on later. Everything blocks, behind every query that is searched; to close an
iterator is to cancel. Raises DocsearchError. Does not know who judges.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from time import time

from docsearch.domain.benchmark import Step
from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError
from docsearch.domain.fusion import Fusion
from docsearch.domain.judgment import query_key
from docsearch.domain.pool import Pool
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Candidate, RerankScore
from docsearch.domain.safe_text import safe_line
from docsearch.judging.judging import Judging
from docsearch.search.order import order
from docsearch.search.query_syntax import parse
from docsearch.search.rerank import rerank
from docsearch.serving.explaining import Explaining

DEPTH = 10
"""So many of each order are pooled: what NDCG@10 looks at."""


class Pooling:
    """May be asked from any thread.

    `fusion_with` says how a reranker's order is made, `usual` which are pooled where none is named;
    `wait_until_ready` blocks until the index has caught up with the folder.
    """

    def __init__(
        self,
        explaining: Explaining,
        judging: Judging,
        fusion_with: Callable[[str | None], Fusion],
        usual: Callable[[], Sequence[str]],
        wait_until_ready: Callable[[], None],
    ) -> None:
        self._explaining = explaining
        self._judging = judging
        self._fusion_with = fusion_with
        self._usual = usual
        self._wait_until_ready = wait_until_ready

    def pool(
        self, typed: str, source: CandidateSource, rerankers: Sequence[str] | None = None
    ) -> Iterator[Step | Pool]:
        """The top 10 of the first stage and of each reranker's order as it is shown.

        None is every reranker on this machine. One that cannot be used, or fails, is left out and
        told.
        """
        self._wait_until_ready()
        explaining = self._explaining
        *_, last = explaining.ask(parse(typed), source, explaining.settings.candidates)
        words = last.result.query.words
        candidates = [
            Candidate(hit.passage, hit.before_rank, hit.before_score) for hit in last.result.before
        ]
        pooled = [each.passage for each in candidates[:DEPTH]]
        notices = []
        names = self._usual() if rerankers is None else rerankers
        for name in names if words.strip() else ():
            what = safe_line(name)
            scores: dict[int, RerankScore] = {}
            yield Step(what, 0, len(candidates))
            try:
                model, told = explaining.reranker(name)
                if model is None:
                    notices.append(f"{what} left out: {told}")
                    continue
                # Of a service, that text leaves this machine.
                notices += [told] if told else []
                chunks = [each.passage.chunk for each in candidates]
                for batch in rerank(words, chunks, model, explaining.cache):
                    scores.update(batch.scores)
                    yield Step(what, len(scores), len(candidates))
                ranked = order(candidates, scores, self._fusion_with(name), time())
            except DocsearchError as error:
                notices.append(f"{what} left out: {error}")
                continue
            pooled += [hit.passage for hit in ranked[:DEPTH]]
        passages = _shuffled(typed, pooled)
        placed = self._judging.grades(typed, passages)
        yield Pool(typed, passages, placed, tuple(notices))


def _shuffled(typed: str, pooled: Sequence[StoredChunk]) -> tuple[StoredChunk, ...]:
    by_text = {each.chunk.content_hash: each for each in reversed(pooled)}
    query = query_key(typed).encode("utf-8", "surrogatepass")
    places = {each: hashlib.sha256(query + b"\0" + each).digest() for each in by_text}
    return tuple(by_text[each] for each in sorted(by_text, key=places.__getitem__))
