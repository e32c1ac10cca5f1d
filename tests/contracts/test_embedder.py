"""What indexing and searching rely on, of every bi-encoder."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from docsearch.models.registry import ModelRegistry
from docsearch.ports import Embedder
from tests.fakes.embedder import FakeEmbedder


@pytest.fixture(scope="module", params=["fake", "all-MiniLM-L6-v2"])
def embedder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Embedder]:
    if request.param == "fake":
        yield FakeEmbedder()
    else:
        yield ModelRegistry(tmp_path_factory.mktemp("data"), offline=True).load_embedder()


TEXTS = ["bread from the oven", "", "a ticket for the train " * 60, "caf\udce9 \x00 👍"]


def test_one_float32_unit_vector_a_text(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)

    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_make_an_empty_array(embedder: Embedder) -> None:
    vectors = embedder.embed_passages([])

    assert vectors.shape == (0, embedder.dimension)
    assert vectors.dtype == np.float32


def test_a_query_is_one_row(embedder: Embedder) -> None:
    vector = embedder.embed_query("bread")

    assert vector.shape == (1, embedder.dimension)
    assert vector.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vector), 1.0, atol=1e-5)


@pytest.mark.parametrize("query", ["", "bread", "bread " * 900, "字" * 900, "\ud800"])
def test_it_tells_how_much_of_a_query_it_reads(embedder: Embedder, query: str) -> None:
    read = embedder.characters_read(query)

    assert len(query[:100]) <= read <= len(query)
    np.testing.assert_allclose(
        embedder.embed_query(query[:read]), embedder.embed_query(query), atol=1e-5
    )


def test_rows_are_in_the_order_of_the_texts(embedder: Embedder) -> None:
    forward, backward = embedder.embed_passages(TEXTS), embedder.embed_passages(TEXTS[::-1])

    np.testing.assert_allclose(forward, backward[::-1], atol=1e-5)


def test_the_same_texts_make_the_same_vectors(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.embed_passages(TEXTS), embedder.embed_passages(TEXTS))


def test_a_query_is_nearest_to_the_passage_with_its_words(embedder: Embedder) -> None:
    passages = embedder.embed_passages(["bread from the oven", "a ticket for the train"])

    cosines = passages @ embedder.embed_query("bread oven")[0]

    assert cosines[0] > cosines[1]


def test_the_stranger_the_text_the_vector_is_still_finite(embedder: Embedder) -> None:
    strange = ["\ud800", "\x1b[31m", "a" * 20_000, "\n" * 100, "[CLS] [SEP] [PAD]", "字" * 600]

    assert np.isfinite(embedder.embed_passages(strange)).all()


def test_it_has_a_name_and_a_fingerprint(embedder: Embedder) -> None:
    assert embedder.name
    assert embedder.fingerprint
