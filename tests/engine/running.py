"""An engine on a folder with everything real but its models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Condition

from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Finished, SearchResult
from docsearch.domain.settings import Settings
from docsearch.engine.engine import Engine
from docsearch.ingest.pipeline import IngestPipeline
from docsearch.ingest.prepare import Preparer
from docsearch.readers.registry import default_readers
from docsearch.search.pipeline import SearchPipeline
from docsearch.serving.inference import InferenceWorker
from docsearch.serving.parts import Parts
from docsearch.serving.speeds import Speeds
from docsearch.storage.judgments import SqliteJudgments
from docsearch.storage.layout import IndexLayout
from docsearch.storage.library import Library
from docsearch.storage.scores import SqliteScoreCache
from docsearch.tuning.idle import IdleTuning
from docsearch.watching.folder_watcher import FolderWatcher
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.models import FakeModels, HostedModels
from tests.fakes.preparing import PreparingHere
from tests.fakes.reranker import FakeReranker
from tests.fakes.token_counter import FakeTokenCounter

PATIENCE = 30.0


class Listener:
    """Keeps every snapshot, and waits for the one that is wanted."""

    def __init__(self) -> None:
        self.snapshots: list[IndexProgress] = []
        self._changed = Condition()

    def __call__(self, progress: IndexProgress) -> None:
        with self._changed:
            self.snapshots.append(progress)
            self._changed.notify_all()

    def wait_for(self, phase: Phase, chunks: int) -> IndexProgress:
        def holds() -> bool:
            last = self.snapshots[-1] if self.snapshots else IndexProgress()
            return last.phase is phase and last.chunks == chunks

        with self._changed:
            assert self._changed.wait_for(holds, PATIENCE), self.snapshots[-3:]
            return self.snapshots[-1]


@contextmanager
def running(
    folder: Path,
    data: Path,
    *,
    watch: bool = False,
    update: bool = True,
    settings: Settings | None = None,
    hosted: bool = False,
    models: FakeModels | None = None,
) -> Iterator[tuple[Engine, Listener]]:
    settings, embedder = settings or Settings(), FakeEmbedder()
    kind = HostedModels if hosted else FakeModels
    models = models or kind(FakeReranker("at-hand"), FakeReranker("/models/mine"))
    layout = IndexLayout.of(folder, data)

    def assemble() -> Parts:
        library = Library.open(
            layout,
            embedder_name=embedder.name,
            embedder_fingerprint=embedder.fingerprint,
            dimension=embedder.dimension,
            chunking_fingerprint="test",
            reader_fingerprint=default_readers().fingerprint,
            read_only=not update,
        )
        judgments = SqliteJudgments(layout)
        scores = SqliteScoreCache(layout.scores)
        search = SearchPipeline(embedder, library, scores)
        preparer = Preparer(folder, default_readers(), FakeTokenCounter(), settings)
        ingest = IngestPipeline(folder, PreparingHere(preparer), embedder, library, settings)
        watcher = partial(FolderWatcher, folder) if watch else None
        return Parts(
            library, search, scores, judgments, layout.times, ingest if update else None, watcher
        )

    engine = Engine(
        folder,
        settings,
        models,
        InferenceWorker(),
        embedder,
        embedder,
        assemble,
        Speeds(data / "speeds.json"),
        IdleTuning((), lambda: False),
    )
    listener = Listener()
    engine.subscribe(listener)
    engine.start()
    try:
        yield engine, listener
    finally:
        engine.stop()


def answer(engine: Engine, typed: str, reranker: str | None = None) -> SearchResult:
    *_, last = engine.search(typed, CandidateSource.DENSE, reranker)
    assert isinstance(last, Finished)
    return last.result
