"""From the search screen to what explains its results: one of them, two of them, the whole list.

In: keys. Out: a screen over the search screen; on its return, the selection or a file to open. Does
not know what the screens show. Each is imported when it is asked for: the first picture does not
wait for what is behind a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from docsearch.domain.document import StoredChunk
from docsearch.tui.choices import is_service, numbered
from docsearch.tui.rendering.hit_rows import Side
from docsearch.tui.screens.fusing import FusingScreen
from docsearch.tui.search_engine import ContrastRequest, WhereaboutsRequest
from docsearch.tui.selection import index_of
from docsearch.tui.widgets.search_view import SearchView

if TYPE_CHECKING:
    from docsearch.tui.screens.dialog import Departure

_NOT_RERANKED = (
    "Nothing was reranked, so no reranker put the one marked result above the other. "
    "F2 turns a reranker on; F8 takes a mark away."
)
_UNRANKED = (
    "One of the two marked results was not reranked here, so there is no order of the two to ask "
    "about. F8 takes a mark away."
)


class InspectingScreen(FusingScreen):
    """The search screen, as far as it is about why results stand where they stand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "inspect", "Why is it here", priority=True),
        Binding("f7", "whole_list", "The whole list", priority=True),
        Binding("f8", "mark", "Mark to compare", priority=True),
        Binding("f9", "save_case", "Save a case file", priority=True),
    ]

    @dataclass
    class OpenAsked(Message):
        """The file of this passage is to be opened."""

        passage: StoredChunk

    def action_inspect(self) -> None:
        """Explain the selected result, or why one of the two marked ones is above the other."""
        session = self.session
        if not self._is_final() or session.result is None or session.hit is None:
            return
        pair = session.pair
        if pair is not None:
            from docsearch.tui.screens.contrast import ContrastScreen

            request = ContrastRequest(session.result, *pair)
            self.app.push_screen(ContrastScreen(request, self._bridge.explaining))
            return
        if session.asks_for_pair:
            self.app.notify(_UNRANKED if session.result.reranker else _NOT_RERANKED)
            return
        from docsearch.tui.inspected import Inspected
        from docsearch.tui.screens.inspector import InspectorScreen

        merged = self.query_one(SearchView).merged
        hits = tuple(session.order(Side.MERGED if merged else session.walked))
        start = Inspected.of(session.result, hits, session.hit)
        others = numbered(self._states or ())
        inspector = InspectorScreen(start, self._bridge.explaining, others)
        self.app.push_screen(inspector, self._left)

    def action_whole_list(self) -> None:
        """Show what reranking did to the whole list."""
        session = self.session
        if not self._is_final() or session.result is None or not session.result.hits:
            return
        if session.result.reranker is None:
            self.app.notify("Nothing was reranked, so nothing moved. F2 turns a reranker on.")
            return
        from docsearch.tui.overview import Overview
        from docsearch.tui.screens.whole_list import WholeListScreen

        start = Overview.of(session.result, session.selected)
        if session.beyond is not None and session.has_read_on:
            known = session.beyond
            start = start.read_on(start.request, known.scored, known.total, known.missed)
        self.app.push_screen(WholeListScreen(start, self._bridge.explaining), self._left)

    def action_mark(self) -> None:
        """Mark the selected result, or take its mark away."""
        self.session = self.session.marked()
        self._show()

    def action_why_not(self) -> None:
        """Ask for a file, and tell where it was lost."""
        if self.session.asks:
            from docsearch.tui.screens.why_not import WhyNotScreen

            self.app.push_screen(WhyNotScreen(self._asked_for, self._bridge.explaining))

    def _asked_for(self, target: str) -> WhereaboutsRequest:
        session, reranker = self.session, self.session.reranker
        answered = self._answered_by_service() and not session.running
        if is_service(reranker, self._states or ()) and not answered:
            # The question alone is no leave to send it every candidate.
            reranker = None
        asked = (session.typed, session.source, reranker, target, session.fusion)
        return WhereaboutsRequest(*asked)

    def action_save_case(self) -> None:
        """Ask whether to keep the answer, with what is to be measured of the selected result."""
        session = self.session
        if not self._is_final() or session.result is None or session.hit is None:
            return
        from docsearch.tui.screens.case import offer_case

        offer_case(self.app, self._bridge.explaining, session.result, session.hit)

    def _is_final(self) -> bool:
        if self.session.running and not self.session.is_final:
            self.app.notify(_unfinished(self.session.progress))
        return self.session.is_final

    def _left(self, departure: Departure | None) -> None:
        if departure is None:
            return
        hits = self.session.result.hits if self.session.result else ()
        if index_of(hits, departure.selected) is not None:
            self._select(self.session.picked(departure.selected))
        if departure.opened is not None:
            self.post_message(self.OpenAsked(departure.opened))


def _unfinished(progress: tuple[int, int] | None) -> str:
    """Why nothing can be explained yet."""
    if progress is None:
        return "The answer is not there yet; ask again when it is."
    read, total = progress
    return f"The order is not final yet: {read} of {total} pairs are read. Ask again when all are."
