"""What reranking is worth by all that was judged so far.

In: what is asked for; what the engine finds known. Out: whether lists are condensed, when the view
is left. Does not know how a figure is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from docsearch.domain.errors import DocsearchError
from docsearch.domain.evaluation import Evaluation
from docsearch.domain.query import CandidateSource
from docsearch.tui.background import Background
from docsearch.tui.rendering.judged_so_far import WAITING, so_far_keys, so_far_lines, so_far_title
from docsearch.tui.rendering.named_lines import said
from docsearch.tui.rendering.pieces import Line, Piece, Role
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.page import Page

if TYPE_CHECKING:
    from docsearch.runtime.evaluator import Evaluator

_TOPIC = "judged-so-far"


@dataclass(frozen=True)
class SoFar:
    """What reranking is worth by the judgments of one query, and by all of them; by reranker."""

    own: Mapping[str, Evaluation]
    every: Mapping[str, Evaluation]


def so_far(evaluator: Evaluator, typed: str, source: CandidateSource, *, condensed: bool) -> SoFar:
    """Of the query `typed`, if it is one, and of all; blocks. Raises DocsearchError."""
    names = evaluator.local_rerankers()
    known = partial(evaluator.known, source, names, condense=condensed)
    return SoFar(known(only=typed) if typed.strip() else {}, known())


class JudgedSoFarScreen(Screen[bool]):
    """A page of figures, for this query and for all of them."""

    DEFAULT_CSS = """
    JudgedSoFarScreen {
        background: $background;
        & #title, & #keys { height: 1; }
        & Page { height: 1fr; margin: 1 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "condense", "Condensed or whole lists", priority=True),
        Binding("up,pageup", "page(-1)", "Up", priority=True),
        Binding("down,pagedown", "page(1)", "Down", priority=True),
        Binding("escape,f10,q", "leave", "Back", priority=True),
    ]

    def __init__(
        self, typed: str, source: CandidateSource, condensed: bool, background: Background
    ) -> None:
        super().__init__()
        self._typed, self._source = typed, source
        self._condensed = condensed
        self._background = background
        self.known: SoFar | None = None
        self._error: DocsearchError | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Block(id="title")
        yield Page()
        yield Block(id="keys")

    def on_mount(self) -> None:
        """Ask for the figures."""
        self._ask()

    def on_unmount(self) -> None:
        """Stop computing."""
        self._background.drop(_TOPIC)

    def action_condense(self) -> None:
        """Of condensed lists, or of whole ones."""
        self._condensed = not self._condensed
        self._ask()

    def action_page(self, pages: int) -> None:
        """Scroll."""
        self.query_one(Page).page(pages)

    def action_leave(self) -> None:
        """Back to the lists."""
        self.dismiss(self._condensed)

    def _ask(self) -> None:
        self.known, self._error = None, None
        typed, source, condensed = self._typed, self._source, self._condensed
        self._background.run(
            self,
            _TOPIC,
            lambda engine: [so_far(engine.evaluator, typed, source, condensed=condensed)],
            self._found,
            self._failed,
        )
        self._show()

    def _found(self, known: SoFar) -> None:
        self.known = known
        self._show()

    def _failed(self, error: DocsearchError) -> None:
        self._error = error
        self._show()

    def _show(self) -> None:
        condensed = self._condensed
        self.query_one("#title", Block).show(lambda cells: (so_far_title(condensed, cells),))
        self.query_one(Page).show(self._lines)
        self.query_one("#keys", Block).show(lambda cells: (so_far_keys(cells),))

    def _lines(self, cells: int) -> tuple[Line, ...]:
        if self._error is not None:
            return tuple(said(f"✗ {self._error.title}: {self._error}", cells, Role.ERROR))
        if self.known is None:
            return ((Piece(WAITING, Role.MUTED),),)
        return so_far_lines(self.known.own, self.known.every, cells)
