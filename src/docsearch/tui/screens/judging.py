"""Judging while searching: the search screen, as far as it is about grades and what they come to.

In: keys, and messages of the bridge about judgments. Out: grades to keep, at once; the session with
them. Does not know where they are kept, nor how a figure is made of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from docsearch.domain.safe_text import safe_line
from docsearch.domain.settings import Settings
from docsearch.tui import messages
from docsearch.tui.engine_bridge import EngineBridge
from docsearch.tui.screens.comparing import ComparingScreen
from docsearch.tui.search_engine import JudgeRequest, LookRequest, SoFarRequest

if TYPE_CHECKING:
    from docsearch.tui.judging_session import JudgingPlan
    from docsearch.tui.screens.judging_session import JudgingSessionScreen

NOT_ANSWERED = "The answer to what you typed is not there yet; judge when it is."
NOT_KEPT = "This judgment is not kept. {}"


class JudgingScreen(ComparingScreen):
    """The search screen where passages are judged."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus", "judge_row(True)", "Relevant", priority=True),
        Binding("minus", "judge_row(False)", "Not relevant", priority=True),
        Binding("alt+plus", "judge(True)", "Relevant", priority=True),
        Binding("alt+minus", "judge(False)", "Not relevant", priority=True),
        Binding("f10", "judged_so_far", "Judged so far", priority=True),
    ]

    def __init__(self, folder: Path, settings: Settings, bridge: EngineBridge) -> None:
        super().__init__(folder, settings, bridge)
        self._looked_at: object = None
        self._judging: JudgingSessionScreen | None = None

    def on_judgments_seen(self, message: messages.JudgmentsSeen) -> None:
        """Show what is judged, and the figures."""
        request = message.request
        self.session = self.session.seen(request.result, request.number, message.seen)
        self._show()

    def on_judgment_failed(self, message: messages.JudgmentFailed) -> None:
        """Say why a grade is not kept, and show what is."""
        text = safe_line(str(message.error))
        said = text if message.request is None else NOT_KEPT.format(text)
        self.app.notify(said, title=message.error.title, severity="error", markup=False)
        if message.request is not None:
            self.session = self.session.not_kept()
            self._show()

    def action_judge(self, up: bool) -> None:
        """Give the selected passage the next grade up, or that of not relevant; or take it away."""
        session = self.session
        if session.result is None or session.hit is None:
            return
        if not session.is_answered:
            self.app.notify(NOT_ANSWERED)
            return
        typed, passage = session.result.query.typed, session.hit.passage
        self.session, grade = session.judged(up=up)
        self._bridge.judging.judge(JudgeRequest(typed, passage, grade), self.post_message)
        self._show()

    action_judge_row = action_judge

    def action_judging_session(self) -> None:
        """Judge what every reranker puts on top for the query, one passage at a time."""
        from docsearch.tui.judging_session import JudgingPlan

        asked = (self.session.typed,) if self.session.asks else ()
        self.judge(JudgingPlan(asked, self.session.source))

    def judge(self, plan: JudgingPlan, ended: Callable[[], object] = lambda: None) -> None:
        """Open a judging session, and say when it has been left."""
        from docsearch.tui.screens.judging_session import JudgingSessionScreen

        def left(_: None) -> None:
            self._judging = None
            self.session = self.session.not_kept()
            self._show()
            ended()

        self._judging = JudgingSessionScreen(plan, self._bridge, self.progress)
        self.app.push_screen(self._judging, left)

    def on_index_moved(self, message: messages.IndexMoved) -> None:
        """Tell a judging session, which waits for the index."""
        if self._judging is not None:
            self._judging.show_index(message.progress)

    def action_condense(self) -> None:
        """Figures of what is judged alone, and back."""
        self._condensed(not self.session.condensed)

    def action_judged_so_far(self) -> None:
        """Show what reranking is worth by all that was judged."""
        from docsearch.tui.screens.judged_so_far import JudgedSoFarScreen

        session = self.session
        request = SoFarRequest(session.typed, session.source, session.condensed)
        self.app.push_screen(JudgedSoFarScreen(request, self._bridge.judging), self._condensed)

    def _condensed(self, condensed: bool | None) -> None:
        if condensed is not None and condensed != self.session.condensed:
            self.session = self.session.with_condensed(condensed)
            self._show()

    def _show(self) -> None:
        super()._show()
        self._look()

    def _look(self) -> None:
        """Ask what is judged where another answer, or another grade, calls for it."""
        session = self.session
        result = session.result
        if result is None:
            return
        final = result if session.is_final else None
        passages = frozenset(hit.passage.chunk_id for hit in result.hits)
        wanted = (final, result.query.typed, passages, session.given, session.condensed)
        if wanted != self._looked_at:
            self._looked_at = wanted
            request = LookRequest(result, session.given, session.condensed)
            self._bridge.judging.look(request, self.post_message)
