"""Hits and results made of a few words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from docsearch.domain.document import Chunk, StoredChunk
from docsearch.domain.explanation import Span
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.explain.scoring import Measuring
from docsearch.ports import Reranker

T = TypeVar("T")


def hit(text: str, rank: int = 1) -> RankedHit:
    chunk = Chunk(0, 0, len(text), text, len(text.split()) + 2)
    return RankedHit(StoredChunk(rank, f"{rank}.md", chunk, None, 0), rank, 1 / rank)


def result(
    words: str,
    texts: Sequence[str],
    reranker: Reranker | None,
    source: CandidateSource = CandidateSource.DENSE,
) -> SearchResult:
    """Texts in the first stage's order; hits in the reranker's, where there is one."""
    before = [hit(text, rank) for rank, text in enumerate(texts, start=1)]
    query = Query(words, words)
    if reranker is None:
        return SearchResult(query, source, None, tuple(before))
    scores = reranker.score(words, texts)
    order = sorted(range(len(texts)), key=lambda at: -scores[at].raw)
    hits = [
        RankedHit(before[at].passage, at + 1, before[at].before_score, place, scores[at])
        for place, at in enumerate(order, start=1)
    ]
    return SearchResult(query, source, reranker.name, tuple(hits))


def sentences(text: str) -> list[Span]:
    """What stands between full stops."""
    return [match.span() for match in re.finditer(r"[^\s.][^.]*\.?", text)]


def finished(measuring: Measuring[T]) -> T:
    """What is measured, once it is."""
    while True:
        try:
            next(measuring)
        except StopIteration as end:
            found: T = end.value
            return found
