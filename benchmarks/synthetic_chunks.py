"""Chunks with vectors that lie as those of real texts do, without a model or a text.

In: a seed. Out: files of chunks with unit vectors, and queries near some of them.

A vector is the sum of its topic's, its document's and its own part, so that two chunks of a
document have a cosine of about 0.6, two of a topic 0.35, two others 0.05. Sizes of topics follow
Zipf's law: the largest holds an eighth of all chunks, which is where a search is hardest. The parts
are normal, and shorter in some directions than in others (the n-th as n to the -1/4, turned at
random), as the spectrum of a trained bi-encoder falls. A query is a chunk and as much again of
noise. `plain` are independent normal vectors instead, where nothing is near anything: the hardest
case for a quantizer, and no text's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.document import Chunk, ExtractedText, SourceFile
from docsearch.ports import FileContents, Vectors

CHUNKS_OF_FILE = 1000
RARE_ONE_IN = 100
"""One file of so many has the suffix `.rst`; every other one is `.txt`, and the rest `.md`."""

_CHUNKS_OF_DOCUMENT = 20
_TOPICS = 1000
_PARTS = (0.6, 0.5, 0.62)
_COMMON = 0.22
_QUERY_NOISE = 1.0


class SyntheticChunks:
    """`count` chunks, the same for the same arguments."""

    def __init__(self, count: int, dimension: int, *, plain: bool = False, seed: int = 0) -> None:
        self._count = count
        self._dimension = dimension
        self._plain = plain
        self._seed = seed

    def files(self) -> Iterator[FileContents]:
        """Files of `CHUNKS_OF_FILE` chunks, each chunk one short line of its own."""
        for number, start in enumerate(range(0, self._count, CHUNKS_OF_FILE)):
            size = min(CHUNKS_OF_FILE, self._count - start)
            yield _file(number, start, self._vectors(number, size))

    def queries(self, count: int) -> Vectors:
        """Unit vectors, one a row."""
        chance = np.random.default_rng((self._seed, 1))
        noise = _unit(self._normal(chance, count))
        if self._plain:
            return noise
        files = -(-self._count // CHUNKS_OF_FILE)
        near = []
        for number in chance.integers(0, files, count).tolist():
            size = min(CHUNKS_OF_FILE, self._count - number * CHUNKS_OF_FILE)
            near.append(self._vectors(number, size)[chance.integers(0, size)])
        return _unit(np.stack(near) + np.float32(_QUERY_NOISE) * noise)

    def _vectors(self, file: int, size: int) -> Vectors:
        chance = np.random.default_rng((self._seed, 2, file))
        if self._plain:
            return _unit(self._normal(chance, size))
        documents = -(-size // _CHUNKS_OF_DOCUMENT)
        topics = chance.choice(_TOPICS, documents, p=self._shares)
        topic, document, own = (np.float32(each) for each in _PARTS)
        shared = topic * self._topics[topics] + document * _unit(self._normal(chance, documents))
        each = np.repeat(shared, _CHUNKS_OF_DOCUMENT, axis=0)[:size]
        return _unit(each + own * _unit(self._normal(chance, size)) + self._everywhere)

    @cached_property
    def _topics(self) -> Vectors:
        return _unit(self._normal(np.random.default_rng((self._seed, 3)), _TOPICS))

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        """Each topic's share of the documents."""
        shares: NDArray[np.float64] = 1 / np.arange(1, _TOPICS + 1)
        shares /= shares.sum()
        return shares

    @cached_property
    def _everywhere(self) -> Vectors:
        """What all vectors of a bi-encoder have in common."""
        common: Vectors = self._topics.mean(axis=0, keepdims=True)
        common *= np.float32(_COMMON * _TOPICS**0.5)
        return common

    @cached_property
    def _turn(self) -> Vectors:
        """The falling spectrum in directions that are no coordinates; shape (dim, dim)."""
        drawn = np.random.default_rng((self._seed, 4)).standard_normal((self._dimension,) * 2)
        turned, _ = np.linalg.qr(drawn)
        falling = np.arange(1, self._dimension + 1) ** -0.25
        turn: Vectors = (falling[:, None] * turned).astype(np.float32)
        return turn

    def _normal(self, chance: np.random.Generator, count: int) -> Vectors:
        drawn = chance.standard_normal((count, self._dimension), dtype=np.float32)
        return drawn if self._plain else drawn @ self._turn


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _file(number: int, start: int, vectors: Vectors) -> FileContents:
    lines = [f"chunk {start + each} of file {number}" for each in range(len(vectors))]
    chunks, at = [], 0
    for ordinal, line in enumerate(lines):
        chunks.append(Chunk(ordinal, at, at + len(line), line, 7))
        at += len(line) + 1
    text = "\n".join(lines)
    rest = "txt" if number % 2 else "md"
    path = f"{number}.{'rst' if number % RARE_ONE_IN == 0 else rest}"
    return FileContents(
        SourceFile(path, len(text), number, (0, number)),
        hashlib.sha256(text.encode()).digest(),
        "synthetic",
        ExtractedText(text, ()),
        tuple(chunks),
        vectors,
    )
