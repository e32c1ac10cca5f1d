"""What the search screen shows, held in one place for its parts.

In: the next state, snapshots of progress. Out: a call to draw, at once or in a blink. Does not know
how anything is drawn, nor what led to it.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen
from textual.timer import Timer

from docsearch.domain.progress import DownloadProgress, IndexProgress
from docsearch.domain.tuning import TuningProgress
from docsearch.tui.cases import CaseProgress
from docsearch.tui.search.state import SearchState

BLINK_SECONDS = 0.1
"""A wait no longer than that seems to be none, so nothing is drawn in between.

Switching between rerankers whose scores are known takes less, and is painted once.
"""


class Shown:
    """The parts of the screen change it, and `draw` draws all of it."""

    def __init__(self, screen: Screen[None], now: SearchState, draw: Callable[[], object]) -> None:
        self.now = now
        self.progress = IndexProgress()
        self.download: DownloadProgress | None = None
        self.case: CaseProgress | None = None
        self.tuning: TuningProgress | None = None
        self._screen = screen
        self._draw = draw
        self._blink: Timer | None = None

    def change(self, now: SearchState) -> None:
        """Show this state."""
        self.now = now
        self.show()

    def change_in_a_blink(self, now: SearchState) -> None:
        """The same, but leave what is drawn until the answer is whole, or for a blink."""
        self.now = now
        if self._blink is None:
            self._blink = self._screen.set_timer(BLINK_SECONDS, self.show)

    def answer(self, now: SearchState) -> None:
        """Show an answer as far as it has come; in a blink, when it is whole."""
        self.now = now
        if self._blink is None or not now.running:
            self.show()

    def show(self) -> None:
        """Draw all of it now."""
        if self._blink is not None:
            self._blink.stop()
            self._blink = None
        self._draw()

    def show_download(self, now: DownloadProgress | None) -> None:
        """Show how much of a model has arrived; None where none is on its way."""
        self.download = now
        self.show()

    def show_case(self, now: CaseProgress | None) -> None:
        """Show how far a case file is; None where none is being made."""
        self.case = now
        self.show()

    def show_tuning(self, now: TuningProgress | None) -> None:
        """Show what is being measured; None where nothing is."""
        self.tuning = now
        self.show()
