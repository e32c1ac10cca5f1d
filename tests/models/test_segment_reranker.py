"""The cross-encoder in the box reads a passage once, whatever is asked of it later."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from docsearch.models.registry import ModelRegistry
from docsearch.models.segment.scoring import SegmentReranker, Stages, kept_states
from docsearch.models.segment.windows import SegmentCutter
from docsearch.ports import Inputs

WIDTH = 4
PASSAGES = ["bread from the oven", "a ticket for the train to the sea", "bread", ""]


class Lower:
    """A text's states are its token ids; notes how many texts it was given."""

    batch_tokens = 16
    streams = 2

    def __init__(self) -> None:
        self.read = 0

    def forward(self, batches: Sequence[Inputs]) -> list[NDArray[np.float32]]:
        self.read += sum(len(batch["ids"]) for batch in batches)
        return [
            np.repeat((batch["ids"] * batch["mask"] / 1000)[:, :, None], WIDTH, axis=2).astype(
                np.float32
            )
            for batch in batches
        ]


class Upper:
    """A logit is the sum of a passage's states, more for those that the query has as well."""

    batch_tokens = 16
    streams = 2

    def forward(self, batches: Sequence[Inputs]) -> list[NDArray[np.float32]]:
        return [self._one(batch) for batch in batches]

    def _one(self, batch: Inputs) -> NDArray[np.float32]:
        assert batch["query"].shape == batch["query_states"].shape[:2]
        assert batch["passages"].shape == batch["mask"].shape == batch["states"].shape[:2]
        assert batch["states"].dtype == batch["query_states"].dtype == np.float16
        shared = np.isin(batch["passages"], batch["query"]) & (batch["mask"] > 0)
        states = batch["states"].astype(np.float32).sum(axis=2)
        scores: NDArray[np.float32] = (states * batch["mask"]).sum(axis=1) + 10 * shared.sum(axis=1)
        return scores


@pytest.fixture(scope="module")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> SegmentCutter:
    folder = ModelRegistry(tmp_path_factory.mktemp("data"), True).state("docsearch-mini-v1").folder
    assert folder is not None
    return SegmentCutter(Tokenizer.from_file(str(Path(folder) / "tokenizer.json")), 32)


def made(cutter: SegmentCutter, lower: Lower, kept: int = 1 << 20) -> SegmentReranker:
    stages = Stages(lower, Upper(), kept_states(kept))
    return SegmentReranker(
        "mini", "1", cutter, lambda raw: raw / 1000, stages, lambda: (Lower(), Upper())
    )


def raws(reranker: SegmentReranker, query: str, passages: Sequence[str]) -> list[float]:
    return [score.raw for score in reranker.score(query, passages)]


def test_a_passage_is_read_once_for_all_queries(cutter: SegmentCutter) -> None:
    lower = Lower()
    reranker = made(cutter, lower)

    first = raws(reranker, "train", PASSAGES)
    assert lower.read == len(PASSAGES) + 1
    again = raws(reranker, "train", PASSAGES)
    assert lower.read == len(PASSAGES) + 1
    other = raws(reranker, "warm bread", PASSAGES)

    assert lower.read == len(PASSAGES) + 2
    assert again == first
    assert other == raws(made(cutter, Lower()), "warm bread", PASSAGES)
    assert other != first


def test_equal_passages_are_read_once(cutter: SegmentCutter) -> None:
    lower = Lower()
    one, two, other = raws(made(cutter, lower), "train", ["bread", "bread", "oven"])

    assert lower.read == 3
    assert one == two != other


def test_scores_are_the_same_where_nothing_can_be_kept(cutter: SegmentCutter) -> None:
    lower = Lower()
    reranker = made(cutter, lower, kept=1)

    first, again = (raws(reranker, "train", PASSAGES) for _ in range(2))

    assert first == again == raws(made(cutter, Lower()), "train", PASSAGES)
    assert lower.read == 2 * (len(PASSAGES) + 1)


def test_the_text_that_was_longest_unused_goes_first(cutter: SegmentCutter) -> None:
    lower = Lower()
    query, small = 2 * WIDTH * 2, 3 * WIDTH * 2  # [CLS] bread [SEP], two bytes a number
    reranker = made(cutter, lower, kept=query + 2 * small)
    for passage in ("bread", "oven", "bread", "train"):
        raws(reranker, "", [passage])

    before = lower.read
    raws(reranker, "", ["bread", "train"])
    assert lower.read == before
    raws(reranker, "", ["oven"])
    assert lower.read == before + 1


def test_rough_scores_come_from_states_of_their_own(cutter: SegmentCutter) -> None:
    lower = Lower()
    reranker = made(cutter, lower)
    raws(reranker, "train", PASSAGES)

    before = lower.read
    rough = reranker.rough_scores("train", PASSAGES)

    assert lower.read == before
    assert rough == raws(reranker, "train", PASSAGES)


def test_no_passages_no_scores(cutter: SegmentCutter) -> None:
    assert made(cutter, Lower()).score("train", []) == []
