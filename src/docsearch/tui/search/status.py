"""The lines at the foot of the screen: where the time went, the state of the index, the keys.

In: timings, progress, a folder, an offer. Out: lines. Does not know what causes them to change.
"""

from __future__ import annotations

from dataclasses import dataclass

from docsearch.domain.judged_result import Live
from docsearch.domain.latencies import Latencies
from docsearch.domain.progress import DownloadProgress, IndexProgress
from docsearch.domain.ranking import StageTimings
from docsearch.domain.tuning import TuningProgress
from docsearch.presentation.figures import figure_lines
from docsearch.presentation.pieces import Line
from docsearch.tui.cases import CaseProgress
from docsearch.tui.keys import Offer, keys_line
from docsearch.tui.search.state import SearchState
from docsearch.tui.search.status_lines import (
    case_line,
    download_line,
    index_line,
    timing_lines,
    tuning_line,
)
from docsearch.tui.widgets.lines import Lines
from docsearch.tui.widgets.palette import Ground


@dataclass(frozen=True)
class Figures:
    """The figures of the answer shown; how they are made."""

    live: Live
    reranked: bool
    condensed: bool

    @classmethod
    def of(cls, session: SearchState) -> Figures | None:
        """Those of this moment, None where nothing is judged."""
        if session.figures is None or session.result is None:
            return None
        return cls(session.figures, session.result.reranker is not None, session.condensed)


class TimingLine(Lines):
    """One line where there is room, else two; the figures take its place while one judges."""

    DEFAULT_CSS = """
    TimingLine { height: auto; }
    """
    MARGIN = 1

    _shown: tuple[StageTimings | None, Latencies, tuple[int, int] | None] = (
        None,
        Latencies(),
        None,
    )
    _figures: Figures | None = None

    def show(
        self,
        timings: StageTimings | None,
        session: Latencies,
        progress: tuple[int, int] | None,
        figures: Figures | None = None,
    ) -> None:
        """Show these timings, or the figures; the same again are painted already."""
        shown = (timings, session, progress)
        if (shown, figures) != (self._shown, self._figures):
            self._shown, self._figures = shown, figures
            self.changed()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The stages, the counts and the session's percentiles; or the figures."""
        if self._figures is not None:
            how = self._figures
            return figure_lines(how.live, cells, reranked=how.reranked, condensed=how.condensed)
        return timing_lines(*self._shown, cells)


class IndexLine(Lines):
    """The index, or what is on its way: a download, a case file, a tuning."""

    GROUND = Ground.BAND
    MARGIN = 1
    _progress = IndexProgress()
    _download: DownloadProgress | None = None
    _case: CaseProgress | None = None
    _tuning: TuningProgress | None = None
    _folder = ""

    def show(
        self,
        progress: IndexProgress,
        folder: str,
        download: DownloadProgress | None,
        case: CaseProgress | None,
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
    _judges = False

    def show(self, offer: Offer | None, *, judges: bool = False) -> None:
        """Show this offer, or none, and whether signs judge; the same again is painted already."""
        if (offer, judges) != (self._offer, self._judges):
            self._offer, self._judges = offer, judges
            self.refresh()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """One line."""
        return (keys_line(cells, self._offer, judges=self._judges),)
