"""The lines at the foot of the screen: where the time went, the state of the index, the keys.

In: timings, progress, a folder, an offer. Out: lines. Does not know what causes them to change.
"""

from __future__ import annotations

from docsearch.domain.progress import DownloadProgress, IndexProgress
from docsearch.domain.ranking import StageTimings
from docsearch.domain.tuning import TuningProgress
from docsearch.tui.latencies import Latencies
from docsearch.tui.messages import CaseMoved
from docsearch.tui.rendering.index_state import case_line, download_line, index_line, tuning_line
from docsearch.tui.rendering.keys import Offer, keys_line
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.rendering.timing import timing_lines
from docsearch.tui.widgets.lines import Lines
from docsearch.tui.widgets.palette import Ground


class TimingLine(Lines):
    """One line where there is room, else two."""

    DEFAULT_CSS = """
    TimingLine { height: auto; }
    """
    MARGIN = 1

    _shown: tuple[StageTimings | None, Latencies, tuple[int, int] | None] = (
        None,
        Latencies(),
        None,
    )

    def show(
        self, timings: StageTimings | None, session: Latencies, progress: tuple[int, int] | None
    ) -> None:
        """Show these timings; the same again are painted already."""
        shown = (timings, session, progress)
        if shown != self._shown:
            self._shown = shown
            self.changed()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The stages, the counts and the session's percentiles."""
        return timing_lines(*self._shown, cells)


class IndexLine(Lines):
    """The index, or what is on its way: a download, a case file, a tuning."""

    GROUND = Ground.BAND
    MARGIN = 1
    _progress = IndexProgress()
    _download: DownloadProgress | None = None
    _case: CaseMoved | None = None
    _tuning: TuningProgress | None = None
    _folder = ""

    def show(
        self,
        progress: IndexProgress,
        folder: str,
        download: DownloadProgress | None,
        case: CaseMoved | None,
        tuning: TuningProgress | None,
    ) -> None:
        """Show this state; the same again is painted already."""
        shown = (progress, folder, download, case, tuning)
        if shown != (self._progress, self._folder, self._download, self._case, self._tuning):
            self._progress, self._folder, self._download, self._case, self._tuning = shown
            self.refresh()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The first of what is on its way: a download, a case file, a tuning; else the index."""
        if self._download is not None:
            return (download_line(self._download, cells),)
        if self._case is not None:
            return (case_line(self._case.doing, self._case.done, cells),)
        if self._tuning is not None:
            return (tuning_line(self._tuning, cells),)
        return (index_line(self._progress, self._folder, cells),)


class KeyLine(Lines):
    """The keys that matter most, as many as fit, after what one of them offers just now."""

    _offer: Offer | None = None

    def show(self, offer: Offer | None) -> None:
        """Show this offer, or none; the same again is painted already."""
        if offer != self._offer:
            self._offer = offer
            self.refresh()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """One line."""
        return (keys_line(cells, self._offer),)
