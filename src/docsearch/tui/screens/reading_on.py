"""Reading on: what lies beyond the candidates is looked at while nobody wants anything else.

In: an answer that stands, and nothing pressed. Out: requests to the bridge, and the session with
what they found. Whatever asks for another answer, opens a screen or changes the index ends it. Does
not know how far beyond is read, nor how it is shown.
"""

from __future__ import annotations

from textual.timer import Timer

from docsearch.domain.progress import Phase
from docsearch.tui import messages
from docsearch.tui.screens.inspecting import InspectingScreen
from docsearch.tui.search_engine import OverviewRequest

REST_SECONDS = 4.0
"""Nothing was asked, pressed or changed for so long: the person reads, or is away."""

_SETTLED = (Phase.READY, Phase.READ_ONLY)


class ReadingOnScreen(InspectingScreen):
    """The search screen at rest. What fails here is told where it is asked for, by F7."""

    _resting: Timer | None = None
    _reading: OverviewRequest | None = None

    def read_on(self) -> None:
        """Look beyond the candidates of the answer that is shown, unless that is out of place."""
        self._resting = None
        result = self.session.result
        if result is not None and self._may_read_on():
            self._reading = OverviewRequest(result)
            self._bridge.explaining.read_on(self._reading, self.post_message)

    def on_missed_moved(self, message: messages.MissedMoved) -> None:
        """Keep what was found."""
        found = (message.scored, message.total, message.missed)
        self.session = self.session.read_on(message.request.result, *found)
        self._show()

    def on_index_moved(self, message: messages.IndexMoved) -> None:
        """Leave the models to the index."""
        if message.progress.phase not in _SETTLED:
            self._stop_reading()

    def on_screen_suspend(self) -> None:
        """Leave the models to the screen that opens."""
        self._stop_reading()

    def on_screen_resume(self) -> None:
        """At rest again."""
        self._rest()

    def _request(self, *, asked_for: bool = False) -> None:
        self._stop_reading()
        super()._request(asked_for=asked_for)

    def _show(self) -> None:
        super()._show()
        self._rest()

    def _rest(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        wanted = self._may_read_on()
        self._resting = self.set_timer(REST_SECONDS, self.read_on) if wanted else None

    def _stop_reading(self) -> None:
        self._reading = None
        self._bridge.explaining.stop_reading()

    def _may_read_on(self) -> bool:
        session, result = self.session, self.session.result
        return (
            self._settings.look_beyond
            and self.is_active
            and self._reading is None
            and self.progress.phase in _SETTLED
            and session.is_final
            and not session.running
            and not session.has_read_on
            and result is not None
            and bool(result.hits)
            and result.reranker is not None
            and not self._answered_by_service()
        )
