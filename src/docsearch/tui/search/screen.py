"""The search screen's keys: each changes the state, asks for something, or opens a screen.

In: keys. Out: another state; requests. Does not know how anything is drawn, found or scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError
from docsearch.domain.progress import IndexProgress
from docsearch.domain.query import CandidateSource
from docsearch.domain.settings import Settings
from docsearch.presentation.places import from_home
from docsearch.tui.background import Background
from docsearch.tui.cases import Cases
from docsearch.tui.choices import next_source
from docsearch.tui.history import History
from docsearch.tui.rerankers import Rerankers
from docsearch.tui.search import doors
from docsearch.tui.search.asking import Asking
from docsearch.tui.search.bindings import BINDINGS
from docsearch.tui.search.hit_list import HitList
from docsearch.tui.search.hit_rows import Side
from docsearch.tui.search.idle import UP_TO_DATE, ReadingOn, Rest, Tuning
from docsearch.tui.search.judging import Judging
from docsearch.tui.search.shown import Shown
from docsearch.tui.search.state import SearchState
from docsearch.tui.search.view import SearchView, View
from docsearch.tui.selection import index_of
from docsearch.tui.widgets.passage_view import PassageBody

if TYPE_CHECKING:
    from docsearch.tui.dialogs.frame import Departure

ENTER_TWICE_SECONDS = 0.3
"""Enter again within so many seconds is another key."""


class SearchScreen(Screen[None]):
    """Query line, results, passage, and three lines of state; everything else is over it."""

    DEFAULT_CSS = """
    SearchScreen { background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    @dataclass
    class CannotOpen(Message):
        """The engine cannot be opened: there is nothing to search."""

        error: DocsearchError

    @dataclass
    class OpenAsked(Message):
        """The file of this passage is to be opened."""

        passage: StoredChunk

    @dataclass
    class CopyAsked(Message):
        """The address of this passage is to be copied."""

        passage: StoredChunk

    def __init__(
        self, folder: Path, settings: Settings, background: Background, history: History
    ) -> None:
        super().__init__()
        self.history = history
        start = SearchState(source=settings.source, reranker=settings.reranker_name)
        self.shown = Shown(self, start, self._draw)
        self.rerankers = Rerankers(
            self, background, settings, self.use_reranker, self.shown.show_download
        )
        self.cases = Cases(self, background, self.shown.show_case)
        self.judging = Judging(self, background, self.shown)
        self.reading_on = ReadingOn(self, background, self.shown, self.rerankers, settings)
        self.tuning = Tuning(self, background, self.shown, settings)
        self._rest = Rest(self, (self.reading_on, self.tuning))
        self._asking = Asking(self, background, self.shown, self.rerankers, self._rest.leave)
        self._background = background
        self._folder = from_home(folder, Path.home())
        self._opening: Timer | None = None

    @property
    def now(self) -> SearchState:
        """What is shown."""
        return self.shown.now

    def compose(self) -> ComposeResult:
        """Everything is in one view."""
        yield SearchView()

    def on_mount(self) -> None:
        """Paint first; only then start the engine."""
        self.shown.show()
        self.query_one("#query", Input).focus()
        self.call_after_refresh(
            self._background.start, self, self._follow, self.rerankers.known, self._give_up
        )

    def on_unmount(self) -> None:
        """Leave all work but what must be kept."""
        self._background.close()

    def on_screen_suspend(self) -> None:
        """Leave the models to the screen that opens."""
        self._rest.leave()

    def on_screen_resume(self) -> None:
        """At rest again."""
        self._rest.again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A question mark is help, and a sign judges, only where it is not for the query."""
        if action == "judge_row":
            return self.now.judges
        return action != "help_on_empty" or not self.now.typed

    def _draw(self) -> None:
        shown = self.shown
        view = View(
            shown.now, shown.progress, self._folder, shown.download, shown.case, shown.tuning
        )
        self.query_one(SearchView).show(view)
        self.judging.look()
        self._rest.again()

    def _follow(self, progress: IndexProgress) -> None:
        if progress.phase not in UP_TO_DATE:
            self._rest.leave()
        self.judging.follow(progress)
        self._asking.follow(progress)

    # What is asked for -------------------------------------------------------------------------

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        if event.value != self.now.typed:
            self._asking.ask(event.value)

    def action_again(self) -> None:
        """Search for the same again."""
        if self.now.asks:
            self._remember()
            self._asking.ask(self.now.typed, asked_for=True)

    def action_next_source(self) -> None:
        """Take the candidates from the next source."""
        self.use_source(next_source(self.now.source))

    def use_source(self, source: CandidateSource) -> None:
        """Take the candidates from this source."""
        self.shown.now = self.now.with_source(source)
        self._asking.ask(self.now.typed)

    def action_next_reranker(self) -> None:
        """Rerank with the next model that is here, or not at all."""
        self.rerankers.use_next(self.now.reranker)

    def action_reranker(self, digit: int) -> None:
        """Rerank with the model of this digit, or not at all for 0."""
        self.rerankers.use_numbered(digit)

    def action_rerankers(self) -> None:
        """List every reranker."""
        self.rerankers.choose(self.now.reranker, self.use_reranker)

    def use_reranker(self, name: str | None) -> None:
        """Rerank with this model, or not at all."""
        self.shown.now = self.now.with_reranker(name)
        self._asking.ask(self.now.typed, asked_for=True)

    def action_history(self, steps: int) -> None:
        """Bring an earlier or later query into the query line."""
        query = self.query_one("#query", Input)
        self.history, query.value = self.history.stepped(steps, query.value)
        query.cursor_position = len(query.value)

    def _remember(self) -> None:
        self.history = self.history.remembering(self.now.typed)

    # What is shown, and selected -----------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Select the result `rows` further down."""
        self._asking.select(self.now.moved(rows, self.query_one(SearchView).merged))

    @on(HitList.Picked)
    def _picked(self, message: HitList.Picked) -> None:
        self._asking.select(self.now.walking(message.side).picked(message.chunk_id))

    def action_switch_list(self) -> None:
        """Walk the other list."""
        other = Side.BEFORE if self.now.walked is Side.AFTER else Side.AFTER
        self.shown.change(self.now.walking(other))

    def action_movers(self) -> None:
        """Order the after list by biggest mover, and back."""
        self.shown.change(self.now.sorted_by_movement(not self.now.by_movement))

    def action_mark(self) -> None:
        """Mark the selected result, or take its mark away."""
        self.shown.change(self.now.marked())

    def action_page(self, pages: int) -> None:
        """Scroll the passage."""
        self.query_one(PassageBody).page(pages)

    def action_weigh(self) -> None:
        """Open the panel of the weights; the order follows it at once."""
        doors.weigh(self, self.shown, self.rerankers, self.action_move)

    # What opens ----------------------------------------------------------------------------------

    @on(Input.Submitted, "#query")
    def _entered(self) -> None:
        """Once opens the file, twice in a row inspects the result."""
        if self._opening is not None:
            self._opening.stop()
            self._opening = None
            self.action_inspect()
        else:
            self._opening = self.set_timer(ENTER_TWICE_SECONDS, self._entered_once)

    def _entered_once(self) -> None:
        self._opening = None
        self.action_open()

    def action_open(self) -> None:
        """Open the selected passage's file where it stands."""
        hit = self.now.shown_hit
        if hit is not None:
            self._remember()
            self.post_message(self.OpenAsked(hit.passage))

    def action_copy(self) -> None:
        """Copy path:line of the selected passage."""
        hit = self.now.shown_hit
        if hit is not None:
            self._remember()
            self.post_message(self.CopyAsked(hit.passage))

    def action_inspect(self) -> None:
        """Explain the selected result, or why one of the two marked ones is above the other."""
        walked = Side.MERGED if self.query_one(SearchView).merged else self.now.walked
        self._go(
            doors.inspector(self.now, walked, self._background, self.rerankers, self.cases.offer)
        )

    def action_whole_list(self) -> None:
        """Show what reranking did to the whole list."""
        self._go(doors.whole_list(self.now, self._background))

    def action_compare(self) -> None:
        """Compare the rerankers over the candidates of this search."""
        self._go(doors.compare(self.now, self._background, self.rerankers))

    def action_why_not(self) -> None:
        """Ask for a file, and say where it was lost."""
        if self.now.asks:
            self._go(doors.why_not(self.shown, self.rerankers, self._background))

    def action_save_case(self) -> None:
        """Ask whether to keep the answer, with what is to be measured of the selected result."""
        now, unfinished = self.now, doors.not_final(self.now)
        if unfinished:
            self.app.notify(unfinished)
        elif now.is_final and now.result is not None and now.hit is not None:
            self.cases.offer(now.result, now.hit)

    def action_help(self) -> None:
        """Show the help."""
        from docsearch.tui.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen())

    action_help_on_empty = action_help

    def action_clear_or_leave(self) -> None:
        """Clear the query; leave when there is none."""
        if self.now.typed:
            self.clear()
        else:
            self.app.exit()

    def clear(self) -> None:
        """Clear the query; it stays in the history."""
        self._remember()
        self.query_one("#query", Input).value = ""

    def _go(self, door: Screen[Any] | str | None) -> None:
        """Open a screen, or say why it cannot be."""
        if isinstance(door, str):
            self.app.notify(door)
        elif door is not None:
            self.app.push_screen(door, self._left)

    def _left(self, departure: Departure | None) -> None:
        if departure is None:
            return
        hits = self.now.result.hits if self.now.result else ()
        if index_of(hits, departure.selected) is not None:
            self._asking.select(self.now.picked(departure.selected))
        if departure.opened is not None:
            self.post_message(self.OpenAsked(departure.opened))

    def _give_up(self, error: DocsearchError) -> None:
        self.post_message(self.CannotOpen(error))

    # What is judged ------------------------------------------------------------------------------

    def action_judge(self, up: bool) -> None:
        """Give the selected passage the next grade up, or that of not relevant; or take it away."""
        self.judging.judge(up=up)

    action_judge_row = action_judge

    def action_judging_session(self) -> None:
        """Judge what every reranker puts on top for the query, one passage at a time."""
        self.judging.open_session()

    def action_condense(self) -> None:
        """Figures of what is judged alone, and back."""
        self.judging.condense(not self.now.condensed)

    def action_judged_so_far(self) -> None:
        """Show what reranking is worth by all that was judged."""
        self.judging.show_so_far()
