from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsearch.domain.document import Chunk
from docsearch.ingest.embed import batches, embed_chunks
from docsearch.ingest.stopping import StoppedError
from docsearch.ports import Vectors
from tests.fakes.embedder import FakeEmbedder


def chunk(text: str, tokens: int = 10) -> Chunk:
    return Chunk(0, 0, len(text), text, tokens)


def nothing_known(_: Iterable[Chunk]) -> dict[bytes, Vectors]:
    return {}


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(3, 512)), max_size=40))
def test_vectors_come_in_the_order_of_the_chunks(drawn: list[tuple[str, int]]) -> None:
    chunks = [chunk(f"word {text}", tokens) for text, tokens in drawn]
    embedder, told = FakeEmbedder(), list[int]()
    vectors = embed_chunks(chunks, nothing_known, embedder, lambda: False, told.append)
    assert vectors.dtype == np.float32
    assert np.array_equal(vectors, FakeEmbedder().embed_passages([each.text for each in chunks]))
    assert sorted(embedder.embedded) == sorted({each.text for each in chunks})
    assert sum(told) == len(embedder.embedded)


def test_known_vectors_are_reused() -> None:
    known = np.full((1, 64), 0.125, dtype=np.float32)
    chunks, embedder = [chunk("old"), chunk("new"), chunk("old")], FakeEmbedder()
    asked: list[Chunk] = []

    def known_vectors(unknown: Iterable[Chunk]) -> dict[bytes, Vectors]:
        asked.extend(unknown)
        return {chunks[0].reading_hash: known}

    vectors = embed_chunks(chunks, known_vectors, embedder, lambda: False, lambda _: None)
    assert embedder.embedded == ["new"]
    assert np.array_equal(vectors[[0, 2]], np.concatenate([known, known]))
    assert len(asked) == 2


def test_the_same_text_under_another_name_is_embedded_with_that_name() -> None:
    plain, named = chunk("two bolts are loose"), replace(chunk("two bolts are loose"), name="Gate")
    embedder = FakeEmbedder()
    vectors = embed_chunks([plain, named], nothing_known, embedder, lambda: False, lambda _: None)
    assert sorted(embedder.embedded) == ["Gate\ntwo bolts are loose", "two bolts are loose"]
    assert not np.array_equal(vectors[0], vectors[1])


def test_a_model_that_nothing_is_needed_of_is_not_asked() -> None:
    class Unloadable(FakeEmbedder):
        @property
        def batch_tokens(self) -> int:  # type: ignore[override]
            raise AssertionError("loaded")

    known = np.full((1, 64), 0.125, dtype=np.float32)
    vectors = embed_chunks(
        [chunk("old")],
        lambda chunks: {each.reading_hash: known for each in chunks},
        Unloadable(),
        lambda: False,
        lambda _: None,
    )
    assert np.array_equal(vectors, known)


def test_no_chunks_make_no_vectors() -> None:
    vectors = embed_chunks([], nothing_known, FakeEmbedder(), lambda: False, lambda _: None)
    assert vectors.shape == (0, 64)


def test_it_stops_between_batches() -> None:
    chunks = [chunk(f"text {number}", 512) for number in range(40)]
    embedder = FakeEmbedder()
    with pytest.raises(StoppedError):
        embed_chunks(
            chunks, nothing_known, embedder, lambda: len(embedder.embedded) >= 8, lambda _: None
        )
    assert len(embedder.embedded) == 8


def test_a_model_is_handed_as_much_as_it_takes_at_once() -> None:
    chunks = [chunk(f"text {number}", 512) for number in range(40)]
    embedder, told = FakeEmbedder(), list[int]()
    embedder.batch_tokens = 15 * 512
    embed_chunks(chunks, nothing_known, embedder, lambda: False, told.append)
    assert told == [15, 15, 10]


@settings(deadline=None)
@given(st.lists(st.integers(1, 600)), st.integers(512, 8192))
def test_batches_are_of_like_length_and_within_the_budget(lengths: list[int], budget: int) -> None:
    items = [(bytes([n % 256]), chunk(str(n), tokens)) for n, tokens in enumerate(lengths)]
    made = list(batches(items, budget))
    every = [item for batch in made for item in batch]
    assert sorted(every, key=lambda item: int(item[1].text)) == items
    for batch in made:
        assert len(batch) == 1 or len(batch) * batch[0][1].token_count <= budget
    assert [item[1].token_count for item in every] == sorted(lengths, reverse=True)
