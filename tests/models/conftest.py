"""A tiny real cross-encoder, a hub that serves it, and a registry that knows no other hub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docsearch.models.registry import ModelRegistry
from docsearch.models.store import ModelStore
from docsearch.ports import Embedder, Reranker, TokenCounter
from tests.standins.hub import HubStandIn
from tests.standins.tiny_models import write_cross_encoder

HUB_ID = "someone/tiny"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny cross-encoder; not to be written to."""
    return write_cross_encoder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_model: Path) -> Iterator[HubStandIn]:
    """A hub that holds the tiny model as `someone/tiny`; the process knows no other."""
    from huggingface_hub import close_session, constants

    with HubStandIn() as standin:
        standin.publish(HUB_ID, tiny_model)
        monkeypatch.setenv("HF_ENDPOINT", standin.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
        close_session()
        yield standin
        close_session()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def registry(data_dir: Path) -> ModelRegistry:
    return ModelRegistry(data_dir)


@pytest.fixture
def store(data_dir: Path) -> ModelStore:
    return ModelStore(data_dir / "models")


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """The real embedding model from its package."""
    return ModelRegistry(tmp_path_factory.mktemp("data"), offline=True).load_embedder()


@pytest.fixture
def counter(registry: ModelRegistry) -> TokenCounter:
    return registry.token_counter()


@pytest.fixture(scope="session")
def tiny(tiny_model: Path) -> Reranker:
    """The tiny cross-encoder, loaded; its window is 512 tokens."""
    return ModelRegistry(tiny_model.parent, offline=True).load_reranker(str(tiny_model))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Reranker:
    """A cross-encoder with a window of 32 tokens."""
    folder = write_cross_encoder(tmp_path_factory.mktemp("small"), window=32)
    return ModelRegistry(folder.parent, offline=True).load_reranker(str(folder))
