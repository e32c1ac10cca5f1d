"""The cosine of a mean-pooled vector, word by word."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.errors import ModelError
from docsearch.models.descriptions import EMBEDDER
from docsearch.models.store import ModelStore
from docsearch.models.tokenwise import token_shares, word_effects, words_of
from docsearch.models.torch.bi_encoder import SentenceTransformerEmbedder
from docsearch.ports import Embedder, TokenCounter

TEXTS = st.text(st.sampled_from("ab_ .,é字👍\u0308"), max_size=30)


@given(seed=st.integers(0, 2**32 - 1), tokens=st.integers(1, 40))
def test_shares_sum_to_the_cosine_with_the_mean(seed: int, tokens: int) -> None:
    draw = np.random.default_rng(seed)
    query = draw.normal(size=16).astype(np.float32)
    states = draw.normal(size=(tokens, 16)).astype(np.float32)

    shares = token_shares(query, states)

    mean = states.mean(axis=0)
    cosine = query @ mean / (np.linalg.norm(query) * np.linalg.norm(mean))
    assert shares.shape == (tokens,)
    assert float(shares.sum()) == pytest.approx(float(cosine), abs=1e-4)


@given(text=TEXTS, cuts=st.sets(st.integers(1, 29)))
def test_each_token_belongs_to_one_word(text: str, cuts: set[int]) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    tokens = [(start, end) for start, end in itertools.pairwise(edges) if start < end]

    words = words_of(text, tokens)
    effects = word_effects(words, tokens, [1.0] * len(tokens))

    assert [index for word in words for index in word] == list(range(len(tokens)))
    assert sum(each.effect for each in effects) == len(tokens)
    # No edge between two words lies inside a run of word characters.
    starts = [each.span[0] for each in effects[1:]]
    assert not any((text[at - 1 : at + 1].replace("_", "a")).isalnum() for at in starts)


def test_pieces_of_a_word_are_one_and_punctuation_stands_alone() -> None:
    text = "un|believ|able snake|_|case, isn|'|t".replace("|", "")
    tokens = [(0, 2), (2, 8), (8, 12), (13, 18), (18, 19), (19, 23), (23, 24)]
    tokens += [(25, 28), (28, 29), (29, 30)]

    words = words_of(text, tokens)

    pieces = [text[tokens[word[0]][0] : tokens[word[-1]][1]] for word in words]
    assert pieces == ["unbelievable", "snake_case", ",", "isn", "'", "t"]


def test_tokens_of_the_same_character_are_one_word() -> None:
    # A Hangul syllable is taken apart into its letters, all of which stand at its place.
    assert words_of("한 한", [(0, 1), (0, 1), (2, 3), (2, 3), (2, 3)]) == [[0, 1], [2, 3, 4]]


def test_a_word_cut_by_the_window_covers_what_was_read() -> None:
    text, tokens = "bread unbelievable oven", [(0, 5), (6, 8), (8, 14), (14, 18), (19, 23)]

    effects = word_effects(words_of(text, tokens), tokens, [0.5, 0.1, 0.2])

    assert [each.span for each in effects] == [(0, 5), (6, 14)]
    assert [each.effect for each in effects] == pytest.approx([0.5, 0.3])


def test_a_passage_longer_than_the_window_has_more_pieces_than_effects(
    embedder: Embedder, counter: TokenCounter
) -> None:
    passage = "bread oven train " * 300
    room = 512 - counter.special_tokens

    split = embedder.split("bread", passage)

    assert (len(split.effects), split.pieces) == (room, 900)
    assert split.effects[-1].span == counter.token_spans(passage)[room - 1]


def test_the_nearer_to_the_query_the_more_a_word_weighs(embedder: Embedder) -> None:
    passage = "bread from the oven, and a bicycle by the door"

    split = embedder.split("fresh bread", passage)

    by_word = {passage[slice(*each.span)]: each.effect for each in split.effects}
    assert by_word["bread"] > by_word["oven"] > by_word["bicycle"]


def test_a_model_that_pools_otherwise_has_no_split(store: ModelStore) -> None:
    folder = store.verified(EMBEDDER).folder
    other = SentenceTransformerEmbedder(replace(EMBEDDER, pooling="cls"), folder)

    with pytest.raises(ModelError, match="all-MiniLM-L6-v2 pools by cls"):
        other.split("bread", "oven")
