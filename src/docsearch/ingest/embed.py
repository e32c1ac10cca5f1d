"""Chunks -> one vector each: known ones are reused, the rest go to the bi-encoder.

In: chunks, the vectors that the library knows, and the model. Out: vectors in the order of the
chunks. Does not know which files the chunks belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from docsearch.domain.document import Chunk
from docsearch.ingest.stopping import Stop, go_on
from docsearch.ports import Embedder, Vectors

KnownVectors = Callable[[Iterable[Chunk]], Mapping[bytes, Vectors]]


def embed_chunks(
    chunks: Sequence[Chunk],
    known_vectors: KnownVectors,
    embedder: Embedder,
    stop: Stop,
    embedded: Callable[[int], None],
) -> Vectors:
    """Shape (len(chunks), dimension): each reading is embedded once, not at all if it is known.

    `stop` is asked between batches; `embedded` is told how many chunks each one held. Raises
    StoppedError.
    """
    hashes = [chunk.reading_hash for chunk in chunks]
    by_hash = dict(known_vectors(dict(zip(hashes, chunks, strict=True)).values()))
    missing = {
        each: chunk for each, chunk in zip(hashes, chunks, strict=True) if each not in by_hash
    }
    # Only a model that is needed is asked how much it takes: to ask is to load it.
    for batch in batches(list(missing.items()), embedder.batch_tokens) if missing else ():
        go_on(stop)
        vectors = embedder.embed_passages([chunk.reading for _, chunk in batch])
        by_hash.update((each, vectors[row : row + 1]) for row, (each, _) in enumerate(batch))
        embedded(len(batch))
    empty = np.empty((0, embedder.dimension), dtype=np.float32)
    return np.concatenate([empty, *(by_hash[each] for each in hashes)])


def batches(
    items: Sequence[tuple[bytes, Chunk]], budget: int
) -> Iterator[list[tuple[bytes, Chunk]]]:
    """Groups of like length, longest first; padded to the longest, each is within the budget."""
    by_length = sorted(items, key=lambda item: item[1].token_count, reverse=True)
    batch: list[tuple[bytes, Chunk]] = []
    for item in by_length:
        if batch and (len(batch) + 1) * batch[0][1].token_count > budget:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch
