"""A cross-encoder that is timed while it works.

In: a loaded `Reranker`, and where to tell the time. Out: the same `Reranker`. Does not know what
becomes of the measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

from docsearch.domain.explanation import Reading
from docsearch.domain.ranking import RerankScore
from docsearch.domain.speed import Speed
from docsearch.ports import PairWindows, Reranker, Vocabulary

Record = Callable[[str, str, Speed], None]
"""Called with the reranker's name, its fingerprint, and a batch."""


class TimedReranker:
    """Batches of passages that were planned are timed, as those of every reranking are.

    What is scored without a plan (sentences of a passage, say) is not like a passage, and would
    tell another speed.
    """

    def __init__(
        self, reranker: Reranker, record: Record, clock: Callable[[], float] = perf_counter
    ) -> None:
        self.name = reranker.name
        self.fingerprint = reranker.fingerprint
        self.batch_tokens = reranker.batch_tokens
        self._reranker = reranker
        self._record = record
        self._clock = clock
        self._planned: tuple[str, dict[str, int]] = ("", {})

    def characters_read(self, query: str) -> int:
        """How much of the query is read."""
        return self._reranker.characters_read(query)

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words are known."""
        return self._reranker.vocabulary(text)

    def plan(self, query: str, passages: Sequence[str]) -> list[PairWindows]:
        """How the pairs will be read; remembered until the next plan."""
        plans = self._reranker.plan(query, passages)
        tokens = (sum(plan.token_counts) for plan in plans)
        self._planned = query, dict(zip(passages, tokens, strict=True))
        return plans

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        """One batch of pairs, timed where it was planned."""
        planned_query, tokens = self._planned
        begun = self._clock()
        scores = self._reranker.score(query, passages)
        seconds = self._clock() - begun
        planned = query == planned_query and all(each in tokens for each in passages)
        if planned and passages and seconds > 0:
            read = sum(tokens[each] for each in passages)
            self._record(self.name, self.fingerprint, Speed(len(passages), read, seconds))
        return scores

    def read(self, query: str, passage: str) -> Reading:
        """What is read of one pair."""
        return self._reranker.read(query, passage)

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """One batch of pairs in half precision."""
        return self._reranker.rough_scores(query, passages)
