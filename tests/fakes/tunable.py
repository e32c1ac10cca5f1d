"""Models that can be run in several ways, each as fast and as near the reference as it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from docsearch.domain.errors import ModelError
from docsearch.domain.model import Availability, ModelKind, ModelState
from docsearch.domain.ranking import RerankScore
from docsearch.domain.runtime import REFERENCE, Precision, Runtime, RuntimeChoice
from docsearch.ports import Vectors
from docsearch.tuning.sample import Sample, SamplePassage, SampleQuery
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.models import FakeModels
from tests.fakes.reranker import FakeReranker

RERANKER, EMBEDDER, SERVICE, ABSENT = "a-reranker", "all-MiniLM-L6-v2", "a-service", "absent"
FLOAT32 = RuntimeChoice(Runtime.OPENVINO, Precision.FLOAT32)
BFLOAT16 = RuntimeChoice(Runtime.OPENVINO, Precision.BFLOAT16)
INT8 = RuntimeChoice(Runtime.OPENVINO, Precision.INT8)

WORDS = ("soup", "hull", "bees", "bread", "train")
PASSAGES = tuple(
    SamplePassage(f"{word}-{count}.md", " ".join([word] * count + ["and"] * (12 - count)))
    for word in WORDS
    for count in range(4)
)
SAMPLE = Sample(
    PASSAGES,
    tuple(
        SampleQuery(f"{word} with {word}", PASSAGES, {f"{word}-3.md": 3, f"{word}-1.md": 1})
        for word in WORDS
    ),
)


@dataclass(frozen=True)
class Way:
    """One way to run a model.

    `seconds` is what a text takes. With `turned`, the order of every query is another; `off` is
    how far vectors are turned. One that `keeps` reads no text twice. `breaks` is at which read it
    fails, `fault` why it cannot be loaded.
    """

    seconds: float
    turned: bool = False
    off: float = 0.0
    keeps: bool = False
    breaks: int | None = None
    fault: str | None = None


class FakeTunable:
    """`ways` begin with the reference; `clock` goes on as texts are read; `loaded` is in order."""

    def __init__(self, ways: dict[RuntimeChoice, Way]) -> None:
        self.ways = ways
        self.now = 0.0
        self.reads = 0
        self.loaded: list[RuntimeChoice] = []
        self.exported: list[RuntimeChoice] = []

    def clock(self) -> float:
        return self.now

    def state(self, name: str) -> ModelState:
        if name not in {RERANKER, EMBEDDER, SERVICE, ABSENT}:
            raise ModelError(f"no model is called {name}")
        state = FakeModels(FakeReranker(RERANKER)).state(RERANKER)
        kind = ModelKind.BI_ENCODER if name == EMBEDDER else ModelKind.CROSS_ENCODER
        description = replace(state.description, name=name, kind=kind, hosted=name == SERVICE)
        here = Availability.NOT_DOWNLOADED if name == ABSENT else Availability.READY
        return ModelState(description, here)

    def choices(self, name: str) -> tuple[RuntimeChoice, ...]:
        return tuple(self.ways)

    def is_exported(self, name: str, choice: RuntimeChoice) -> bool:
        return choice == REFERENCE or choice in self.exported

    def export(
        self, name: str, choice: RuntimeChoice, listener: Callable[[int, int], None]
    ) -> None:
        self.exported.append(choice)

    def discard_exports(self, name: str, but: RuntimeChoice) -> None:
        self.exported = [each for each in self.exported if each == but]

    def load_embedder(self, choice: RuntimeChoice, say: Callable[[str], None]) -> WayOfEmbedding:
        self._load(choice, say)
        return WayOfEmbedding(self, self.ways[choice])

    def load_reranker(
        self, name: str, choice: RuntimeChoice, say: Callable[[str], None]
    ) -> WayOfReranking:
        self._load(choice, say)
        return WayOfReranking(self, self.ways[choice])

    def _load(self, choice: RuntimeChoice, say: Callable[[str], None]) -> None:
        self.loaded.append(choice)
        fault = self.ways[choice].fault
        if fault is not None:
            say(fault)

    def read(self, way: Way, texts: Sequence[str]) -> None:
        self.reads += 1
        if way.breaks is not None and self.reads > way.breaks:
            raise ModelError("the runtime failed")
        self.now += way.seconds * len(texts)


class WayOfReranking(FakeReranker):
    def __init__(self, models: FakeTunable, way: Way) -> None:
        super().__init__(RERANKER)
        self._models, self._way = models, way
        self._kept: set[str] = set()

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        self._models.read(self._way, [each for each in passages if each not in self._kept])
        if self._way.keeps:
            self._kept.update(passages)
        scores = super().score(query, passages)
        if self._way.turned:
            return [replace(each, raw=-each.raw) for each in scores]
        return scores


class WayOfEmbedding(FakeEmbedder):
    def __init__(self, models: FakeTunable, way: Way) -> None:
        super().__init__()
        self._models, self._way = models, way

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self._models.read(self._way, texts)
        return super().embed_passages(texts) * (1 - self._way.off)

    def embed_query(self, words: str) -> Vectors:
        vector = super().embed_query(words)
        return vector[:, ::-1] if self._way.turned else vector
