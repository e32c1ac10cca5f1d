"""One model's view of the passage: whose it is and what it is worth, above the marked text.

In: a moment of the inspector, and which heat. Out: head and body. Does not know what is beside it.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from docsearch.tui.inspected import Inspected
from docsearch.tui.rendering.heat import Heat
from docsearch.tui.rendering.inspector import heat_body, heat_head
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.page import Page


class HeatPane(Vertical):
    """Head and body."""

    DEFAULT_CSS = """
    HeatPane {
        & Block { height: auto; }
        & Page { height: 1fr; }
    }
    """

    def compose(self) -> ComposeResult:
        """Head above body."""
        yield Block()
        yield Page()

    def show(self, now: Inspected, heat: Heat) -> None:
        """Show this heat of the hit at hand."""
        facts = (now.hit, now.inspection, heat, now.attribution(heat))

        def head(cells: int) -> tuple[Line, ...]:
            return heat_head(*facts, cells)

        def body(cells: int) -> tuple[Line, ...]:
            return heat_body(*facts, cells)

        self.query_one(Block).show(head)
        self.query_one(Page).show(body)
