"""Models that read a heading above each passage, so that what is measured is of the text alone.

In: a model, and what it reads above a text (`Chunk.above`). Out: the model as a function of the
text: a variant without some words keeps its heading, and every span is one of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docsearch.domain.explanation import Attribution, Effect, Reading
from docsearch.domain.ranking import RerankScore
from docsearch.ports import Embedder, PairWindows, Reranker, Vocabulary


class RerankerUnder:
    """The port Reranker over texts that stand under one heading."""

    def __init__(self, reranker: Reranker, above: str) -> None:
        self._reranker = reranker
        self._above = above

    @property
    def name(self) -> str:
        """The model's own."""
        return self._reranker.name

    @property
    def fingerprint(self) -> str:
        """The model's own."""
        return self._reranker.fingerprint

    @property
    def batch_tokens(self) -> int:
        """The model's own."""
        return self._reranker.batch_tokens

    def characters_read(self, query: str) -> int:
        """The model's own."""
        return self._reranker.characters_read(query)

    def vocabulary(self, text: str) -> Vocabulary:
        """The model's own."""
        return self._reranker.vocabulary(text)

    def plan(self, query: str, passages: Sequence[str]) -> list[PairWindows]:
        """With the heading in them."""
        return self._reranker.plan(query, self._whole(passages))

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        """With the heading above each."""
        return self._reranker.score(query, self._whole(passages))

    def read(self, query: str, passage: str) -> Reading:
        """With the heading's tokens counted as the passage's."""
        return self._reranker.read(query, self._above + passage)

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """With the heading above each."""
        return self._reranker.rough_scores(query, self._whole(passages))

    def _whole(self, passages: Sequence[str]) -> list[str]:
        return [self._above + each for each in passages]


def reranker_under(above: str, reranker: Reranker) -> Reranker:
    """The reranker for texts with this above them; itself where there is nothing."""
    return RerankerUnder(reranker, above) if above else reranker


def split_under(above: str, embedder: Embedder, question: str, text: str) -> Attribution:
    """The cosine word by word of the text; what the heading's words add is in `rest`.

    Raises ModelError.
    """
    found = embedder.split(question, above + text)
    if not above:
        return found
    shift = len(above)
    named = [each for each in found.effects if each.span[0] < shift]
    effects = [
        Effect((each.span[0] - shift, each.span[1] - shift), each.effect)
        for each in found.effects
        if each.span[0] >= shift
    ]
    return replace(
        found,
        effects=tuple(effects),
        pieces=found.pieces - len(named),
        rest=found.rest + sum(each.effect for each in named),
    )
