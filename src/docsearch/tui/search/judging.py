"""Judging while searching: grades of the shown results, and what they come to.

In: keys for the selected passage. Out: grades kept at once; the state with what is judged, and its
figures. Does not know where grades are kept, nor how a figure is made of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from docsearch.domain.errors import DocsearchError
from docsearch.domain.progress import IndexProgress
from docsearch.domain.safe_text import safe_line
from docsearch.tui.background import Background
from docsearch.tui.judge.judgments import keep, look
from docsearch.tui.search.shown import Shown

if TYPE_CHECKING:
    from docsearch.tui.judge.screen import JudgeScreen
    from docsearch.tui.judge.state import JudgingPlan

NOT_ANSWERED = "The answer to what you typed is not there yet; judge when it is."
NOT_KEPT = "This judgment is not kept. {}"


class Judging:
    """The part of the search screen that is about judgments."""

    def __init__(self, screen: Screen[None], background: Background, shown: Shown) -> None:
        self._screen = screen
        self._background = background
        self._shown = shown
        self._looked_at: object = None
        self._session: JudgeScreen | None = None

    def judge(self, *, up: bool) -> None:
        """Give the selected passage the next grade up, or that of not relevant; or take it away."""
        now = self._shown.now
        if now.result is None or now.hit is None:
            return
        if not now.is_answered:
            self._screen.app.notify(NOT_ANSWERED)
            return
        typed, passage = now.result.query.typed, now.hit.passage
        now, grade = now.judged(up=up)
        keep(self._screen, self._background, typed, passage, grade, self._not_kept)
        self._shown.change(now)

    def look(self) -> None:
        """Ask what is judged where another answer, or another grade, calls for it."""
        now, result = self._shown.now, self._shown.now.result
        if result is None:
            return
        final = result if now.is_final else None
        passages = frozenset(hit.passage.chunk_id for hit in result.hits)
        wanted = (final, result.query.typed, passages, now.given, now.condensed)
        if wanted == self._looked_at:
            return
        self._looked_at = wanted
        look(
            self._screen,
            self._background,
            result,
            lambda seen: self._shown.change(self._shown.now.seen(result, now.given, seen)),
            lambda error: self._complain(error, safe_line(str(error))),
            condense=now.condensed,
        )

    def open_session(
        self, plan: JudgingPlan | None = None, ended: Callable[[], object] = lambda: None
    ) -> None:
        """Judge one passage at a time, and call `ended` when that has been left.

        Without a plan it is what every reranker puts on top for what is typed.
        """
        from docsearch.tui.judge.screen import JudgeScreen
        from docsearch.tui.judge.state import JudgingPlan

        def left(_: None) -> None:
            self._session = None
            self._shown.change(self._shown.now.not_kept())
            ended()

        now = self._shown.now
        asked = plan or JudgingPlan((now.typed,) if now.asks else (), now.source)
        self._session = JudgeScreen(asked, self._background, self._shown.progress)
        self._screen.app.push_screen(self._session, left)

    def follow(self, progress: IndexProgress) -> None:
        """Let a judging session know of the index, which it waits for."""
        if self._session is not None:
            self._session.show_index(progress)

    def show_so_far(self) -> None:
        """Show what reranking is worth by all that was judged."""
        from docsearch.tui.judge.so_far import JudgedSoFarScreen

        now = self._shown.now
        screen = JudgedSoFarScreen(now.typed, now.source, now.condensed, self._background)
        self._screen.app.push_screen(screen, self.condense)

    def condense(self, condensed: bool | None) -> None:
        """Figures of condensed lists, or of whole ones; None changes nothing."""
        now = self._shown.now
        if condensed is not None and condensed != now.condensed:
            self._shown.change(now.with_condensed(condensed))

    def _not_kept(self, error: DocsearchError) -> None:
        self._complain(error, NOT_KEPT.format(safe_line(str(error))))
        self._shown.change(self._shown.now.not_kept())

    def _complain(self, error: DocsearchError, text: str) -> None:
        self._screen.app.notify(text, title=error.title, severity="error", markup=False)
