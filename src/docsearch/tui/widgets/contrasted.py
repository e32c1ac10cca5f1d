"""One of two passages that are set against each other: its letter, its place, its text.

In: a hit, its letter, and the contrast where the words that decide are in this passage. Out: head
and body. Does not know the other passage.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from docsearch.domain.explanation import Contrast
from docsearch.domain.ranking import RankedHit
from docsearch.tui.rendering.contrast import turned_text
from docsearch.tui.rendering.passage import passage_title
from docsearch.tui.rendering.pieces import Line, Piece, Role
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.page import Page


class ContrastedPassage(Vertical):
    """Head and body."""

    DEFAULT_CSS = """
    ContrastedPassage {
        width: 1fr;
        & Block { height: 1; }
        & Page { height: 1fr; }
    }
    """

    def compose(self) -> ComposeResult:
        """Head above body."""
        yield Block()
        yield Page()

    def show(self, letter: str, hit: RankedHit, found: Contrast | None) -> None:
        """Show this passage; the words of `found` are marked in it."""
        head = Piece(f" {letter} ", Role.CHIP)

        def title(cells: int) -> tuple[Line, ...]:
            return ((head, Piece(" "), *passage_title(hit, cells - len(head.text) - 1)),)

        def body(cells: int) -> tuple[Line, ...]:
            return turned_text(hit.passage.chunk.text, found, cells)

        self.query_one(Block).show(title)
        self.query_one(Page).show(body)
