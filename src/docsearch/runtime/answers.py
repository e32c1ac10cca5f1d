"""What the first stage and a reranker said of one query's candidates, as bare numbers.

In: a first stage's result, and scores. Out: `Answer`, and the rankings that any fusion makes of
it. Does not know the texts, so that thousands of queries fit in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from docsearch.domain.fusion import Fusion
from docsearch.search.order import best_first


@dataclass(frozen=True, slots=True)
class Answer:
    """One query's candidates in the first stage's order: ids, scores, and modification times.

    `documents` are ids as the judgments have them, and may repeat: several passages of one file.
    `raw` are the reranker's scores, empty where there was none. `seconds` are those of the whole
    search, None where the scores were known and their time was not.
    """

    documents: tuple[str, ...]
    first: tuple[float, ...]
    written: tuple[float, ...]
    raw: tuple[float, ...] = ()
    seconds: float | None = None

    def of_first(self, candidates: int) -> Answer:
        """The same with so many candidates at most; what that saves of the time is in proportion.

        For one source alone: where two rankings are joined, the depth tells on the sums.
        """
        if candidates >= len(self.documents):
            return self
        share = candidates / len(self.documents)
        return replace(
            self,
            documents=self.documents[:candidates],
            first=self.first[:candidates],
            written=self.written[:candidates],
            raw=self.raw[:candidates],
            seconds=None if self.seconds is None else self.seconds * share,
        )

    def ranking(self, fusion: Fusion | None, now: float) -> list[str]:
        """Documents best first, each by its best passage; None is the first stage's own order."""
        if fusion is None or not self.raw:
            return list(dict.fromkeys(self.documents))
        places = best_first(self.raw, self.first, self.written, fusion, now)
        return list(dict.fromkeys(self.documents[place] for place in places))


Answers = Mapping[str, Answer]
"""By query id."""


def rankings(answers: Answers, fusion: Fusion | None, now: float) -> dict[str, Sequence[str]]:
    """The ranking of every query."""
    return {query: answer.ranking(fusion, now) for query, answer in answers.items()}
