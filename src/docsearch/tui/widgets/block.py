"""Lines that a function makes for the width there is.

In: the function. Out: its lines. Does not know what they say.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Size

from docsearch.presentation.pieces import Line, LinesFor
from docsearch.tui.widgets.lines import Lines, ScrollingLines
from docsearch.tui.widgets.palette import Ground


class Page(ScrollingLines):
    """Lines, of which some are in view."""

    _make: LinesFor = staticmethod(lambda _cells: ())
    _lines: tuple[Line, ...] = ()

    def show(self, make: LinesFor) -> None:
        """Show these lines; what is in view stays in view."""
        self._make = make
        self._lay_out()

    def line(self, y: int, cells: int) -> tuple[Line, Ground]:  # noqa: ARG002 - laid out before
        """One line."""
        return (self._lines[y] if y < len(self._lines) else ()), Ground.PLAIN

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self._lay_out()

    def page(self, pages: int) -> None:
        """Scroll by so many pages, keeping a line of what was in view."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

    def pages_on(self, pages: int) -> bool:
        """The same, and whether there was anything to scroll that way."""
        at = self.scroll_target_y
        left = self.max_scroll_y - at if pages > 0 else at
        self.page(pages)
        return left > 0

    def _lay_out(self) -> None:
        # One column is kept for the scrollbar, so that its coming does not wrap the text anew.
        cells = self.size.width - 1
        if cells < 1:
            return
        self._lines = self._make(cells)
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()


class Facts(Page):
    """A page that is as tall as its lines, and scrolls where its style sheet gives it less."""

    DEFAULT_CSS = """
    Facts { height: auto; }
    """

    def show(self, make: LinesFor) -> None:
        """Show these lines in as much room as they take."""
        before = len(self._lines)
        super().show(make)
        self.refresh(layout=len(self._lines) != before)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as there are."""
        return len(self._make(max(1, width - 1)))


def page_through(facts: Facts, pages: int, below: Iterable[Page]) -> None:
    """Scroll facts and what stands below them as if they were one: the facts first, going down."""
    if pages > 0:
        if not facts.pages_on(pages):
            for each in below:
                each.page(pages)
    else:
        moved = [each.pages_on(pages) for each in below]
        if not any(moved):
            facts.page(pages)


class Block(Lines):
    """As tall as its style sheet says; with `height: auto`, as its lines."""

    _make: LinesFor = staticmethod(lambda _cells: ())

    def show(self, make: LinesFor) -> None:
        """Show these lines."""
        self._make = make
        self.changed()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The lines at this width."""
        return self._make(cells)


class DialogBlock(Block):
    """On the ground of dialogs."""

    GROUND = Ground.BAND
    DEFAULT_CSS = """
    DialogBlock { height: auto; background: $surface; }
    """
