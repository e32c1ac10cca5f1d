"""The panel of the weights, below the lists that follow it.

In: a knob, and what to do at each turn of it. Out: whether to keep what was chosen. Does not know
how an order comes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from docsearch.domain.query import CandidateSource
from docsearch.presentation.pieces import Line
from docsearch.tui.weights.drawing import panel_lines
from docsearch.tui.weights.state import WeightsState
from docsearch.tui.widgets.lines import Lines
from docsearch.tui.widgets.palette import Ground


class WeightsPanel(Lines):
    """A title, a line for each dial, and the keys."""

    GROUND = Ground.BAND
    DEFAULT_CSS = """
    WeightsPanel { height: auto; }
    """

    def __init__(self, knob: WeightsState, reranker: str, source: CandidateSource) -> None:
        super().__init__()
        self._knob, self._reranker, self._source = knob, reranker, source

    def show(self, knob: WeightsState) -> None:
        """Show the dials as they stand now."""
        self._knob = knob
        self.refresh()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The panel at this width."""
        return panel_lines(self._knob, self._reranker, self._source, cells)


class WeightsScreen(ModalScreen[bool]):
    """`turned` is called at each turn, `move` to select a result so many rows further down.

    Answers whether what was chosen is to be kept.
    """

    DEFAULT_CSS = """
    WeightsScreen { align: left bottom; background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", show=False),
        Binding("down", "choose(1)", show=False),
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
        Binding("ctrl+p", "move(-1)", show=False),
        Binding("ctrl+n", "move(1)", show=False),
        Binding("enter,f5", "dismiss(True)", show=False),
        Binding("escape", "dismiss(False)", show=False),
    ]

    def __init__(
        self,
        knob: WeightsState,
        reranker: str,
        source: CandidateSource,
        turned: Callable[[WeightsState], None],
        move: Callable[[int], None],
    ) -> None:
        super().__init__()
        self.knob = knob
        self._reranker, self._source = reranker, source
        self._turned, self._move = turned, move

    def compose(self) -> ComposeResult:
        """The panel alone."""
        yield WeightsPanel(self.knob, self._reranker, self._source)

    def action_choose(self, rows: int) -> None:
        """Turn the dial `rows` further down from now on."""
        self._show(self.knob.moved(rows))

    def action_turn(self, steps: int) -> None:
        """Turn the dial, and the order with it."""
        self._show(self.knob.turned(steps))
        self._turned(self.knob)

    def action_move(self, rows: int) -> None:
        """Select another result, to see what the voices gave it."""
        self._move(rows)

    def _show(self, knob: WeightsState) -> None:
        self.knob = knob
        self.query_one(WeightsPanel).show(knob)
