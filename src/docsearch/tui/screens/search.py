"""The screen: it routes between keys, session, engine and what is shown.

In: keys, and messages of the bridge. Out: requests to the bridge; the session, shown. Does not know
how anything is drawn, found or scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from docsearch.domain.document import StoredChunk
from docsearch.domain.model import Availability, ModelState
from docsearch.domain.progress import DownloadProgress, IndexProgress, Phase
from docsearch.domain.query import CandidateSource
from docsearch.domain.settings import Settings
from docsearch.tui import messages
from docsearch.tui.choices import next_reranker, next_source
from docsearch.tui.engine_bridge import EngineBridge
from docsearch.tui.history import History
from docsearch.tui.rendering.hit_rows import Side
from docsearch.tui.rendering.places import from_home
from docsearch.tui.screens.dialog import Choice
from docsearch.tui.screens.help import HelpScreen
from docsearch.tui.screens.rerankers import RerankersScreen
from docsearch.tui.search_engine import SearchRequest, SentenceRequest
from docsearch.tui.session import Session
from docsearch.tui.widgets.hit_list import HitList
from docsearch.tui.widgets.passage_view import PassageBody
from docsearch.tui.widgets.search_view import SearchView, View

CATCH_UP_SECONDS = 0.15
INDEXING_CATCH_UP_SECONDS = 2.0
"""How soon a change of the index is searched anew; more rarely while indexing needs the models."""


class SearchScreen(Screen[None]):
    """Query line, results, passage, and three lines of state."""

    DEFAULT_CSS = """
    SearchScreen { background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "move(-1)", "Result above", priority=True),
        Binding("down,ctrl+n", "move(1)", "Result below", priority=True),
        Binding("tab,shift+tab", "switch_list", "Other list", priority=True),
        Binding("pageup", "page(-1)", "Passage up", priority=True),
        Binding("pagedown", "page(1)", "Passage down", priority=True),
        Binding("ctrl+y", "copy", "Copy path:line", priority=True),
        Binding("ctrl+r", "again", "Search again", priority=True),
        Binding("ctrl+up", "history(-1)", "Earlier query", priority=True),
        Binding("ctrl+down", "history(1)", "Later query", priority=True),
        Binding("f2", "next_reranker", "Next reranker", priority=True),
        Binding("f14,shift+f2", "rerankers", "All rerankers", priority=True),
        Binding("f3", "movers", "Biggest movers first", priority=True),
        Binding("ctrl+t", "next_source", "Next candidate source", priority=True),
        Binding("f1", "help", "Help", priority=True),
        Binding("question_mark", "help_on_empty", "Help", priority=True),
        Binding("escape", "clear_or_leave", "Clear, then leave", priority=True),
    ]

    @dataclass
    class OpenAsked(Message):
        """The file of this passage is to be opened."""

        passage: StoredChunk

    @dataclass
    class CopyAsked(Message):
        """The address of this passage is to be copied."""

        passage: StoredChunk

    def __init__(
        self, folder: Path, settings: Settings, bridge: EngineBridge, history: History
    ) -> None:
        super().__init__()
        self.history = history
        self.session = Session(source=settings.source, reranker=settings.reranker_name)
        self.progress = IndexProgress()
        self._folder = from_home(folder, Path.home())
        self._offline = settings.offline
        self._bridge = bridge
        self._states: tuple[ModelState, ...] | None = None
        self._download: DownloadProgress | None = None
        self._catching_up = False
        self._searched_at = 0

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

    def _ask(self, typed: str) -> None:
        self.session = self.session.asked(typed)
        self._request()

    def _request(self) -> None:
        if self.session.running:
            self._searched_at = self.progress.generation
            self._bridge.search(
                SearchRequest(
                    self.session.generation,
                    self.session.typed,
                    self.session.source,
                    self.session.reranker,
                )
            )
        else:
            self._bridge.cancel_search()
        self._show()

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

    def _catch_up(self) -> None:
        if self.session.running:
            self.set_timer(CATCH_UP_SECONDS, self._catch_up)
            return
        self._catching_up = False
        if self.session.asks and self.progress.generation != self._searched_at:
            self.session = self.session.asked_again()
            self._request()

    def on_rerankers_known(self, message: messages.RerankersKnown) -> None:
        """Remember which rerankers there are."""
        self._states = message.states

    def on_download_moved(self, message: messages.DownloadMoved) -> None:
        """Show how much has arrived."""
        self._download = message.progress
        self._show()

    def on_download_ended(self, message: messages.DownloadEnded) -> None:
        """Use the model, or say why it is not here."""
        self._download = None
        if message.error is not None:
            self.app.notify(
                str(message.error), title=message.error.title, severity="error", markup=False
            )
            self._show()
            return
        self.app.notify(f"{message.model} is on disk.", markup=False)
        self._use_reranker(message.model)

    def on_crashed(self, message: messages.Crashed) -> None:
        """A fault of the program ends it, with its traceback."""
        raise message.error

    # What the keys do ------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Select the result `rows` further down."""
        merged = self.query_one(SearchView).merged
        self._select(self.session.moved(rows, merged))

    @on(HitList.Picked)
    def _picked(self, message: HitList.Picked) -> None:
        self._select(self.session.walking(message.side).picked(message.chunk_id))

    def _select(self, session: Session) -> None:
        before, self.session = self.session, session
        self._look_for_sentence(before)
        self._show()

    def action_switch_list(self) -> None:
        """Walk the other list."""
        other = Side.BEFORE if self.session.walked is Side.AFTER else Side.AFTER
        self.session = self.session.walking(other)
        self._show()

    def action_page(self, pages: int) -> None:
        """Scroll the passage."""
        self.query_one(PassageBody).page(pages)

    @on(Input.Submitted, "#query")
    def action_open(self) -> None:
        """Open the selected passage's file where it stands."""
        if self.session.hit is not None:
            self._remember()
            self.post_message(self.OpenAsked(self.session.hit.passage))

    def action_copy(self) -> None:
        """Copy path:line of the selected passage."""
        if self.session.hit is not None:
            self._remember()
            self.post_message(self.CopyAsked(self.session.hit.passage))

    def action_again(self) -> None:
        """Search for the same again."""
        if self.session.asks:
            self._remember()
            self._ask(self.session.typed)

    def action_history(self, steps: int) -> None:
        """Bring an earlier or later query into the query line."""
        query = self.query_one("#query", Input)
        self.history, query.value = self.history.stepped(steps, query.value)
        query.cursor_position = len(query.value)

    def action_next_source(self) -> None:
        """Take the candidates from the next source."""
        self.use_source(next_source(self.session.source))

    def use_source(self, source: CandidateSource) -> None:
        """Take the candidates from this source."""
        self.session = self.session.with_source(source)
        self._ask(self.session.typed)

    def action_next_reranker(self) -> None:
        """Rerank with the next model that is here, or not at all."""
        states = self._states or ()
        if any(state.availability is Availability.READY for state in states):
            self._use_reranker(next_reranker(self.session.reranker, states))
        else:
            self.action_rerankers()

    def action_rerankers(self) -> None:
        """List every reranker."""
        if self._states is None:
            self.app.notify("The rerankers are being looked for; try again in a moment.")
            return
        choices = RerankersScreen(self._states, self.session.reranker, self._offline)
        self.app.push_screen(choices, self._chosen)

    def _chosen(self, choice: Choice | None) -> None:
        if choice is None:
            return
        if choice.download and choice.name is not None:
            self.app.notify(f"Downloading {choice.name}.", markup=False)
            self._bridge.pull(choice.name)
        else:
            self._use_reranker(choice.name)

    def _use_reranker(self, name: str | None) -> None:
        self.session = self.session.with_reranker(name)
        self._ask(self.session.typed)

    def action_movers(self) -> None:
        """Order the after list by biggest mover, and back."""
        self.session = self.session.sorted_by_movement(not self.session.by_movement)
        self._show()

    def action_help(self) -> None:
        """Show the help."""
        self.app.push_screen(HelpScreen())

    action_help_on_empty = action_help

    def action_clear_or_leave(self) -> None:
        """Clear the query; leave when there is none."""
        if self.session.typed:
            self.clear()
        else:
            self.app.exit()

    def clear(self) -> None:
        """Clear the query; it stays in the history."""
        self._remember()
        self.query_one("#query", Input).value = ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A question mark is help only where it could not be part of a query."""
        return action != "help_on_empty" or not self.session.typed

    def _remember(self) -> None:
        self.history = self.history.remembering(self.session.typed)

    def _show(self) -> None:
        view = View(self.session, self.progress, self._folder, self._download)
        self.query_one(SearchView).show(view)
