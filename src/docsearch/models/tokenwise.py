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
from docsearch.domain.explanation import Attribution, Effect, Span
from docsearch.domain.model import ModelDescription
from docsearch.models.token_counter import WordPieceCounter
from docsearch.ports import Vectors, Vocabulary


def token_shares(query: NDArray[np.float32], states: NDArray[np.float32]) -> NDArray[np.float64]:
    """Each token's share of the cosine, shape (n,), from shapes (dimension,) and (n, dimension).

    Their sum is the cosine of `query` and the mean of `states`.
    """
    tokens = states.astype(np.float64)
    asked = query.astype(np.float64)
    length = len(tokens) * np.linalg.norm(asked) * np.linalg.norm(tokens.mean(axis=0))
    shares: NDArray[np.float64] = tokens @ asked / length
    return shares


def words_of(text: str, tokens: Sequence[Span]) -> list[list[int]]:
    """The tokens of each word, as indices: a word is a run of word characters, or one other token.

    `tokens` are the spans in `text` of all its tokens, in order. Tokens that share a character
    belong to one word.
    """
    words: list[list[int]] = []
    end = 0
    for index, (start, stop) in enumerate(tokens):
        if words and (start < end or (start == end and _is_inside_word(text, start))):
            words[-1].append(index)
        else:
            words.append([index])
        end = max(end, stop)
    return words


def word_effects(
    words: Sequence[Sequence[int]], tokens: Sequence[Span], shares: Sequence[float]
) -> tuple[Effect, ...]:
    """One effect a word, in order: the sum of its tokens' shares, over all that they cover.

    `shares` belong to the first tokens, those that were read; what lies beyond is left out.
    """
    read = ([index for index in word if index < len(shares)] for word in words)
    return tuple(
        Effect(
            (min(tokens[index][0] for index in word), max(tokens[index][1] for index in word)),
            float(sum(shares[index] for index in word)),
        )
        for word in read
        if word
    )


def _is_inside_word(text: str, place: int) -> bool:
    """Whether the characters on both sides of `place` are word characters."""
    around = text[place - 1 : place + 1]
    return len(around) == 2 and all(each.isalnum() or each == "_" for each in around)


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
