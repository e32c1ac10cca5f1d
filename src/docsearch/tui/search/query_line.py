"""The query line: what is typed, and beside it the source and the reranker in force.

In: keystrokes. Out: Textual's `Input.Changed`. Does not know what is done with the query.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.widgets import Input

from docsearch.presentation.cells import one_line, shorten
from docsearch.presentation.pieces import Line, Piece, Role, width_of
from docsearch.tui.widgets.lines import Lines
from docsearch.tui.widgets.palette import Ground

EMPTY = "ask your folder"
"""What stands in the query line while nothing is typed."""

MOST_CHARACTERS = 100_000
_NAMED_FROM = 100
_MOST_BESIDE = 14


class Prompt(Lines):
    """The mark before the query."""

    GROUND = Ground.BAND

    def lines(self, cells: int) -> tuple[Line, ...]:  # noqa: ARG002 - its width is fixed
        """One mark."""
        return ((Piece(" › ", Role.KEY),),)


class Chips(Lines):
    """The source and the reranker."""

    GROUND = Ground.BAND
    _source = ""
    _reranker = ""

    def show(self, source: str, reranker: str) -> None:
        """Show these names; only others are worth a layout of the whole screen."""
        shown = (source, one_line(reranker))
        if shown != (self._source, self._reranker):
            self._source, self._reranker = shown
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """As wide as the chips are, and no wider than half of the screen."""
        return min(viewport.width // 2, width_of(self._chips(viewport.width)))

    def lines(self, cells: int) -> tuple[Line, ...]:  # noqa: ARG002 - asked for by its own width
        """The chips, named where there is room."""
        return (self._chips(self.screen.size.width),)

    def _chips(self, screen_cells: int) -> Line:
        named = screen_cells >= _NAMED_FROM
        source_name: Line = (Piece("source ", Role.MUTED),) if named else ()
        reranker_name: Line = (Piece("  reranker ", Role.MUTED),) if named else (Piece(" "),)
        reranker = shorten(self._reranker, screen_cells // 2 - _MOST_BESIDE)
        return (
            *source_name,
            Piece(f" {self._source} ", Role.CHIP),
            *reranker_name,
            Piece(f" {reranker} ", Role.CHIP),
            Piece(" "),
        )


class QueryInput(Input):
    """The input, which leaves a question mark to the screen while nothing is typed."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the key is for the query."""
        if key == "question_mark" and not self.value:
            return False
        return super().check_consume_key(key, character)


class QueryLine(Horizontal):
    """Prompt, input, chips."""

    DEFAULT_CSS = """
    QueryLine {
        height: 1;
        background: $surface;
        & Prompt { width: 3; }
        & QueryInput, & QueryInput:focus {
            width: 1fr;
            background: $surface;
            background-tint: $surface 0%;
        }
        & Chips { width: auto; }
        &:nocolor QueryInput > .input--cursor { text-style: reverse; }
    }
    """

    def compose(self) -> ComposeResult:
        """From left to right."""
        yield Prompt()
        yield QueryInput(placeholder=EMPTY, compact=True, max_length=MOST_CHARACTERS, id="query")
        yield Chips()
