"""As many tokens are asked for at once as keep every stream busy, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from docsearch.domain.batches import BATCH_TOKENS
from docsearch.domain.runtime import Precision
from docsearch.models.descriptions import EMBEDDER, EMBEDDER_DIMENSION
from docsearch.models.network_embedder import NetworkEmbedder
from docsearch.models.network_inputs import bert_inputs
from docsearch.models.network_reranker import NetworkReranker, Wiring
from docsearch.models.pair_windows import PairCutter
from docsearch.models.registry import ModelRegistry
from docsearch.models.torch.network import TorchNetwork
from docsearch.ports import Inputs, Network


class Streams:
    """A network of so many streams; notes how many batches each call had."""

    batch_tokens = 512

    def __init__(self, streams: int) -> None:
        self.streams = streams
        self.calls: list[int] = []

    def forward(self, batches: Sequence[Inputs]) -> list[NDArray[np.float32]]:
        self.calls.append(len(batches))
        return [np.ones((*each["input_ids"].shape, EMBEDDER_DIMENSION), "f4") for each in batches]


@pytest.fixture
def tokenizer(tmp_path: Path) -> Path:
    folder = ModelRegistry(tmp_path, offline=True).state(EMBEDDER.name).folder
    assert folder is not None
    return Path(folder) / "tokenizer.json"


def embedder(tokenizer: Path, network: Network) -> NetworkEmbedder:
    return NetworkEmbedder(EMBEDDER, "a-fingerprint", tokenizer, network, pad=0)


@pytest.mark.parametrize("streams", [1, 2, 4, 15])
def test_what_an_embedder_takes_at_once_keeps_every_stream_busy(
    tokenizer: Path, streams: int
) -> None:
    network = Streams(streams)
    ours = embedder(tokenizer, network)
    texts = ["bread " * 600] * (ours.batch_tokens // 512)

    ours.embed_passages(texts)

    assert network.calls == [len(texts)]
    assert len(texts) >= 2 * streams
    assert len(texts) <= max(2 * streams, 4), "a query would wait for more than is needed"


def reranker(tokenizer: Path, network: Network) -> NetworkReranker:
    return NetworkReranker(
        "a-reranker",
        "a-fingerprint",
        PairCutter(Tokenizer.from_file(str(tokenizer)), 512),
        Wiring(lambda windows: bert_inputs(windows, 0), lambda raw: raw),
        network,
        lambda: network,
    )


@pytest.mark.parametrize(("streams", "tokens"), [(1, BATCH_TOKENS), (2, BATCH_TOKENS), (15, 7680)])
def test_what_a_reranker_takes_at_once_is_one_batch_a_stream(
    tokenizer: Path, streams: int, tokens: int
) -> None:
    assert reranker(tokenizer, Streams(streams)).batch_tokens == tokens


def test_torch_on_the_cpu_is_not_handed_more_than_a_query_can_wait_for(tokenizer: Path) -> None:
    on_cpu, on_gpu = (
        reranker(tokenizer, TorchNetwork(lambda tensors: tensors["input_ids"], precision, device))
        for precision, device in ((Precision.FLOAT32, "cpu"), (Precision.FLOAT16, "cuda"))
    )
    assert on_cpu.batch_tokens == BATCH_TOKENS
    assert on_gpu.batch_tokens > 4 * BATCH_TOKENS
