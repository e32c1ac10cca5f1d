"""What the search screen asks of the engine: the answer, and its best sentence.

In: what is typed or changed. Out: the state with the answer as far as it has come; again when the
index has something else to find. Does not know which keys there are.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.ranking import SearchEvent
from docsearch.tui.background import Background
from docsearch.tui.rerankers import Rerankers
from docsearch.tui.search.shown import Shown
from docsearch.tui.search.state import SearchState
from docsearch.tui.topics import Policy

SEARCH_SETTLES = 0.04
"""Seconds without a keystroke after which a search begins."""

SENTENCE_SETTLES = 0.12
"""Seconds a selection must stand before its best sentence is looked for."""

CATCH_UP_SECONDS = 0.15
INDEXING_CATCH_UP_SECONDS = 2.0
"""How soon a change of the index is searched again; more rarely while indexing needs the models."""

_SEARCH, _SENTENCE = "search", "best-sentence"


class Asking:
    """`before` is called before each search."""

    def __init__(
        self,
        screen: Screen[None],
        background: Background,
        shown: Shown,
        rerankers: Rerankers,
        before: Callable[[], object],
    ) -> None:
        self._screen = screen
        self._background = background
        self._shown = shown
        self._rerankers = rerankers
        self._before = before
        self.is_catching_up = False
        """Whether a change of the index is still to be searched."""
        self._searched_at = 0

    def ask(self, typed: str, *, asked_for: bool = False) -> None:
        """Search for this and nothing older.

        `asked_for` is whether the person wants this search as it is, and is not still typing: it
        begins at once, and only then is text sent to a reranker that is a service.
        """
        shown, again = self._shown, typed == self._shown.now.typed
        shown.now = shown.now.asked(typed)
        self._search(asked_for=asked_for)
        if again and shown.now.running:
            shown.change_in_a_blink(shown.now)
        else:
            shown.show()

    def select(self, now: SearchState) -> None:
        """Show the state with another selection, and look for its best sentence."""
        before, self._shown.now = self._shown.now, now
        self._look_for_sentence(before)
        self._shown.show()

    def follow(self, progress: IndexProgress) -> None:
        """Show how the index is, and search again when there is something else to find."""
        shown = self._shown
        changed = progress.generation != shown.progress.generation
        shown.progress = progress
        if changed and not self.is_catching_up:
            self.is_catching_up = True
            indexing = progress.phase is Phase.INDEXING
            seconds = INDEXING_CATCH_UP_SECONDS if indexing else CATCH_UP_SECONDS
            self._screen.set_timer(seconds, self._catch_up)
        shown.show()

    def is_answered_by_service(self) -> bool:
        """Whether text left this machine for the answer that is shown."""
        result = self._shown.now.result
        return result is not None and self._rerankers.is_service(result.reranker)

    def _catch_up(self) -> None:
        shown = self._shown
        if shown.now.running:
            self._screen.set_timer(CATCH_UP_SECONDS, self._catch_up)
            return
        self.is_catching_up = False
        if self.is_answered_by_service():
            # It stands until it is asked for again: to lose it would be no use, to send text wrong.
            return
        if shown.now.asks and shown.progress.generation != self._searched_at:
            shown.now = shown.now.asked_again()
            self._search()
            shown.show()

    def _search(self, *, asked_for: bool = False) -> None:
        self._before()
        now = self._shown.now
        if not now.running:
            self._background.drop(_SEARCH, _SENTENCE)
            return
        self._searched_at = self._shown.progress.generation
        self._background.run(
            self._screen,
            _SEARCH,
            lambda engine: engine.search(
                now.typed, now.source, now.reranker, now.fusion, send=asked_for
            ),
            lambda event: self._received(now.generation, event),
            lambda error: self._failed(now.generation, error),
            policy=Policy.BESIDE if asked_for else Policy.LATEST,
            settle=SEARCH_SETTLES,
        )

    def _received(self, generation: int, event: SearchEvent) -> None:
        before = self._shown.now
        self._shown.now = before.received(generation, event)
        self._look_for_sentence(before)
        self._shown.answer(self._shown.now)

    def _failed(self, generation: int, error: DocsearchError) -> None:
        self._shown.change(self._shown.now.failed(generation, error))

    def _look_for_sentence(self, before: SearchState) -> None:
        """When another passage, or the end of an answer, calls for it."""
        now, hit = self._shown.now, self._shown.now.hit
        if hit is None or now.result is None or not now.result.query.words.strip():
            return
        settled = not now.running or now.chosen
        asked_before = (before.selected, before.generation) == (now.selected, now.generation)
        if settled and now.best_span is None and not (asked_before and not before.running):
            self._find_sentence(now.result.query.words, hit.passage, now.result.reranker)

    def _find_sentence(self, words: str, passage: StoredChunk, reranker: str | None) -> None:
        # Where it fails, the search itself says why.
        self._background.run(
            self._screen,
            _SENTENCE,
            lambda engine: [engine.best_sentence(words, passage, reranker)],
            lambda span: self._shown.change(
                self._shown.now.with_best(words, passage.chunk_id, span)
            ),
            settle=SENTENCE_SETTLES,
        )
