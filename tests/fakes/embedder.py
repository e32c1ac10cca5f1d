"""A bi-encoder without a model: hashed words, so that shared words make near vectors."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from docsearch.domain.explanation import Attribution, Effect
from docsearch.ports import Vectors, Vocabulary
from tests.fakes.token_counter import letters_known


class FakeEmbedder:
    """Each word adds one to a coordinate; `embedded` records every passage it was given."""

    name = "fake-bi-encoder"
    dimension = 64
    fingerprint = "fake-bi-encoder-1"
    batch_tokens = 2048
    _nothing = 1e-3

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts]) if texts else self._none()

    def embed_query(self, words: str) -> Vectors:
        return self._vector(words)[None, :]

    def characters_read(self, words: str) -> int:
        return len(words)

    def vocabulary(self, text: str) -> Vocabulary:
        return letters_known(text)

    def _none(self) -> Vectors:
        return np.empty((0, self.dimension), dtype=np.float32)

    def split(self, words: str, passage: str) -> Attribution:
        asked = self._vector(words)
        counts = self._counts(passage)
        length = float(np.linalg.norm(counts))
        effects = tuple(
            Effect(word.span(), float(asked[self._place(word[0])]) / length)
            for word in re.finditer(r"\w+", passage)
        )
        rest = float(asked.sum()) * self._nothing / length
        score = sum(each.effect for each in effects) + rest
        return Attribution(self.name, score, effects, len(effects), rest)

    def _vector(self, text: str) -> Vectors:
        counts = self._counts(text)
        return counts / np.linalg.norm(counts)

    def _counts(self, text: str) -> Vectors:
        counts = np.full(self.dimension, self._nothing, dtype=np.float32)
        for word in re.findall(r"\w+", text):
            counts[self._place(word)] += 1.0
        return counts

    def _place(self, word: str) -> int:
        return zlib.crc32(word.lower().encode()) % self.dimension
