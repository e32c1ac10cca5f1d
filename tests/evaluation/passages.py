"""Passages as an index would hand them out."""

from __future__ import annotations

from docsearch.domain.document import Chunk, StoredChunk


def passage(text: str, path: str = "a.md", chunk_id: int = 1) -> StoredChunk:
    return StoredChunk(chunk_id, path, Chunk(0, 0, len(text), text, len(text.split())), None, 0)
