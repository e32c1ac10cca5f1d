"""Between the engine, which blocks, and the screen, which never does.

In: requests of the screen. Out: messages, posted from threads of its own; this is the only place
where an engine's event becomes a message. Does not know what the screen does with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from threading import Event, Thread
from typing import ParamSpec

from textual.message import Message

from docsearch.domain.errors import DocsearchError
from docsearch.domain.speed import Speed
from docsearch.tui.closable import closable
from docsearch.tui.comparison_bridge import ComparisonBridge
from docsearch.tui.inspection_bridge import InspectionBridge
from docsearch.tui.judging_bridge import JudgingBridge
from docsearch.tui.latest_only import IsStale, LatestOnly
from docsearch.tui.messages import (
    Crashed,
    DownloadEnded,
    DownloadMoved,
    EngineFailed,
    IndexMoved,
    RerankersKnown,
    SearchFailed,
    SearchMoved,
    SentenceFound,
    TuningMoved,
)
from docsearch.tui.pooling_bridge import PoolingBridge
from docsearch.tui.search_engine import SearchEngine, SearchRequest, SentenceRequest

Params = ParamSpec("Params")

SEARCH_SETTLES = 0.04
"""Seconds without a keystroke after which a search begins."""

SENTENCE_SETTLES = 0.12
"""Seconds a selection must stand before its best sentence is looked for."""


class EngineBridge:
    """Opens an engine and asks it, all in the background.

    `open_engine` may import and read as much as it likes: nobody waits for it but the searches.
    """

    def __init__(self, open_engine: Callable[[], SearchEngine]) -> None:
        self._open_engine = open_engine
        self._engine: SearchEngine | None = None
        self._opened, self._closed = Event(), Event()
        self._post: Callable[[Message], object] = lambda _message: None
        self._searches = LatestOnly(self._guarded(self._search), "search", SEARCH_SETTLES)
        self._sentences = LatestOnly(
            self._guarded(self._find_sentence), "best-sentence", SENTENCE_SETTLES
        )
        self._tunings = LatestOnly(self._guarded(self._tune), "tuning")
        self.explaining = InspectionBridge(self._once_open, self._guarded)
        self.comparing = ComparisonBridge(self._once_open, self._guarded)
        self.judging = JudgingBridge(self._once_open, self._guarded)
        self.pooling = PoolingBridge(self._once_open, self._guarded)
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self, post: Callable[[Message], object]) -> None:
        """Open the engine and listen to it; returns at once.

        `post` is given every message, and must be safe to call from any thread.
        """
        self._post = post
        self._searches.start()
        self._sentences.start()
        self._tunings.start()
        self.explaining.start()
        self.comparing.start()
        self.judging.start()
        self.pooling.start()
        self._in_background(self._open)

    def close(self) -> None:
        """Stop listening; whatever still runs is not heard any more. Idempotent."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._opened.set()
        self._unsubscribe()
        self._searches.close()
        self._sentences.close()
        self._tunings.close()
        self.explaining.close()
        self.comparing.close()
        self.judging.close()
        self.pooling.close()

    def stop(self, seconds: float) -> None:
        """Close, and end the engine's work; blocks for so long at most, and for judgments."""
        self.close()
        try:
            self.judging.finish()
        finally:
            if self._engine is not None:
                self._engine.stop(seconds)

    def search(self, request: SearchRequest) -> None:
        """Search for this and nothing older; at once where it is not being typed."""
        self._searches.ask(request, at_once=request.asked_for)

    def cancel_search(self) -> None:
        """Leave the search that is running."""
        self._searches.drop()
        self._sentences.drop()

    def find_sentence(self, request: SentenceRequest) -> None:
        """Look for this passage's best sentence and no older one's."""
        self._sentences.ask(request)

    def tune(self) -> None:
        """Measure how the models run fastest, unless that is known."""
        self._tunings.ask(True, at_once=True)

    def stop_tuning(self) -> None:
        """Leave that for later; returns at once."""
        self._tunings.drop()
        if self._engine is not None:
            self._engine.tuning.stop()

    def speeds(self) -> Mapping[str, Speed]:
        """How fast each reranker reads, by name, where it has been measured."""
        return self._engine.speeds() if self._engine is not None else {}

    def pull(self, model: str) -> None:
        """Download a model."""
        self._in_background(lambda: self._pull(model))

    def _open(self) -> None:
        try:
            engine = self._open_engine()
        except DocsearchError as error:
            self._tell(EngineFailed(error))
            return
        if self._closed.is_set():
            return
        self._engine = engine
        self._unsubscribe = engine.subscribe(lambda each: self._tell(IndexMoved(each)))
        engine.start()
        self._opened.set()
        self._tell(IndexMoved(engine.progress()))
        self._tell(RerankersKnown(engine.rerankers()))
        with suppress(DocsearchError):
            # The first search tells of the same fault, where it matters.
            engine.warm_up()

    def _search(self, request: SearchRequest, is_stale: IsStale) -> None:
        if request.asked_for:
            # It may ask a service that hangs: the next search leaves it behind.
            self._in_background(lambda: self._follow(request, is_stale))
        else:
            self._follow(request, is_stale)

    def _follow(self, request: SearchRequest, is_stale: IsStale) -> None:
        engine = self._once_open()
        if engine is None:
            return
        try:
            events = engine.search(
                request.typed,
                request.source,
                request.reranker,
                request.fusion,
                send=request.asked_for,
            )
            with closing(closable(events)) as stream:
                for event in stream:
                    if is_stale():
                        return
                    self._tell(SearchMoved(request.generation, event))
        except DocsearchError as error:
            self._tell(SearchFailed(request.generation, error))

    def _find_sentence(self, request: SentenceRequest, is_stale: IsStale) -> None:
        engine = self._once_open()
        if engine is None:
            return
        try:
            start, end = engine.best_sentence(request.words, request.passage, request.reranker)
        except DocsearchError:
            # The passage is shown without it, and the search itself tells of the same fault.
            return
        if not is_stale():
            self._tell(SentenceFound(request.words, request.passage.chunk_id, start, end))

    def _tune(self, _wanted: bool, is_stale: IsStale) -> None:
        engine = self._once_open()
        if engine is None:
            return
        with closing(closable(engine.tuning.run())) as steps:
            for progress in steps:
                if is_stale():
                    return
                self._tell(TuningMoved(progress))
        if not is_stale():
            self._tell(TuningMoved(None))

    def _pull(self, model: str) -> None:
        engine = self._once_open()
        if engine is None:
            return
        try:
            engine.pull(model, lambda progress: self._tell(DownloadMoved(progress)))
        except DocsearchError as error:
            self._tell(DownloadEnded(model, error))
        else:
            self._tell(RerankersKnown(engine.rerankers()))
            self._tell(DownloadEnded(model))

    def _once_open(self) -> SearchEngine | None:
        """The engine, waited for; None where the bridge was closed before it was open."""
        self._opened.wait()
        return None if self._closed.is_set() else self._engine

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
