"""What indexing and searching rely on, of every bi-encoder."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from docsearch.models.descriptions import EMBEDDER
from docsearch.models.registry import ModelRegistry
from docsearch.ports import Embedder, Vocabulary
from docsearch.serving.inference import InferenceWorker, Priority
from docsearch.serving.models import ServedEmbedder
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.token_counter import FakeTokenCounter
from tests.models.exporting import FLOAT32, exported

NAME = EMBEDDER.name


@pytest.fixture(scope="module", params=["fake", "served", NAME, f"{NAME}, exported"])
def embedder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Embedder]:
    if request.param == "fake":
        yield FakeEmbedder()
    elif request.param == "served":
        worker, fake = InferenceWorker(), FakeEmbedder()
        yield ServedEmbedder(
            worker,
            lambda: fake,
            Priority.QUERY,
            name=fake.name,
            dimension=fake.dimension,
            fingerprint=fake.fingerprint,
            counter=FakeTokenCounter,
        )
        worker.close()
    elif request.param == f"{NAME}, exported":
        models = ModelRegistry(tmp_path_factory.mktemp("data"), offline=True)
        yield exported(models, NAME, FLOAT32).load_embedder(FLOAT32)
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


ODD = {
    "empty": "",
    "one word": "Bread!",
    "longer than the window": "bread from_the oven, isn't it?  " * 100,
    "odd characters": "caf\udce9 \x00 👍 nai\u0308ve İstanbul x\u00adray",
    "other scripts": "한국어 字字 हिन्दी",
    "special tokens": "[CLS] [SEP] [PAD] bread",
    "one long word": "a" * 20_000,
}


@pytest.mark.parametrize("passage", ODD.values(), ids=ODD)
def test_a_split_sums_to_the_cosine(embedder: Embedder, passage: str) -> None:
    split = embedder.split("the bread oven", passage)

    cosine = embedder.embed_query("the bread oven")[0] @ embedder.embed_passages([passage])[0]
    assert split.model == embedder.name
    assert split.score == pytest.approx(float(cosine), abs=1e-4)
    assert sum(each.effect for each in split.effects) + split.rest == pytest.approx(split.score)


@pytest.mark.parametrize("passage", ODD.values(), ids=ODD)
def test_the_parts_of_a_split_follow_each_other_in_the_passage(
    embedder: Embedder, passage: str
) -> None:
    split = embedder.split("bread", passage)

    ends = [0, *(each.span[1] for each in split.effects)]
    starts = [*(each.span[0] for each in split.effects), len(passage)]
    assert all(start >= end for end, start in zip(ends, starts, strict=True))
    assert all(start < end for start, end in (each.span for each in split.effects))
    assert split.pieces >= len(split.effects)


def test_the_words_of_the_query_speak_for_a_passage_most(embedder: Embedder) -> None:
    passage = "An old bicycle, and bread from the oven"

    (strongest,) = embedder.split("fresh bread", passage).strongest(1)

    assert passage[slice(*strongest.span)] == "bread"


def test_it_takes_whole_batches(embedder: Embedder) -> None:
    assert embedder.batch_tokens >= 2048


def test_it_has_a_name_and_a_fingerprint(embedder: Embedder) -> None:
    assert embedder.name
    assert embedder.fingerprint


def test_it_tells_the_words_that_it_does_not_know(embedder: Embedder) -> None:
    found = embedder.vocabulary("bread หลังคา 🚂 bread, 1984")

    assert set(found.known) >= {"bread", "1984"}
    assert not set(found.known) & set(found.unknown)
    assert embedder.vocabulary("bread, baked").unknown == ()
    assert embedder.vocabulary("...") == embedder.vocabulary("") == Vocabulary()
