"""What the next source or reranker is when a key goes through them.

In: what is in force, and what there is. Out: the next one. Does not know which key it was.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.model import Availability, ModelState
from docsearch.domain.query import CandidateSource


def next_source(current: CandidateSource) -> CandidateSource:
    """Dense, BM25, hybrid, and round again."""
    sources = list(CandidateSource)
    return sources[(sources.index(current) + 1) % len(sources)]


def next_reranker(current: str | None, states: Sequence[ModelState]) -> str | None:
    """The next reranker that is on this machine; after the last one none, then the first again."""
    names: list[str | None] = [
        state.description.name for state in states if state.availability is Availability.READY
    ]
    names.append(None)
    at = names.index(current) if current in names else len(names) - 1
    return names[(at + 1) % len(names)]
