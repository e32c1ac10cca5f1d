"""Tuning: once for each model and machine, while nobody wants anything, the fastest way is found.

In: an index that is up to date, and nothing asked, pressed or changed for a while. Out: requests to
the bridge; what is being measured, shown. Whatever asks for an answer, opens a screen or changes
the index holds it, and it goes on at the next rest. Does not know how anything is measured.
"""

from __future__ import annotations

from textual.timer import Timer

from docsearch.domain.progress import Phase
from docsearch.tui import messages
from docsearch.tui.screens.reading_on import ReadingOnScreen

TUNING_REST_SECONDS = 30.0
"""Nothing was asked, pressed or changed for so long: measuring would be disturbed otherwise."""

_UP_TO_DATE = (Phase.READY, Phase.READ_ONLY)


class TuningScreen(ReadingOnScreen):
    """The search screen at rest, with the models not tuned yet."""

    _before_tuning: Timer | None = None
    _is_tuning = False
    _is_tuned = False

    def tune(self) -> None:
        """Begin, unless that is out of place."""
        self._before_tuning = None
        if self._may_tune():
            self._is_tuning = True
            self._bridge.tune()

    def on_tuning_moved(self, message: messages.TuningMoved) -> None:
        """Show what is being measured; what was on its way when it was stopped is late."""
        if not self._is_tuning:
            return
        self._tuning = message.progress
        if message.progress is None:
            self._is_tuning, self._is_tuned = False, True
        self._show()

    def on_index_moved(self, message: messages.IndexMoved) -> None:
        """Leave the machine to the index."""
        if message.progress.phase not in _UP_TO_DATE:
            self._stop_tuning()

    def on_screen_suspend(self) -> None:
        """Leave the machine to the screen that opens."""
        self._stop_tuning()

    def _request(self, *, asked_for: bool = False) -> None:
        self._stop_tuning()
        super()._request(asked_for=asked_for)

    def _rest(self) -> None:
        super()._rest()
        if self._before_tuning is not None:
            self._before_tuning.stop()
        wanted = self._may_tune()
        self._before_tuning = self.set_timer(TUNING_REST_SECONDS, self.tune) if wanted else None

    def _stop_tuning(self) -> None:
        if self._is_tuning:
            self._is_tuning, self._tuning = False, None
            self._bridge.stop_tuning()

    def _may_tune(self) -> bool:
        return (
            self._settings.tune
            and self.is_active
            and not self._is_tuning
            and not self._is_tuned
            and self._download is None
            and self.progress.phase in _UP_TO_DATE
            and not self.session.running
        )
