"""The face of docsearch for every front end: search, follow the index, stop.

In: what was typed, and the settings. Out: streams of search events and snapshots of progress.
Does not know whether a screen, a command or a test is asking.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from docsearch.cases.cases import Cases
from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError, ModelError
from docsearch.domain.fusion import Fusion
from docsearch.domain.model import ModelKind, ModelState
from docsearch.domain.progress import IndexProgress
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import SearchEvent
from docsearch.domain.settings import Settings
from docsearch.domain.speed import Speed
from docsearch.inspecting.comparer import Comparer
from docsearch.inspecting.inspector import Inspector
from docsearch.judging.evaluator import Evaluator
from docsearch.judging.judging import Judging
from docsearch.judging.pooling import Pooling
from docsearch.ports import DownloadListener, Embedder, Models
from docsearch.search.query_syntax import parse
from docsearch.search.sentences import best_sentence
from docsearch.serving.explaining import Explaining
from docsearch.serving.index_worker import IndexWorker
from docsearch.serving.inference import InferenceWorker, Priority, WorkerClosedError
from docsearch.serving.parts import Parts
from docsearch.serving.rerankers import ServedRerankers
from docsearch.serving.speeds import Speeds
from docsearch.tuning.idle import IdleTuning

ProgressListener = Callable[[IndexProgress], None]

STOP_SECONDS = 10.0
"""How long stopping waits for the file, the commit and the batch in hand; one of a large model may
take longer."""


class Engine:
    """One opened folder. Methods may be called from any thread; those said to block, block."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        models: Models,
        worker: InferenceWorker,
        embedder: Embedder,
        explaining_embedder: Embedder,
        assemble: Callable[[], Parts],
        speeds: Speeds,
        tuning: IdleTuning,
    ) -> None:
        """The embedders are one model, served at the priorities of a query and of explaining."""
        self.folder = folder
        self.tuning = tuning
        self.settings = settings
        self._models = models
        self._worker = worker
        self._speeds = speeds
        self._embedder = embedder
        self._index = IndexWorker(assemble, self._publish)
        self._lock = Lock()
        self._progress = IndexProgress()
        self._warming: Thread | None = None
        self._listeners: list[ProgressListener] = []
        self._rerankers = ServedRerankers(models, worker, speeds.record)
        self.comparer = Comparer(models, self._rerankers, lambda: self._index.parts().scores)
        explaining = Explaining(
            folder, settings, models, explaining_embedder, self._rerankers, self._index.parts
        )
        self.inspector = Inspector(explaining, self.fusion_with, speeds.known)
        self.cases = Cases(explaining)
        self.judging = Judging(self._index.parts)
        self.evaluator = Evaluator(explaining, self.judging, self.fusion_with, speeds.fingerprint)
        self.pooling = Pooling(
            explaining,
            self.judging,
            self.fusion_with,
            self.evaluator.local_rerankers,
            self.wait_until_ready,
        )

    def start(self) -> None:
        """Open the index, catch up with the folder and watch it, all in the background."""
        self._index.start()

    def warm_up(self) -> None:
        """Load the models before the first query has to wait for them, side by side; blocks.

        Raises ModelError; the first search would raise or tell the same.
        """
        with ThreadPoolExecutor(1, "loading") as beside:
            reranker = beside.submit(self._rerankers.load, self.settings.reranker_name)
            self._embedder.embed_query("")
            reranker.result()

    def warm_up_meanwhile(self) -> None:
        """The same in the background; `stop` waits for it."""
        self._warming = Thread(target=self._warm_up_unheard, name="warm-up", daemon=True)
        self._warming.start()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End all work after the batch in hand; what was committed is kept.

        Blocks for at most `seconds`: a thread that takes longer outlives it, and ends with
        the process.
        """
        end = time.monotonic() + seconds
        self.tuning.close()
        self._worker.close()
        self._index.stop(seconds)
        self._speeds.save()
        self._worker.wait_until_idle(max(0.0, end - time.monotonic()))
        if self._warming is not None:
            self._warming.join(max(0.0, end - time.monotonic()))

    def wait_until_ready(self) -> None:
        """Block until the index has caught up with the folder.

        Raises DocsearchError when the index cannot be opened or written.
        """
        self._index.wait_until_ready()

    def search(
        self,
        typed: str,
        source: CandidateSource,
        reranker: str | None,
        fusion: Fusion | None = None,
        *,
        send: bool = True,
    ) -> Iterator[SearchEvent]:
        """The events of one search, each as soon as it is known; blocks between them.

        Close the iterator to cancel. `reranker` is a name, or None for the first stage's order
        alone; `fusion` makes the order, None what the settings say of this reranker. Without `send`
        no text is sent to a reranker that is a service. That, and one that is not on disk, is no
        error: the result's notice says so. Raises DocsearchError when the index or the bi-encoder
        cannot be used.
        """
        pipeline = self._index.parts().search
        chosen, notice = self._rerankers.at(Priority.QUERY, reranker, send=send)
        yield from pipeline.search(
            parse(typed),
            source,
            self.settings.candidates,
            chosen,
            notice,
            fusion or self.fusion_with(reranker),
        )

    def fusion_with(self, reranker: str | None) -> Fusion:
        """How the order is made with this reranker where nobody says otherwise."""
        if reranker is None:
            return Fusion()
        description = self._models.state(reranker).description
        return self.settings.fusion_with(description.first_stage_weight)

    def best_sentence(
        self, words: str, passage: StoredChunk, reranker: str | None
    ) -> tuple[int, int]:
        """Where in the passage's text the sentence stands that the ranking model likes best.

        The reranker judges where one is on that is no service, else the bi-encoder. Blocks.
        """
        chosen, _ = self._rerankers.at(Priority.QUERY, reranker, send=False)

        def score(query: str, sentences: Sequence[str]) -> list[float]:
            if chosen is not None:
                return [each.raw for each in chosen.score(query, sentences)]
            vectors = self._embedder.embed_passages(sentences)
            return [float(cosine) for cosine in vectors @ self._embedder.embed_query(query)[0]]

        return best_sentence(words, passage.chunk.text, score)

    def rerankers(self) -> tuple[ModelState, ...]:
        """Every cross-encoder that is known, on disk or not, and that of the settings."""
        states = {state.description.name: state for state in self._models.states()}
        if self.settings.reranker_name is not None:
            # A name that means nothing is told of by the searches.
            with suppress(ModelError):
                own = self._models.state(self.settings.reranker_name)
                states.setdefault(own.description.name, own)
        return tuple(
            state for state in states.values() if state.description.kind is ModelKind.CROSS_ENCODER
        )

    def speeds(self) -> Mapping[str, Speed]:
        """How fast each reranker reads, by name, where it has been measured on this machine."""
        return self._speeds.known()

    def pull(self, name: str, listener: DownloadListener) -> None:
        """Fetch a model; blocks. Raises ModelError."""
        self._models.pull(name, listener)

    def progress(self) -> IndexProgress:
        """The latest snapshot."""
        return self._progress

    def subscribe(self, listener: ProgressListener) -> Callable[[], None]:
        """Call `listener` with every snapshot, from a worker thread, until the result is called."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._unsubscribe(listener)

    def _warm_up_unheard(self) -> None:
        # The first search tells of the same fault; whoever stops meanwhile needs no model.
        with suppress(DocsearchError, WorkerClosedError):
            self.warm_up()

    def _unsubscribe(self, listener: ProgressListener) -> None:
        with self._lock:
            self._listeners.remove(listener)

    def _publish(self, progress: IndexProgress) -> None:
        with self._lock:
            self._progress = progress
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(progress)
