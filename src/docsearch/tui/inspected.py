"""What the inspector is showing, and how each thing that happens changes it.

In: a result, keys, what has been measured. Out: the next `Inspected`, a frozen value. Knows no
widget and no thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Attribution, Inspection
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.tui.rendering.heat import Heat
from docsearch.tui.search_engine import InspectRequest
from docsearch.tui.selection import index_of, moved


@dataclass(frozen=True)
class Inspected:
    """One moment of the inspector.

    `hits` are those the arrow keys walk, in their order. `inspection` is what is known of the one
    at hand, `error` why no more can be.
    """

    request: InspectRequest
    hits: tuple[RankedHit, ...]
    inspection: Inspection
    heat: Heat = Heat.WORDS
    error: DocsearchError | None = None

    @classmethod
    def of(cls, result: SearchResult, hits: tuple[RankedHit, ...], hit: RankedHit) -> Inspected:
        """Nothing is known of the hit yet."""
        heat = Heat.SPLIT if result.reranker is None else Heat.WORDS
        return cls(InspectRequest(result, hit), hits, Inspection(hit, result.reranker), heat)

    @property
    def hit(self) -> RankedHit:
        """The one at hand."""
        return self.request.hit

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return self.error is None and (
            self.inspection.doing is not None or not self.inspection.reasons
        )

    def walked(self, rows: int) -> Inspected:
        """The hit `rows` further down, of which nothing is known yet; itself at an end."""
        chunk = moved(self.hits, self.hit.passage.chunk_id, rows)
        at = index_of(self.hits, chunk)
        if at is None or self.hits[at] is self.hit:
            return self
        fresh = Inspected.of(self.request.result, self.hits, self.hits[at])
        return replace(fresh, heat=self.heat)

    def turned(self, steps: int, *, beside: bool) -> Inspected:
        """Another heat; where the bi-encoder's stands beside, it is none of them."""
        heats = [Heat.WORDS, Heat.SENTENCES] if beside else list(Heat)
        at = heats.index(self.heat) if self.heat in heats else 0
        return replace(self, heat=heats[(at + steps) % len(heats)])

    def received(self, request: InspectRequest, inspection: Inspection) -> Inspected:
        """More is known; of another hit it changes nothing."""
        return replace(self, inspection=inspection) if request is self.request else self

    def failed(self, request: object, error: DocsearchError) -> Inspected:
        """No more can be known."""
        return replace(self, error=error) if request is self.request else self

    def attribution(self, heat: Heat) -> Attribution | None:
        """What has been measured for this heat."""
        known = self.inspection
        return {
            Heat.WORDS: known.words,
            Heat.SENTENCES: known.sentences,
            Heat.SPLIT: known.split,
        }[heat]
