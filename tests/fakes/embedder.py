"""A bi-encoder without a model: hashed words, so that shared words make near vectors."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from docsearch.ports import Vectors


class FakeEmbedder:
    """Each word adds one to a coordinate; `embedded` records every passage it was given."""

    name = "fake-bi-encoder"
    dimension = 64
    fingerprint = "fake-bi-encoder-1"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts]) if texts else self._none()

    def embed_query(self, words: str) -> Vectors:
        return self._vector(words)[None, :]

    def characters_read(self, words: str) -> int:
        return len(words)

    def _none(self) -> Vectors:
        return np.empty((0, self.dimension), dtype=np.float32)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[zlib.crc32(word.encode()) % self.dimension] += 1.0
        return vector / np.linalg.norm(vector)
