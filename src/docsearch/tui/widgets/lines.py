"""Widgets made of lines of pieces: one base for a single region, one for a region that scrolls.

In: lines from `rendering/`. Out: Textual strips. Does not know what the lines say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from docsearch.domain.safe_text import safe_line
from docsearch.presentation.cells import fit
from docsearch.presentation.pieces import Line, Piece
from docsearch.tui.widgets.palette import Ground, Palette, palette_of


class Canvas(NamedTuple):
    """What all lines of one painting share: a width and the styles."""

    cells: int
    palette: Palette

    def strip(self, line: Iterable[Piece], ground: Ground) -> Strip:
        """The line painted, exactly `cells` wide.

        Every line passes here: whatever was missed before, no control character goes further.
        """
        safe = tuple(Piece(safe_line(piece.text), piece.role) for piece in line)
        segments = [
            Segment(piece.text, self.palette.style(piece.role, ground))
            for piece in fit(safe, self.cells)
            if piece.text
        ]
        return Strip(segments, self.cells)


class Lines(Widget, can_focus=False):
    """A region of a few lines that never scrolls; subclasses say what stands in it.

    `MARGIN` columns are left free on both sides. With `height: auto` it is as tall as its lines.
    """

    GROUND: ClassVar[Ground] = Ground.PLAIN
    MARGIN: ClassVar[int] = 0
    _made: tuple[Line, ...] | None = None
    _canvas: Canvas | None = None

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The lines at this width."""
        raise NotImplementedError

    def changed(self) -> None:
        """Paint anew, and lay out anew where the number of lines is another one."""
        tall = self.styles.is_auto_height
        self.refresh(layout=tall and len(self._inside(self.size.width)) != self.size.height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as there are."""
        return len(self._inside(width))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines that are not painted yet; whatever else is painted asks for them, too."""
        self._made = self._canvas = None
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Paint one line; the first of a painting makes them all."""
        if self._made is None or self._canvas is None:
            cells = self.size.width
            self._made, self._canvas = self._inside(cells), Canvas(cells, palette_of(self.app))
        made = self._made
        line: Line = (Piece(" " * self.MARGIN), *made[y]) if y < len(made) else ()
        return self._canvas.strip(line, self.GROUND)

    def _inside(self, cells: int) -> tuple[Line, ...]:
        return self.lines(max(0, cells - 2 * self.MARGIN))


class ScrollingLines(ScrollView, can_focus=False):
    """A region of many lines; subclasses say how many there are and what each one says."""

    DEFAULT_CSS = """
    ScrollingLines {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """

    _canvas: Canvas | None = None

    def line(self, y: int, cells: int) -> tuple[Line, Ground]:
        """Line `y`, from 0 at the top of the whole, at this width."""
        raise NotImplementedError

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines that are not painted yet."""
        self._canvas = None
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Paint one line of the part in view."""
        if self._canvas is None:
            # The same for every line of a painting, and each look costs as much as a line.
            self._canvas = Canvas(self.scrollable_content_region.width, palette_of(self.app))
            self._top = self.scroll_offset.y
        return self._canvas.strip(*self.line(y + self._top, self._canvas.cells))
