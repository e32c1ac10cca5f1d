"""What an evaluation measured: the figures, and all that other figures can be made of.

In: nothing. Out: `Measured`. Does not know how it was measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from docsearch.domain.evaluation import Evaluation
from docsearch.domain.fusion import Fusion
from docsearch.domain.judgment import Judged
from docsearch.domain.query import CandidateSource
from docsearch.search.fuse import reciprocal_rank_fusion
from docsearch.search.order import best_first


@dataclass(frozen=True, slots=True)
class Answer:
    """One query's candidates in the first stage's order: ids, scores, and modification times.

    `documents` are ids as the judgments have them, and may repeat: several passages of one file.
    `chunks` are the candidates' own ids, by which two sources are joined.
    `raw` are the reranker's scores, empty where there was none. `seconds` are those of the whole
    search, None where the scores were known and their time was not.
    """

    documents: tuple[str, ...]
    first: tuple[float, ...]
    written: tuple[float, ...]
    raw: tuple[float, ...] = ()
    seconds: float | None = None
    chunks: tuple[int, ...] = ()

    def of_first(self, candidates: int) -> Answer:
        """The same with so many candidates at most; what that saves of the time is in proportion.

        For one source alone: where two rankings are joined, the depth tells on the sums (`joined`).
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
            chunks=self.chunks[:candidates],
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


def joined(hybrid: Answer, dense: Answer, bm25: Answer, candidates: int) -> Answer:
    """What the search from both sources would have found with so many candidates.

    Made of the same query's answers from each, with at least as many: every passage that it takes
    is in one of them. Of `hybrid` come the time and the answer to a query without words, which is
    the same from every source.
    """
    whole = hybrid.of_first(candidates)
    if candidates >= len(hybrid.documents) or not any(hybrid.first):
        return whole
    firsts = [each.of_first(candidates) for each in (dense, bm25)]
    places = {chunk: (each, at) for each in firsts for at, chunk in enumerate(each.chunks)}
    ranked = reciprocal_rank_fusion([each.chunks for each in firsts])[:candidates]
    taken = [places[chunk] for chunk, _ in ranked]
    return replace(
        whole,
        documents=tuple(each.documents[at] for each, at in taken),
        first=tuple(score for _, score in ranked),
        written=tuple(each.written[at] for each, at in taken),
        raw=tuple(each.raw[at] for each, at in taken if each.raw),
        chunks=tuple(chunk for chunk, _ in ranked),
    )


Key = tuple[CandidateSource, str | None]
"""A source and a reranker, None for the first stage alone."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found, and what it was found from.

    `runs` are the rankings of each row of `evaluation`, in its order; `answers` by source and
    reranker, None for the first stage alone; `now` is the moment that recency was reckoned from.
    """

    evaluation: Evaluation
    judged: Judged
    runs: tuple[Mapping[str, Sequence[str]], ...]
    answers: Mapping[Key, Answers]
    now: float
