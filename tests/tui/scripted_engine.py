"""An engine that says what it is told to, when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError
from docsearch.domain.fusion import Fusion
from docsearch.domain.model import ModelState
from docsearch.domain.progress import DownloadProgress, IndexProgress
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import SearchEvent
from docsearch.domain.settings import Settings
from docsearch.domain.speed import Speed
from docsearch.ports import DownloadListener
from tests.tui import samples
from tests.tui.scripted_cases import ScriptedCases
from tests.tui.scripted_comparer import ScriptedComparer
from tests.tui.scripted_evaluator import ScriptedEvaluator
from tests.tui.scripted_inspector import ScriptedInspector
from tests.tui.scripted_judging import ScriptedJudging
from tests.tui.scripted_pooling import ScriptedPooling
from tests.tui.scripted_tuning import ScriptedTuning

Answer = Callable[[str], Sequence[SearchEvent | DocsearchError]]


class ScriptedEngine:
    """`asked` and `closed` record the searches; `until` holds a search back after so many events.

    A search that is held back goes on when `go_on` is set.
    """

    def __init__(
        self,
        answer: Answer = samples.events,
        *,
        folder: Path = Path("/home/ada/notes"),
        settings: Settings | None = None,
        states: tuple[ModelState, ...] = samples.MODELS,
        progress: IndexProgress = samples.READY,
        until: int | None = None,
    ) -> None:
        self.folder = folder
        self.settings = settings or Settings(reranker=samples.MODEL)
        self.answer = answer
        self.until = until
        self.go_on = Event()
        self.inspector = ScriptedInspector(self.go_on)
        self.cases = ScriptedCases(self.inspector)
        self.comparer = ScriptedComparer(self.go_on)
        self.tuning = ScriptedTuning()
        self.judging = ScriptedJudging(self.go_on)
        self.pooling = ScriptedPooling(self.go_on, self.judging.kept)
        self.evaluator = ScriptedEvaluator()
        self.measured: dict[str, Speed] = {}
        self.started = Event()
        self.warm = Event()
        self.stopped = False
        self.was_left = Event()
        self.asked: list[tuple[str, CandidateSource, str | None]] = []
        self.fusions: list[Fusion | None] = []
        self.sent: list[bool] = []
        self.left: list[str] = []
        self.pulled: list[str] = []
        self.pull_error: DocsearchError | None = None
        self.sentences: list[tuple[str, int]] = []
        self._states = states
        self._progress = progress
        self._listeners: list[Callable[[IndexProgress], None]] = []

    def start(self) -> None:
        self.started.set()

    def stop(self, seconds: float) -> None:
        self.stopped = True

    def warm_up(self) -> None:
        self.warm.set()

    def search(
        self,
        typed: str,
        source: CandidateSource,
        reranker: str | None,
        fusion: Fusion | None = None,
        *,
        send: bool = True,
    ) -> Iterator[SearchEvent]:
        self.asked.append((typed, source, reranker))
        self.sent.append(send)
        self.fusions.append(fusion)
        try:
            for number, event in enumerate(self.answer(typed)):
                if number == self.until:
                    self.go_on.wait(30)
                if isinstance(event, DocsearchError):
                    raise event
                yield event
        except GeneratorExit:
            self.left.append(typed)
            self.was_left.set()
            raise

    def rerankers(self) -> tuple[ModelState, ...]:
        return self._states

    def speeds(self) -> dict[str, Speed]:
        return self.measured

    def pull(self, name: str, listener: DownloadListener) -> None:
        listener(DownloadProgress(name, "model.safetensors", 45_000_000, 90_900_000))
        if self.pull_error:
            raise self.pull_error
        self.pulled.append(name)

    def best_sentence(
        self, words: str, passage: StoredChunk, reranker: str | None
    ) -> tuple[int, int]:
        self.sentences.append((words, passage.chunk_id))
        text = passage.chunk.text
        start = text.find("Rest 30")
        return (start, text.index(".", start) + 1) if start >= 0 else (0, len(text))

    def progress(self) -> IndexProgress:
        return self._progress

    def subscribe(self, listener: Callable[[IndexProgress], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def report(self, progress: IndexProgress) -> None:
        self._progress = progress
        for listener in tuple(self._listeners):
            listener(progress)
