"""One model's view of the passage: whose it is and what it is worth, above the marked text.

In: a view. Out: head and body. Does not know what is beside it.
"""

from __future__ import annotations

from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical

from docsearch.tui.rendering.inspector import View, heat_body, heat_head
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

    def show(self, view: View) -> None:
        """Show this view of the hit at hand."""
        self.query_one(Block).show(partial(heat_head, view))
        self.query_one(Page).show(partial(heat_body, view))
