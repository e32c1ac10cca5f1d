"""What the inspector is showing, and how each thing that happens changes it.

In: a result, keys, what has been measured. Out: the next `InspectorState`, a frozen value. Knows no
widget and no thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Inspection, Measure
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.presentation.heat import Heat
from docsearch.tui.inspector.drawing import View
from docsearch.tui.selection import index_of, moved


@dataclass(frozen=True)
class Second:
    """What another reranker makes of the hit at hand, as far as it is known."""

    reranker: str
    inspection: Inspection
    ended: bool = False
    error: DocsearchError | None = None

    @classmethod
    def of(cls, hit: RankedHit, reranker: str) -> Second:
        """Nothing is known yet."""
        return cls(reranker, Inspection(hit.unread, reranker, Measure.READING))

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return self.error is None and not self.ended

    def view(self, heat: Heat) -> View:
        """Its view of the passage."""
        return View(
            self.inspection, heat, self.ended, is_named=True, is_second=True, error=self.error
        )


@dataclass(frozen=True)
class InspectorState:
    """One moment of the inspector.

    `hits` are those of `result` that the arrow keys walk, in their order. `inspection` is what is
    known of `hit`, the one at hand, `ended` whether that is all, `error` why no more can be.
    `second` is the reranker that stands in place of the bi-encoder, `is_second_shown` whether it
    is in view where there is one column only. `is_gone` is whether the hit's file is there no more.
    """

    result: SearchResult
    hits: tuple[RankedHit, ...]
    hit: RankedHit
    inspection: Inspection
    heat: Heat = Heat.WORDS
    ended: bool = False
    error: DocsearchError | None = None
    second: Second | None = None
    is_second_shown: bool = False
    is_gone: bool = False

    @classmethod
    def of(
        cls, result: SearchResult, hits: tuple[RankedHit, ...], hit: RankedHit
    ) -> InspectorState:
        """Nothing is known of the hit yet."""
        heat = Heat.SPLIT if result.reranker is None else Heat.WORDS
        nothing = Inspection(hit, result.reranker, Measure.READING)
        return cls(result, hits, hit, nothing, heat)

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return self.error is None and not self.ended

    def walked(self, rows: int) -> InspectorState:
        """The hit `rows` further down, of which nothing is known yet; itself at an end."""
        chunk = moved(self.hits, self.hit.passage.chunk_id, rows)
        at = index_of(self.hits, chunk)
        if at is None or self.hits[at] is self.hit:
            return self
        fresh = InspectorState.of(self.result, self.hits, self.hits[at])
        second = self.second and Second.of(fresh.hit, self.second.reranker)
        return replace(fresh, heat=self.heat, second=second, is_second_shown=self.is_second_shown)

    def turned(self, steps: int, *, beside: bool) -> InspectorState:
        """Another heat; where the other model's stands beside, it is none of them."""
        heats = [(Heat.WORDS, False), (Heat.SENTENCES, False)]
        if not beside:
            second = [(Heat.WORDS, True), (Heat.SENTENCES, True)]
            heats += second if self.second else [(Heat.SPLIT, False)]
        now = (self.heat, self.is_second_shown)
        at = heats.index(now) if now in heats else 0
        heat, is_second_shown = heats[(at + steps) % len(heats)]
        return replace(self, heat=heat, is_second_shown=is_second_shown)

    def against(self, reranker: str, *, beside: bool) -> InspectorState:
        """Another reranker in place of the bi-encoder, and in view; nothing is known of it yet."""
        heat = Heat.WORDS if self.heat is Heat.SPLIT else self.heat
        second = Second.of(self.hit, reranker)
        return replace(self, heat=heat, second=second, is_second_shown=not beside)

    def against_none(self, *, beside: bool) -> InspectorState:
        """The bi-encoder in its place again, and in view."""
        heat = self.heat if beside else Heat.SPLIT
        return replace(self, heat=heat, second=None, is_second_shown=False)

    def received(self, inspection: Inspection) -> InspectorState:
        """More is known of the hit at hand."""
        return replace(self, inspection=inspection, ended=inspection.doing is None)

    def failed(self, error: DocsearchError) -> InspectorState:
        """No more can be known of it."""
        return replace(self, error=error)

    def second_received(self, inspection: Inspection) -> InspectorState:
        """More is known of what the second reranker makes of it."""
        ended = inspection.doing is None
        second = self.second and replace(self.second, inspection=inspection, ended=ended)
        return replace(self, second=second)

    def second_failed(self, error: DocsearchError) -> InspectorState:
        """No more can be known of that."""
        return replace(self, second=self.second and replace(self.second, error=error))

    def without_file(self) -> InspectorState:
        """The file of the hit at hand is gone."""
        return replace(self, is_gone=True)

    @property
    def view(self) -> View:
        """What the first column shows, or the only one."""
        if self.second is not None and self.is_second_shown:
            return self.second.view(self.heat)
        return View(self.inspection, self.heat, self.ended, is_named=self.second is not None)

    @property
    def view_beside(self) -> View:
        """What the second column shows."""
        if self.second is not None:
            return self.second.view(self.heat)
        return View(self.inspection, Heat.SPLIT, self.ended)
