"""Why one result is above another, over the search screen.

In: a result and two of its hits; what the engine finds of them. Out: nothing. Does not know how the
words that decide are found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Contrast
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.presentation.contrast import (
    contrast_lines,
    contrast_question,
    turned_text,
    turning_legend,
)
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.tui.background import EXPLAINING, EXPLANATION_SETTLES, Background
from docsearch.tui.inspector.drawing import doing_line, failure_line
from docsearch.tui.keys import key_pieces
from docsearch.tui.widgets.block import Block, Facts, Page, page_through
from docsearch.tui.widgets.passage_lines import passage_title

if TYPE_CHECKING:
    from docsearch.inspecting.inspector import Inspector


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


BESIDE = 120
"""From so many columns on the two passages stand side by side."""


class ContrastScreen(Screen[None]):
    """Scores on top, the two passages below."""

    DEFAULT_CSS = """
    ContrastScreen {
        background: $background;
        & #question, & #progress, & #keys { height: 1; }
        & #scores { max-height: 60%; margin: 0 0 0 1; }
        & #passages { height: 1fr; }
        & #below { display: none; }
        &.-below #above { display: none; }
        &.-below #below { display: block; }
        &.-beside #above, &.-beside #below { display: block; }
        &.-beside #below { margin-left: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,shift+tab,left,right", "other", "Other passage", priority=True),
        Binding("pageup,up", "page(-1)", "Passage up", priority=True),
        Binding("pagedown,down", "page(1)", "Passage down", priority=True),
        Binding("escape,f4,q", "dismiss", "Back", priority=True),
    ]

    def __init__(
        self, result: SearchResult, above: RankedHit, below: RankedHit, background: Background
    ) -> None:
        super().__init__()
        self.found: Contrast | None = None
        self.ended = False
        self.error: DocsearchError | None = None
        self._result = result
        self._above, self._below = above, below
        self._background = background

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Block(id="question")
        yield Facts(id="scores")
        with Horizontal(id="passages"):
            yield ContrastedPassage(id="above")
            yield ContrastedPassage(id="below")
        yield Block(id="progress")
        yield Block(id="keys")

    def on_mount(self) -> None:
        """Show the scores, and ask for the words."""
        self._show()
        self._background.run(
            self,
            EXPLAINING,
            lambda engine: narrowed(engine.inspector, self._result, self._above, self._below),
            self._found,
            self._failed,
            settle=EXPLANATION_SETTLES,
            newest=True,
        )

    def on_unmount(self) -> None:
        """Stop looking for words."""
        self._background.drop(EXPLAINING)

    def on_resize(self) -> None:
        """Arrange for the new width."""
        self.set_class(self.size.width >= BESIDE, "-beside")

    def _found(self, news: tuple[Contrast, bool]) -> None:
        self.found, self.ended = news
        self._show()

    def _failed(self, error: DocsearchError) -> None:
        self.error = error
        self._show()

    def action_other(self) -> None:
        """Show the other passage, where there is room for one."""
        self.toggle_class("-below")

    def action_page(self, pages: int) -> None:
        """Scroll the scores as far as they go, and then the passages."""
        passages = self.query("ContrastedPassage Page").results(Page)
        page_through(self.query_one(Facts), pages, passages)

    def _show(self) -> None:
        found, ended, result = self.found, self.ended, self._result
        pair = (result, self._above, self._below)
        self.query_one("#question", Block).show(lambda _cells: (contrast_question(result),))
        self.query_one("#scores", Facts).show(
            lambda cells: contrast_lines(*pair, found, ended, cells)
        )
        self.query_one("#above", ContrastedPassage).show("A", self._above, found)
        self.query_one("#below", ContrastedPassage).show("B", self._below, None)
        self.query_one("#progress", Block).show(lambda _cells: (self._progress(),))
        self.query_one("#keys", Block).show(lambda cells: (contrast_keys(cells),))

    def _progress(self) -> Line:
        if self.error is not None:
            return failure_line(self.error)
        if not self.ended:
            done = self.found.done if self.found else 0.0
            return doing_line("looking for the words that turn it", done)
        if self.found is None or not self.found.turning:
            return ()
        return (Piece(f" {turning_legend(self._result.reranker)}", Role.MUTED),)


def narrowed(
    inspector: Inspector, result: SearchResult, above: RankedHit, below: RankedHit
) -> Iterator[tuple[Contrast, bool]]:
    """Why the one is above the other, as far as it is known, and whether that is all; blocks."""
    found = None
    for found in inspector.contrasting(result, above, below):
        yield found, False
    if found is not None:
        yield found, True


def contrast_keys(cells: int) -> Line:
    """The keys of the view."""
    return key_pieces((("⇥", "other passage"), ("PgDn", "scroll"), ("Esc", "back")), cells)
