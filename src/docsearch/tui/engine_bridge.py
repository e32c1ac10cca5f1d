"""Between the engine, which blocks, and the screen, which never does.

In: requests of the screen. Out: messages, posted from threads of its own; this is the only place
where an engine's event becomes a message. Does not know what the screen does with them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import ParamSpec, Protocol

from textual.message import Message

from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError
from docsearch.domain.model import ModelState
from docsearch.domain.progress import DownloadProgress, IndexProgress
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import SearchEvent
from docsearch.domain.settings import Settings
from docsearch.tui.latest_only import IsStale, LatestOnly
from docsearch.tui.messages import (
    Crashed,
    DownloadEnded,
    DownloadMoved,
    IndexMoved,
    RerankersKnown,
    SearchFailed,
    SearchMoved,
    SentenceFound,
)

Params = ParamSpec("Params")

SEARCH_SETTLES = 0.04
"""Seconds without a keystroke after which a search begins."""

SENTENCE_SETTLES = 0.12
"""Seconds a selection must stand before its best sentence is looked for."""


class SearchEngine(Protocol):
    """What the screen needs of `runtime.engine.Engine`."""

    folder: Path
    settings: Settings

    def start(self) -> None:
        """Begin to open and follow the index."""

    def search(
        self, typed: str, source: CandidateSource, reranker: str | None
    ) -> Iterator[SearchEvent]:
        """The events of one search; blocks, and raises DocsearchError."""

    def rerankers(self) -> tuple[ModelState, ...]:
        """Every reranker that is known."""

    def pull(self, name: str, listener: Callable[[DownloadProgress], None]) -> None:
        """Fetch a model; blocks, and raises DocsearchError."""

    def best_sentence(
        self, words: str, passage: StoredChunk, reranker: str | None
    ) -> tuple[int, int]:
        """Where the passage's best sentence stands; blocks, and raises DocsearchError."""

    def progress(self) -> IndexProgress:
        """The latest snapshot."""

    def subscribe(self, listener: Callable[[IndexProgress], None]) -> Callable[[], None]:
        """Hear of every snapshot, from any thread, until the result is called."""


@dataclass(frozen=True)
class SearchRequest:
    """One search; `generation` tells its answers from those of the others."""

    generation: int
    typed: str
    source: CandidateSource
    reranker: str | None


@dataclass(frozen=True)
class SentenceRequest:
    """The sentence of this passage that fits the words best."""

    words: str
    passage: StoredChunk
    reranker: str | None


class EngineBridge:
    """Asks the engine in the background; `post` must be safe to call from any thread."""

    def __init__(self, engine: SearchEngine, post: Callable[[Message], object]) -> None:
        self._engine = engine
        self._post = post
        self._closed = Event()
        self._searches = LatestOnly(self._guarded(self._search), "search", SEARCH_SETTLES)
        self._sentences = LatestOnly(
            self._guarded(self._find_sentence), "best-sentence", SENTENCE_SETTLES
        )
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Start the engine and listen to it; returns at once."""
        self._unsubscribe = self._engine.subscribe(lambda each: self._tell(IndexMoved(each)))
        self._searches.start()
        self._sentences.start()
        self._in_background(self._start_engine)
        self.look_for_rerankers()

    def close(self) -> None:
        """Stop listening; whatever still runs is not heard any more. Idempotent."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._unsubscribe()
        self._searches.close()
        self._sentences.close()

    def search(self, request: SearchRequest) -> None:
        """Search for this and nothing older."""
        self._searches.ask(request)

    def cancel_search(self) -> None:
        """Leave the search that is running."""
        self._searches.drop()
        self._sentences.drop()

    def find_sentence(self, request: SentenceRequest) -> None:
        """Look for this passage's best sentence and no older one's."""
        self._sentences.ask(request)

    def look_for_rerankers(self) -> None:
        """Find out which rerankers there are."""
        self._in_background(lambda: self._tell(RerankersKnown(self._engine.rerankers())))

    def pull(self, model: str) -> None:
        """Download a model."""
        self._in_background(lambda: self._pull(model))

    def _start_engine(self) -> None:
        self._engine.start()
        self._tell(IndexMoved(self._engine.progress()))

    def _search(self, request: SearchRequest, is_stale: IsStale) -> None:
        try:
            events = self._engine.search(request.typed, request.source, request.reranker)
            with closing(_closable(events)) as stream:
                for event in stream:
                    if is_stale():
                        return
                    self._tell(SearchMoved(request.generation, event))
        except DocsearchError as error:
            self._tell(SearchFailed(request.generation, error))

    def _find_sentence(self, request: SentenceRequest, is_stale: IsStale) -> None:
        try:
            start, end = self._engine.best_sentence(
                request.words, request.passage, request.reranker
            )
        except DocsearchError:
            # The passage is shown without it, and the search itself tells of the same fault.
            return
        if not is_stale():
            self._tell(SentenceFound(request.words, request.passage.chunk_id, start, end))

    def _pull(self, model: str) -> None:
        try:
            self._engine.pull(model, lambda progress: self._tell(DownloadMoved(progress)))
        except DocsearchError as error:
            self._tell(DownloadEnded(model, error))
        else:
            self._tell(RerankersKnown(self._engine.rerankers()))
            self._tell(DownloadEnded(model))

    def _tell(self, message: Message) -> None:
        if not self._closed.is_set():
            self._post(message)

    def _guarded(self, work: Callable[Params, object]) -> Callable[Params, None]:
        """`work`, with a fault of the program handed to the screen, where it ends the program."""

        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> None:
            try:
                work(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - a thread must not die in silence
                self._tell(Crashed(error))

        return guarded

    def _in_background(self, work: Callable[[], object]) -> None:
        Thread(target=self._guarded(work), daemon=True).start()


def _closable(events: Iterator[SearchEvent]) -> Generator[SearchEvent, None, None]:
    """The events as a generator: to close it is to close the engine's own."""
    yield from events
