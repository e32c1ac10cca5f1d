"""The inspector: why one result stands where it stands, over the search screen.

In: a result and one of its hits; what the engine measures of it. Out: the chunk that was looked at
last. Does not know how anything is measured or drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from docsearch.domain.explanation import Inspection
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.explain.liked import liked
from docsearch.presentation.cells import one_line
from docsearch.presentation.pieces import Line
from docsearch.presentation.scores import fact_lines
from docsearch.presentation.shared_words import liked_lines
from docsearch.tui.background import EXPLAINING, EXPLANATION_SETTLES, Background
from docsearch.tui.dialogs.frame import Departure
from docsearch.tui.dialogs.help import HelpScreen, Section
from docsearch.tui.inspector.drawing import (
    View,
    heat_body,
    heat_head,
    inspector_keys,
    inspector_title,
    progress_line,
)
from docsearch.tui.inspector.state import InspectorState
from docsearch.tui.widgets.block import Block, Facts, Page, page_through


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


SaveCase = Callable[[SearchResult, RankedHit, Inspection | None], object]
"""Offers to keep an answer with what has been measured of a hit; None has it measured first."""

_AGAINST, _GONE = "against", "gone"

BESIDE = 130
"""From so many columns on the bi-encoder's view stands beside the cross-encoder's."""


class InspectorScreen(Screen[Departure]):
    """Facts on top, the passage with its heat below."""

    DEFAULT_CSS = """
    InspectorScreen {
        background: $background;
        & #title, & #progress, & #keys { height: 1; }
        & #facts { max-height: 50%; margin: 0 0 0 1; }
        & #panes { height: 1fr; }
        & HeatPane { width: 1fr; }
        & #other { display: none; margin-left: 2; }
        &.-beside #other { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "walk(-1)", "Result above", priority=True),
        Binding("down,ctrl+n", "walk(1)", "Result below", priority=True),
        Binding("pageup", "page(-1)", "Passage up", priority=True),
        Binding("pagedown", "page(1)", "Passage down", priority=True),
        Binding("tab,right", "turn(1)", "Next heat map", priority=True),
        Binding("shift+tab,left", "turn(-1)", "Previous heat map", priority=True),
        *(
            Binding(f"{digit},alt+{digit}", f"against({digit})", priority=True)
            for digit in range(10)
        ),
        Binding("enter", "open", "Open", priority=True),
        Binding("f9", "save_case", "Save a case file", priority=True),
        Binding("f1,question_mark", "help", "Help", priority=True),
        Binding("escape,f4,q", "leave", "Back", priority=True),
    ]

    def __init__(
        self,
        start: InspectorState,
        background: Background,
        rerankers: Mapping[int, str | None],
        save_case: SaveCase,
    ) -> None:
        super().__init__()
        self.now = start
        self._background = background
        self._rerankers = rerankers
        self._save_case = save_case
        self._run = partial(background.run, self, settle=EXPLANATION_SETTLES, newest=True)

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Block(id="title")
        yield Facts(id="facts")
        with Horizontal(id="panes"):
            yield HeatPane(id="one")
            yield HeatPane(id="other")
        yield Block(id="progress")
        yield Block(id="keys")

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self._show()
        self._ask()

    def on_unmount(self) -> None:
        """Stop measuring."""
        self._background.drop(EXPLAINING, _AGAINST, _GONE)

    def on_resize(self) -> None:
        """Arrange for the new width."""
        self.set_class(self._beside, "-beside")
        if self._beside:
            self.now = self.now.turned(0, beside=True)
        self._show()

    @property
    def _beside(self) -> bool:
        return self.size.width >= BESIDE and self.now.result.reranker is not None

    @property
    def _has_others(self) -> bool:
        """Whether another reranker is here to be set against the one that made the order."""
        first = self.now.result.reranker
        return first is not None and bool(set(self._rerankers.values()) - {None, first})

    def action_walk(self, rows: int) -> None:
        """Inspect the result further down, or up."""
        before, self.now = self.now, self.now.walked(rows)
        if self.now is not before:
            for page in self.query(Page):
                page.scroll_home(animate=False)
            self._show()
            self._ask()

    def action_turn(self, steps: int) -> None:
        """Show another heat."""
        self.now = self.now.turned(steps, beside=self._beside)
        self._show()

    def action_against(self, digit: int) -> None:
        """Put the reranker of this digit in place of the bi-encoder; for 0 the bi-encoder again."""
        first, name = self.now.result.reranker, self._rerankers.get(digit)
        if digit == 0:
            self._background.drop(_AGAINST)
            self.now = self.now.against_none(beside=self._beside)
        elif first is None:
            self.app.notify("Nothing was reranked, so there is nothing to set a reranker against.")
        elif name is None:
            self.app.notify(f"There is no reranker {digit} on this machine.")
        elif name == first:
            self.app.notify(f"{name} made this order: it is there already.", markup=False)
        else:
            self.now = self.now.against(name, beside=self._beside)
            self._ask_second()
        self._show()

    def action_page(self, pages: int) -> None:
        """Scroll the facts as far as they go, and then the passage."""
        page_through(self.query_one(Facts), pages, self.query("HeatPane Page").results(Page))

    def action_open(self) -> None:
        """Leave, and open the passage in the editor."""
        passage = self.now.hit.passage
        self.dismiss(Departure(passage.chunk_id, passage))

    def action_save_case(self) -> None:
        """Ask whether to keep the answer, with what has been measured here."""
        now = self.now
        whole = None if now.is_running else now.inspection
        self._save_case(now.result, now.hit, whole)

    def action_help(self) -> None:
        """Show the help."""
        self.app.push_screen(HelpScreen(Section.EXPLAINING))

    def action_leave(self) -> None:
        """Back to the lists, with this result selected."""
        self.dismiss(Departure(self.now.hit.passage.chunk_id))

    def _ask(self) -> None:
        """Have the hit at hand measured, and looked for on the disk."""
        result, hit = self.now.result, self.now.hit
        self._run(
            EXPLAINING,
            lambda engine: engine.inspector.inspect(result, hit),
            lambda inspection: self._change(self.now.received(inspection)),
            lambda error: self._change(self.now.failed(error)),
        )
        self._run(
            _GONE,
            lambda engine: [engine.inspector.is_gone(hit)],
            lambda is_gone: self._change(self.now.without_file() if is_gone else self.now),
        )
        self._ask_second()

    def _ask_second(self) -> None:
        """Have another reranker's view measured beside it, where one is set against the first."""
        result, hit, second = self.now.result, self.now.hit, self.now.second
        if second is not None:
            self._run(
                _AGAINST,
                lambda engine: engine.inspector.under(result, hit, second.reranker),
                lambda inspection: self._change(self.now.second_received(inspection)),
                lambda error: self._change(self.now.second_failed(error)),
            )

    def _change(self, now: InspectorState) -> None:
        self.now = now
        self._show()

    def _show(self) -> None:
        now, beside = self.now, self._beside
        self.query_one("#title", Block).show(
            lambda cells: (inspector_title(now.hit, cells, is_gone=now.is_gone),)
        )
        self.query_one("#facts", Facts).show(partial(_facts, now))
        self.query_one("#one", HeatPane).show(now.view)
        if beside:
            self.query_one("#other", HeatPane).show(now.view_beside)
        line = _progress(now)
        self.query_one("#progress", Block).show(lambda _cells: (line,))
        keys = partial(inspector_keys, beside, now.second is not None, self._has_others)
        self.query_one("#keys", Block).show(lambda cells: (keys(cells),))


def _facts(now: InspectorState, cells: int) -> tuple[Line, ...]:
    """What is known of the result, unless the second reranker has the screen; what both like."""
    lines = () if now.is_second_shown else fact_lines(now.inspection, cells)
    first, second = now.result.reranker, now.second
    if first is None or second is None:
        return lines
    running = (now.is_running or second.is_running) and not (now.error or second.error)
    found = liked(now.inspection, second.inspection)
    name = second.reranker
    return (*lines, *liked_lines(found, first, name, cells, running=running))


def _progress(now: InspectorState) -> Line:
    """What is being measured: of the first, and then of the second."""
    second = now.second
    if second is not None and second.is_running and not (now.is_running or now.error):
        whose = f" under {one_line(second.reranker)}"
        return progress_line(second.inspection, None, running=True, whose=whose)
    return progress_line(now.inspection, now.error, now.is_running)
