"""What the next source or reranker is when a key goes through them, and which has which digit.

In: what is in force, and what there is. Out: the one to use. Does not know which key it was.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.model import ModelState
from docsearch.domain.query import CandidateSource


def next_source(current: CandidateSource) -> CandidateSource:
    """Dense, BM25, hybrid, and round again."""
    sources = list(CandidateSource)
    return sources[(sources.index(current) + 1) % len(sources)]


def numbered(states: Sequence[ModelState]) -> dict[int, str | None]:
    """The reranker of each digit: none for 0, and from 1 those on this machine, in their order."""
    here = [state.description.name for state in states if state.is_here]
    return {0: None, **dict(enumerate(here[:9], start=1))}


def is_service(name: str | None, states: Sequence[ModelState]) -> bool:
    """Whether text leaves this machine for the reranker of this name."""
    return any(state.description.name == name for state in states if state.description.hosted)


def next_reranker(current: str | None, states: Sequence[ModelState]) -> str | None:
    """The next reranker that is on this machine; after the last one none, then the first again.

    A service is never next: text leaves this machine only for one that was named.
    """
    names: list[str | None] = [state.description.name for state in states if state.is_here]
    names.append(None)
    at = names.index(current) if current in names else len(names) - 1
    return names[(at + 1) % len(names)]
