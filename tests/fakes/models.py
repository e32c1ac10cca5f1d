"""Models without files: rerankers that are at hand, and one that has not been downloaded."""

from __future__ import annotations

from dataclasses import replace

from docsearch.domain.errors import ModelError
from docsearch.domain.model import (
    Availability,
    ModelDescription,
    ModelKind,
    ModelState,
    Provenance,
    ScoreKind,
)
from docsearch.domain.runtime import REFERENCE, RuntimeChoice
from docsearch.ports import DownloadListener, Embedder, Reranker
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.reranker import FakeReranker

FAR_AWAY = "far-away"


class FakeModels:
    """`rerankers` are on disk, `FAR_AWAY` is not; `loaded` names what was loaded, in order.

    As with real ones, those that go by a folder's path are known, and not listed.
    """

    def __init__(self, *rerankers: Reranker) -> None:
        self.rerankers = {each.name: each for each in rerankers or (FakeReranker("at-hand"),)}
        self.loaded: list[str] = []

    def states(self) -> tuple[ModelState, ...]:
        names = [name for name in self.rerankers if not name.startswith("/")]
        return tuple(self.state(name) for name in (*names, FAR_AWAY))

    def state(self, name: str) -> ModelState:
        name = name.removeprefix("test/")
        if name not in {*self.rerankers, FAR_AWAY}:
            raise ModelError(f"no model is called {name}")
        description = ModelDescription(
            name=name,
            kind=ModelKind.CROSS_ENCODER,
            hub_id=f"test/{name}",
            revision="0" * 40,
            files=(),
            download_bytes=1,
            parameters=1,
            licence="MIT",
            languages=("en",),
            window=64,
            first_stage_weight=0.25,
            score=ScoreKind.LOGIT,
        )
        here = name in self.rerankers
        return ModelState(description, Availability.READY if here else Availability.NOT_DOWNLOADED)

    def provenance(self, name: str) -> Provenance:
        return Provenance(self.state(name).description.revision, ())

    def runs_on(self, name: str) -> RuntimeChoice:
        return REFERENCE

    def pull(self, name: str, listener: DownloadListener) -> None:
        raise ModelError(f"{name} cannot be fetched in a test")

    def load_embedder(self) -> Embedder:
        return FakeEmbedder()

    def load_reranker(self, name: str) -> Reranker:
        self.loaded.append(name)
        return self.rerankers[name]


class HostedModels(FakeModels):
    """The same, as services."""

    def state(self, name: str) -> ModelState:
        state = super().state(name)
        return replace(state, description=replace(state.description, hosted=True))
