"""What the view of the whole list is showing, and how each thing that happens changes it.

In: a result, keys, what has been measured. Out: the next `WholeListState`, a frozen value. Knows no
widget and no thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Depth, Missed, Movement, Noise
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.explain.movement import movement, reranked_orders
from docsearch.tui.beyond import Beyond
from docsearch.tui.selection import index_of, moved


@dataclass(frozen=True)
class WholeListState:
    """One moment of the view of `result`.

    `scored` of `total` passages beyond the candidates have been read, `total` None before that is
    known. `selected` is a chunk of the list or one that it missed.
    """

    result: SearchResult
    movement: Movement
    selected: int | None
    depth: Depth | None = None
    noise: Noise | None = None
    scored: int = 0
    total: int | None = None
    missed: tuple[Missed, ...] = ()
    error: DocsearchError | None = None

    @classmethod
    def of(cls, result: SearchResult, selected: int | None) -> WholeListState:
        """The movement is known at once, the rest is to be measured."""
        before, after = reranked_orders(result)
        start = selected if selected in after else next(iter(after), None)
        return cls(result, movement(before, after), start)

    @property
    def rows(self) -> tuple[RankedHit, ...]:
        """Every row that can be selected: the reranked ones, then those that were missed."""
        reranked = tuple(hit for hit in self.result.hits if hit.after_rank is not None)
        return (*reranked, *(each.hit for each in self.missed))

    @property
    def hit(self) -> RankedHit | None:
        """The selected row."""
        at = index_of(self.rows, self.selected)
        return None if at is None else self.rows[at]

    def walked(self, rows: int) -> WholeListState:
        """The row further down, or up."""
        return replace(self, selected=moved(self.rows, self.selected, rows))

    def received(self, news: Depth | Noise | Beyond) -> WholeListState:
        """More is known: how deep was deep enough, which moves are noise, what was missed."""
        if isinstance(news, Depth):
            return replace(self, depth=news)
        if isinstance(news, Noise):
            return replace(self, noise=news)
        return replace(self, scored=news.scored, total=news.total, missed=news.missed)

    def failed(self, error: DocsearchError) -> WholeListState:
        """No more can be known."""
        return replace(self, error=error)
