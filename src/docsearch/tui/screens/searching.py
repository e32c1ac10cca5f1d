"""What the search screen asks of the engine, what comes back, and how both are shown.

In: what is typed, and messages of the bridge. Out: requests to the bridge; the session, shown. Does
not know which keys there are.
"""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from docsearch.domain.model import ModelState
from docsearch.domain.progress import DownloadProgress, IndexProgress, Phase
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import TuningProgress
from docsearch.tui import messages
from docsearch.tui.choices import is_service
from docsearch.tui.engine_bridge import EngineBridge
from docsearch.tui.rendering.places import from_home
from docsearch.tui.search_engine import SearchRequest, SentenceRequest
from docsearch.tui.session import Session
from docsearch.tui.widgets.search_view import SearchView, View

CATCH_UP_SECONDS = 0.15
INDEXING_CATCH_UP_SECONDS = 2.0
"""How soon a change of the index is searched anew; more rarely while indexing needs the models."""


BLINK_SECONDS = 0.1
"""What is kept waiting no longer than that seems to come at once, without a picture in between.

Switching between rerankers whose scores are known takes less, and is painted once.
"""


class SearchingScreen(Screen[None]):
    """Query line, results, passage, and three lines of state, kept up to date."""

    DEFAULT_CSS = """
    SearchingScreen { background: $background; }
    """

    def __init__(self, folder: Path, settings: Settings, bridge: EngineBridge) -> None:
        super().__init__()
        self.session = Session(source=settings.source, reranker=settings.reranker_name)
        self.progress = IndexProgress()
        self._folder = from_home(folder, Path.home())
        self._bridge = bridge
        self._download: DownloadProgress | None = None
        self._tuning: TuningProgress | None = None
        self._case: messages.CaseMoved | None = None
        self._catching_up = False
        self._searched_at = 0
        self._blink: Timer | None = None
        self._states: tuple[ModelState, ...] | None = None

    def compose(self) -> ComposeResult:
        """Everything is in one view."""
        yield SearchView()

    def on_mount(self) -> None:
        """Paint first; only then start the engine."""
        self._show()
        self.query_one("#query", Input).focus()
        self.call_after_refresh(self._bridge.start, self.post_message)

    def on_unmount(self) -> None:
        """Stop listening to the engine."""
        self._bridge.close()

    # What is asked ---------------------------------------------------------------------------

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        if event.value != self.session.typed:
            self._ask(event.value)

    def _ask(self, typed: str, *, asked_for: bool = False) -> None:
        again = typed == self.session.typed
        self.session = self.session.asked(typed)
        self._request(asked_for=asked_for)
        if again and self.session.running:
            self._show_in_a_blink()
        else:
            self._show()

    def _request(self, *, asked_for: bool = False) -> None:
        if self.session.running:
            self._searched_at = self.progress.generation
            self._bridge.search(
                SearchRequest(
                    self.session.generation,
                    self.session.typed,
                    self.session.source,
                    self.session.reranker,
                    self.session.fusion,
                    asked_for,
                )
            )
        else:
            self._bridge.cancel_search()

    def _look_for_sentence(self, before: Session) -> None:
        """Ask for the best sentence when another passage, or an answer's end, calls for it."""
        now, hit = self.session, self.session.hit
        if hit is None or now.result is None or not now.result.query.words.strip():
            return
        settled = not now.running or now.chosen
        asked_before = (before.selected, before.generation) == (now.selected, now.generation)
        if settled and now.best_span is None and not (asked_before and not before.running):
            self._bridge.find_sentence(
                SentenceRequest(now.result.query.words, hit.passage, now.result.reranker)
            )

    # What comes back -------------------------------------------------------------------------

    def on_search_moved(self, message: messages.SearchMoved) -> None:
        """Show the answer as far as it has come."""
        before = self.session
        self.session = before.received(message.generation, message.event)
        self._look_for_sentence(before)
        if self._blink is None or not self.session.running:
            self._show()

    def on_search_failed(self, message: messages.SearchFailed) -> None:
        """Show the error where the results would be."""
        self.session = self.session.failed(message.generation, message.error)
        self._show()

    def on_sentence_found(self, message: messages.SentenceFound) -> None:
        """Mark the sentence and bring it into view."""
        span = (message.start, message.end)
        self.session = self.session.with_best(message.words, message.chunk_id, span)
        self._show()

    def on_rerankers_known(self, message: messages.RerankersKnown) -> None:
        """Remember which rerankers there are."""
        self._states = message.states

    def on_index_moved(self, message: messages.IndexMoved) -> None:
        """Show the state, and search anew when there is something else to find."""
        changed = message.progress.generation != self.progress.generation
        self.progress = message.progress
        if changed and not self._catching_up:
            self._catching_up = True
            indexing = self.progress.phase is Phase.INDEXING
            self.set_timer(
                INDEXING_CATCH_UP_SECONDS if indexing else CATCH_UP_SECONDS, self._catch_up
            )
        self._show()

    def show_case(self, now: messages.CaseMoved | None) -> None:
        """Show how far a case file is; None where none is being made."""
        self._case = now
        self._show()

    def _catch_up(self) -> None:
        if self.session.running:
            self.set_timer(CATCH_UP_SECONDS, self._catch_up)
            return
        self._catching_up = False
        if self._answered_by_service():
            # It stands until it is asked for again: to lose it would be no use, to send text wrong.
            return
        if self.session.asks and self.progress.generation != self._searched_at:
            self.session = self.session.asked_again()
            self._request()
            self._show()

    def _answered_by_service(self) -> bool:
        result = self.session.result
        return result is not None and is_service(result.reranker, self._states or ())

    def on_crashed(self, message: messages.Crashed) -> None:
        """A fault of the program ends it, with its traceback."""
        raise message.error

    def action_move(self, rows: int) -> None:
        """Select the result `rows` further down."""
        merged = self.query_one(SearchView).merged
        self._select(self.session.moved(rows, merged))

    def _select(self, session: Session) -> None:
        before, self.session = self.session, session
        self._look_for_sentence(before)
        self._show()

    def _show_in_a_blink(self) -> None:
        """Leave what is shown as it is until the answer is whole, or for a blink."""
        if self._blink is None:
            self._blink = self.set_timer(BLINK_SECONDS, self._show)

    def _show(self) -> None:
        if self._blink is not None:
            self._blink.stop()
            self._blink = None
        view = View(
            self.session, self.progress, self._folder, self._download, self._case, self._tuning
        )
        self.query_one(SearchView).show(view)
