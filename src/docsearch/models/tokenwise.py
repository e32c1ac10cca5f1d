"""What every bi-encoder does alike, given the states of a text's tokens.

In: a description, a tokenizer, and a model that gives states. Out: all of the `Embedder` port but
the vectors. Does not know what runs the model.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.errors import ModelError
from docsearch.domain.explanation import Attribution
from docsearch.domain.model import ModelDescription
from docsearch.models.additive_split import token_shares, word_effects, words_of
from docsearch.models.token_counter import WordPieceCounter
from docsearch.ports import Vectors, Vocabulary

BATCH_TOKENS = 2048
"""Tokens handed over at once, padding counted: short, because a query waits for their end."""


class TokenwiseEmbedder(ABC):
    """The `Embedder` port, all but the model."""

    def __init__(
        self, description: ModelDescription, fingerprint: str, counter: WordPieceCounter
    ) -> None:
        self.name = description.name
        self.fingerprint = fingerprint
        self._pooling = description.pooling
        self._counter = counter
        self._room = description.window - counter.special_tokens

    @property
    def batch_tokens(self) -> int:
        """Most tokens to hand to `embed_passages` at once."""
        return BATCH_TOKENS

    @abstractmethod
    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one a row, in the order of `texts`; (0, dimension) for none."""

    def embed_query(self, words: str) -> Vectors:
        """The query's unit vector, shape (1, dimension)."""
        return self.embed_passages([words])

    def characters_read(self, words: str) -> int:
        """How many characters of a query the model reads: what comes after them is cut."""
        spans = self._counter.token_spans(words)
        return len(words) if len(spans) <= self._room else spans[self._room - 1][1]

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words the model knows."""
        return self._counter.vocabulary(text)

    def split(self, words: str, passage: str) -> Attribution:
        """The cosine of query and passage, word by word: the effects and `rest` sum to it.

        The special tokens' share is the rest. Of a passage longer than the window only the words
        that were read have an effect; `pieces` counts them all. Raises ModelError for a model that
        does not pool by the mean: its vector is no sum over tokens.
        """
        if self._pooling != "mean":
            raise ModelError(
                f"{self.name} pools by {self._pooling or 'a way not known'}; only the score of a "
                "model that pools by the mean can be split by words."
            )
        spans = self._counter.token_spans(passage)
        grouped = words_of(passage, spans)
        states, is_special = self._token_states(passage)
        shares = token_shares(self.embed_query(words)[0], states)
        effects = word_effects(grouped, spans, shares[~is_special].tolist())
        rest = float(shares[is_special].sum())
        score = sum(each.effect for each in effects) + rest
        return Attribution(self.name, score, effects, len(grouped), rest)

    @abstractmethod
    def _token_states(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Each token's state, shape (n, dimension), and whether it is a special one, shape (n,)."""
