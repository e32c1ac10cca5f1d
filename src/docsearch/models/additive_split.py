"""A mean-pooled vector's cosine with a query, taken apart by the words of the passage.

In: the query's unit vector, the states of the passage's tokens, and where the tokens stand. Out: an
effect a word, and a rest; together they are the cosine. Does not know how states are computed.

A mean-pooled vector is m = (t_1 + ... + t_n) / n, so cos(q, m) = sum_i (q . t_i) / (n |q| |m|):
each token has a share of its own, and the split is exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.explanation import Effect, Span


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
