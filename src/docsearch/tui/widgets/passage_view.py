"""The selected passage: two lines about it, and its text.

In: a hit, the words to mark and the best sentence. Out: the text, scrolled to what matters. Does
not know how the passage was selected.
"""

from __future__ import annotations

import re

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size

from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RankedHit
from docsearch.presentation.hits import Span
from docsearch.presentation.pieces import Line
from docsearch.tui.grades import Mark
from docsearch.tui.widgets.lines import Lines, ScrollingLines
from docsearch.tui.widgets.palette import Ground
from docsearch.tui.widgets.passage_lines import (
    PassageText,
    passage_facts,
    passage_text,
    passage_title,
)

_LINES_ABOVE_FOCUS = 2


class PassageHead(Lines):
    """Where the passage is from, and the facts about it."""

    GROUND = Ground.BAND
    MARGIN = 1
    _hit: RankedHit | None = None
    _source = CandidateSource.DENSE
    _fusion = Fusion()
    _mark: Mark | None = None

    def show(
        self,
        hit: RankedHit | None,
        source: CandidateSource,
        fusion: Fusion,
        mark: Mark | None = None,
    ) -> None:
        """Show the facts of this hit, and its grade; the same again are painted already."""
        shown = (hit, source, fusion, mark)
        if shown != (self._hit, self._source, self._fusion, self._mark):
            self._hit, self._source, self._fusion, self._mark = shown
            self.changed()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """Two or three lines, or none without a hit."""
        if self._hit is None:
            return ()
        facts = passage_facts(self._hit, self._source, self._fusion, cells)
        return (passage_title(self._hit, cells, self._mark), *facts)


class PassageBody(ScrollingLines):
    """The passage's text."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._pattern: re.Pattern[str] | None = None
        self._best: Span | None = None
        self._laid_out: PassageText | None = None

    def show(self, text: str, pattern: re.Pattern[str] | None, best: Span | None) -> None:
        """Show this text; it is scrolled only when the text or the best sentence changes."""
        if (text, pattern, best) == (self._text, self._pattern, self._best):
            return
        self._text, self._pattern, self._best = text, pattern, best
        self._lay_out()

    def line(self, y: int, cells: int) -> tuple[Line, Ground]:  # noqa: ARG002 - laid out before
        """One wrapped line."""
        lines = self._laid_out.lines if self._laid_out else ()
        return (lines[y] if y < len(lines) else ()), Ground.PLAIN

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self._lay_out()

    def page(self, pages: int) -> None:
        """Scroll by so many pages, keeping a line of what was in view."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

    def _lay_out(self) -> None:
        # One column is kept for the scrollbar, so that its coming does not wrap the text anew.
        cells = self.size.width - 1
        if cells < 1:
            return
        self._laid_out = passage_text(self._text, self._pattern, self._best, cells)
        self.virtual_size = Size(0, len(self._laid_out.lines))
        self._scroll_to_focus()
        self.refresh()

    def watch_show_vertical_scrollbar(self) -> None:
        """Scroll again: a text that needs a scrollbar does not move before the scrollbar shows."""
        self._scroll_to_focus()

    def _scroll_to_focus(self) -> None:
        if self._laid_out is not None:
            top = max(0, self._laid_out.focus - _LINES_ABOVE_FOCUS)
            self.scroll_to(y=top, animate=False)


class PassageView(Vertical):
    """Head and body."""

    DEFAULT_CSS = """
    PassageView {
        & PassageHead { height: auto; }
        & PassageBody { height: 1fr; }
    }
    """

    def compose(self) -> ComposeResult:
        """Head above body."""
        yield PassageHead()
        yield PassageBody()

    def show(
        self,
        hit: RankedHit | None,
        source: CandidateSource,
        fusion: Fusion,
        pattern: re.Pattern[str] | None,
        best: Span | None,
        mark: Mark | None = None,
    ) -> None:
        """Show this hit's passage with its grade, or nothing."""
        self.query_one(PassageHead).show(hit, source, fusion, mark)
        text = hit.passage.chunk.text if hit else ""
        self.query_one(PassageBody).show(text, pattern, best)
