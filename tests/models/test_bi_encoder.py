"""The real embedding model from its package."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from docsearch.domain.errors import ModelCorruptError, ModelError, ModelMissingError
from docsearch.domain.model import ModelFile
from docsearch.models.descriptions import EMBEDDER
from docsearch.models.registry import ModelRegistry
from docsearch.models.store import ModelStore
from docsearch.models.torch.bi_encoder import SentenceTransformerEmbedder, embedder_fingerprint
from docsearch.ports import Embedder, TokenCounter


def test_it_reads_all_512_tokens(embedder: Embedder, counter: TokenCounter) -> None:
    words = " ".join(["ledger"] * 400)
    passage, other = f"{words} {'flower ' * 100}", f"{words} {'engine ' * 100}"
    assert len(counter.token_spans(passage)) + counter.special_tokens <= 512

    first, second = embedder.embed_passages([passage, other])

    # With the model's stock limit of 256 tokens both would be the very same vector.
    assert float(first @ second) < 0.999
    beyond = f"{words} {'flower ' * 110} {'engine ' * 100}"
    cut = f"{words} {'flower ' * 110}"
    one, same = embedder.embed_passages([beyond, cut])
    assert float(one @ same) > 0.99999


def test_near_meanings_make_near_vectors(embedder: Embedder) -> None:
    query = embedder.embed_query("how do I restore a backup?")
    near, far = embedder.embed_passages(
        ["To recover your data, copy the saved archive back.", "Let the dough rise for an hour."]
    )

    assert float(query[0] @ near) > float(query[0] @ far) + 0.2


def test_order_and_company_do_not_change_a_vector(embedder: Embedder) -> None:
    texts = ["short", "a somewhat longer passage about trains and tickets " * 20, "bread"]

    together = embedder.embed_passages(texts)
    alone = np.vstack([embedder.embed_passages([text]) for text in texts])

    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_array_equal(together, embedder.embed_passages(texts))


def test_more_texts_than_fit_in_a_batch(embedder: Embedder) -> None:
    texts = [f"number {index}" for index in range(40)]

    vectors = embedder.embed_passages(texts)

    assert vectors.shape == (40, 384)
    np.testing.assert_allclose(vectors[37:38], embedder.embed_passages(texts[37:38]), atol=1e-5)


def test_the_fingerprint_is_known_without_loading(
    embedder: Embedder, registry: ModelRegistry
) -> None:
    assert registry.embedder_fingerprint == embedder.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"window": 256},
        {"pooling": "cls"},
        {"files": (ModelFile("model.safetensors", 1, "0" * 64), *EMBEDDER.files[1:])},
    ],
    ids=["window", "pooling", "weights"],
)
def test_the_fingerprint_follows_what_changes_vectors(change: dict[str, object]) -> None:
    assert embedder_fingerprint(replace(EMBEDDER, **change)) != embedder_fingerprint(EMBEDDER)  # type: ignore[arg-type]


def test_the_fingerprint_ignores_what_does_not_change_vectors() -> None:
    assert embedder_fingerprint(replace(EMBEDDER, note="new")) == embedder_fingerprint(EMBEDDER)


def test_a_package_with_another_model_is_refused(
    registry: ModelRegistry, store: ModelStore
) -> None:
    files = (ModelFile("config.json", 612, "0" * 64),)

    with pytest.raises(ModelCorruptError, match=r"config\.json is not the file"):
        store.verified(replace(EMBEDDER, files=files))


def test_a_package_that_is_not_installed_is_named(store: ModelStore) -> None:
    with pytest.raises(ModelMissingError, match="no-such-package, which is not installed"):
        store.verified(replace(EMBEDDER, package="no_such_package"))


def test_vectors_of_another_length_are_refused(store: ModelStore) -> None:
    folder = store.verified(EMBEDDER).folder

    with pytest.raises(ModelError, match="384 numbers, expected 768"):
        SentenceTransformerEmbedder(replace(EMBEDDER, dimension=768), folder)
