"""The whole screen as one picture: it arranges the regions by how much room there is.

In: a `View`, all that there is to show. Out: every region, showing it. Does not know what led to
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Missed
from docsearch.domain.fusion import Fusion
from docsearch.domain.progress import DownloadProgress, IndexProgress
from docsearch.domain.query_words import wanted_words, word_pattern
from docsearch.domain.ranking import SearchResult
from docsearch.domain.settings import NO_RERANKER
from docsearch.domain.tuning import TuningProgress
from docsearch.domain.wording import mix
from docsearch.presentation.cells import one_line
from docsearch.presentation.pieces import Line, LinesFor, Piece, Role
from docsearch.tui.cases import CaseProgress
from docsearch.tui.keys import Offer
from docsearch.tui.search import empty_states as blanks
from docsearch.tui.search.query_line import Chips, QueryLine
from docsearch.tui.search.results import Results
from docsearch.tui.search.state import SearchState
from docsearch.tui.search.status import Figures, IndexLine, KeyLine, TimingLine
from docsearch.tui.weights.drawing import PANEL_LINES
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.passage_view import PassageView


def notice_line(result: SearchResult | None, error: DocsearchError | None, merged: bool) -> Line:
    """An error beside an older answer, a piece that could not be read, a notice of the answer.

    Where the lists are not merged, "reranker: off" stands in the after list's own place.
    """
    if result is None:
        return ()
    if error is not None:
        return (
            Piece(f" ✗ {error.title}: {one_line(str(error))}", Role.ERROR),
            Piece("  the results are those of an earlier search", Role.MUTED),
        )
    parts: list[Piece] = []
    if result.query.unparsed:
        pieces = ", ".join(one_line(each) for each in result.query.unparsed)
        parts.append(Piece(f" ! searched as plain text: {pieces} ", Role.WARNING))
    if result.notice and (merged or result.reranker is not None):
        parts.append(Piece(f" ! {one_line(result.notice)} ", Role.WARNING))
        if result.reranker is None:
            parts.append(Piece(" Shift-F2 lists the rerankers", Role.MUTED))
    return tuple(parts)


_NAMED_RANKS = 3

NARROW = 100
"""Below so many columns the two lists become one."""

THREE_COLUMNS = 150
"""From so many columns on the passage stands beside the lists."""


@dataclass(frozen=True)
class View:
    """All that the screen shows; `folder` is as people write it."""

    session: SearchState
    progress: IndexProgress
    folder: str
    download: DownloadProgress | None = None
    case: CaseProgress | None = None
    tuning: TuningProgress | None = None

    def blank(self) -> LinesFor | None:
        """The words that stand for results, None where there are results."""
        session, progress = self.session, self.progress
        result, error = session.result, session.error
        if not session.asks:
            return lambda cells: blanks.welcome(progress, self.folder, cells)
        if result is None and error is not None:
            return lambda cells: blanks.failed(error, cells)
        if result is None:
            return blanks.searching
        if not result.hits:
            return lambda cells: blanks.nothing_found(result.query, progress, cells)
        return None


class SearchView(Container):
    """Query line, results or words in their place, passage, and three lines of state."""

    DEFAULT_CSS = """
    SearchView {
        & #notice { height: 1; display: none; }
        & #main { height: 1fr; layout: vertical; }
        & #blank { height: 1fr; }
        & Results { height: 3fr; }
        & PassageView { height: 2fr; }
        & IndexLine, & KeyLine { height: 1; }
        &.-three-columns {
            & #main { layout: horizontal; }
            & Results { width: 2fr; height: 1fr; }
            & PassageView { width: 1fr; height: 1fr; margin-left: 1; }
        }
        &.-weighing { & TimingLine, & IndexLine, & KeyLine { display: none; } }
    }
    """

    _view: View | None = None

    def compose(self) -> ComposeResult:
        """The regions from top to bottom."""
        yield QueryLine()
        yield Block(id="notice")
        with Container(id="main"):
            yield Block(id="blank")
            yield Results()
            yield PassageView()
        yield TimingLine()
        yield IndexLine()
        yield KeyLine()

    @property
    def merged(self) -> bool:
        """Whether both orders are in one list."""
        return self.size.width < NARROW

    def on_resize(self) -> None:
        """Arrange the regions for the new width."""
        self.set_class(self.size.width >= THREE_COLUMNS, "-three-columns")
        if self._view is not None:
            self.show(self._view)

    def show(self, view: View) -> None:
        """Show all of it."""
        self._view = view
        session, result = view.session, view.session.result
        # The panel of the weights lies below, and covers nothing that it changes.
        self.set_class(session.weighing, "-weighing")
        self.styles.padding = (0, 0, PANEL_LINES if session.weighing else 0, 0)
        self._show_results(view)
        self._show_notice(session)
        self.query_one(Chips).show(str(session.source), self._reranked_by(session))
        timings = result.timings if result else None
        figures = Figures.of(session) if session.judges else None
        self.query_one(TimingLine).show(timings, session.latencies, session.progress, figures)
        self.query_one(IndexLine).show(
            view.progress, view.folder, view.download, view.case, view.tuning
        )
        self.query_one(KeyLine).show(self._offer(session), judges=session.judges)

    def _show_results(self, view: View) -> None:
        session, result, blank = view.session, view.session.result, view.blank()
        self.query_one("#blank", Block).display = blank is not None
        self.query_one(Results).display = blank is None
        self.query_one(PassageView).display = blank is None
        if blank is not None:
            self.query_one("#blank", Block).show(blank)
        else:
            self.query_one(Results).show(session, self.merged)
        pattern = word_pattern(wanted_words(result.query)) if result else None
        source = result.source if result else session.source
        fusion = result.fusion if result else Fusion()
        self.query_one(PassageView).show(
            session.shown_hit, source, fusion, pattern, session.best_span, session.grade
        )

    def _offer(self, session: SearchState) -> Offer | None:
        beyond = session.offered
        if beyond is None:
            return None
        return missed_offer(beyond.missed, len(beyond.result.hits), beyond.total)

    def _reranked_by(self, session: SearchState) -> str:
        """The reranker; all that makes the order, where no list has a title that says so."""
        result, name = session.result, session.reranker
        if name is None:
            return NO_RERANKER
        if not self.merged or result is None or result.reranker != name:
            return name
        return mix(name, result.fusion, result.source)

    def _show_notice(self, session: SearchState) -> None:
        line = notice_line(session.result, session.error, self.merged)
        notice = self.query_one("#notice", Block)
        notice.display = bool(line)
        notice.show(lambda _cells: (line,))


def missed_offer(found: Sequence[Missed], candidates: int, total: int) -> Offer:
    """That some of the `total` passages after the candidates belong among the first, and where."""
    ranks = sorted(each.hit.before_rank for each in found)
    named = ", ".join(str(rank) for rank in ranks[:_NAMED_RANKS])
    more = ", …" if len(ranks) > _NAMED_RANKS else ""
    span = f"{candidates + 1}-{candidates + total}"
    return "F7", f"{len(ranks)} of ranks {span} would enter the top 10: {named}{more}"
