"""What reranking is worth by all that was judged so far.

In: what is asked for; what the engine finds known. Out: whether lists are condensed, when the view
is left. Does not know how a figure is computed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from docsearch.domain.errors import DocsearchError
from docsearch.domain.evaluation import MEASURES, Evaluation
from docsearch.domain.judged_result import Live
from docsearch.domain.query import CandidateSource
from docsearch.domain.wording import plural
from docsearch.presentation.cells import one_line, shorten, spread
from docsearch.presentation.figures import judged_line, measure_line
from docsearch.presentation.named_lines import said
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.presentation.titles import Title, title_line
from docsearch.tui.background import Background
from docsearch.tui.keys import key_pieces
from docsearch.tui.widgets.block import Block, Page

if TYPE_CHECKING:
    from docsearch.judging.evaluator import Evaluator


WAITING = "Looking up what is known; nothing is scored for it …"
NONE_KNOWN = (
    "No reranker has read all candidates of a judged query on this index: search for one with a "
    "reranker, or run docsearch eval --own."
)


def so_far_title(condensed: bool, cells: int) -> Line:
    """What it is, and of which lists."""
    detail = "before → after reranking, " + ("condensed lists" if condensed else "whole lists")
    return title_line(Title("judged so far", detail, walked=True), cells)


def so_far_lines(
    own: Mapping[str, Evaluation], every: Mapping[str, Evaluation], cells: int
) -> tuple[Line, ...]:
    """The figures of this query by reranker, then those over all judged queries."""
    lines: list[Line] = []
    if own:
        lines += _section("this query", own, cells)
    if every:
        lines += _section("all judged queries", every, cells)
        told = dict.fromkeys(each for found in every.values() for each in found.notices)
        rows = [row for each in told for row in textwrap.wrap(one_line(each), max(20, cells))]
        lines += [(Piece(row, Role.MUTED),) for row in rows]
    else:
        lines += [(Piece(row, Role.MUTED),) for row in textwrap.wrap(NONE_KNOWN, max(20, cells))]
    return tuple(lines)


def so_far_keys(cells: int) -> Line:
    """The keys of the view."""
    keys = (("C", "condensed or whole lists"), ("PgDn", "more"), ("Esc", "back"))
    return key_pieces(keys, cells)


def _section(name: str, found: Mapping[str, Evaluation], cells: int) -> list[Line]:
    lines: list[Line] = [(Piece(name, Role.AFTER),)]
    for evaluation in found.values():
        before, after = evaluation.rows
        measures = {
            each: (before.measures[each].mean, after.measures[each].mean) for each in MEASURES
        }
        figures = Live(measures, *evaluation.in_tops, evaluation.warning)
        count: Line = (Piece(plural(evaluation.queries, "query", "queries"), Role.MUTED),)
        label = shorten(one_line(after.contender.name), max(10, cells - 14))
        lines += [
            spread((Piece(label, Role.STRONG),), count, cells),
            measure_line(figures, reranked=True, means=evaluation.queries > 1),
            judged_line(figures, condensed=evaluation.condensed),
        ]
        if after.verdict is not None:
            rows = textwrap.wrap(one_line(after.verdict), max(20, cells))
            lines += [(Piece(row, Role.TEXT),) for row in rows]
        lines.append(())
    return lines


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
