"""Answers whose order several voices make, and rerankers whose order is made so by default."""

from __future__ import annotations

from dataclasses import replace

from docsearch.domain.fusion import Fusion
from docsearch.domain.ranking import SearchEvent
from docsearch.search.order import reordered
from tests.tui import samples

USUAL = Fusion(first_stage=0.5)

MODELS = tuple(
    replace(state, description=replace(state.description, first_stage_weight=USUAL.first_stage))
    for state in samples.MODELS
)


def events(query: str = samples.QUERY) -> list[SearchEvent]:
    """A whole search, in three batches."""
    return [
        replace(event, result=reordered(event.result, USUAL, 0.0))
        for event in samples.events(query)
    ]
