"""What ingest hands to a catalog, made of a few words."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from docsearch.domain.document import Chunk, ExtractedText, Location, SourceFile
from docsearch.ports import FileContents
from tests.fakes.embedder import FakeEmbedder

DAY_NS = 86_400_000_000_000
NOON_2024_NS = 1_704_110_400_000_000_000
"""2024-01-01 12:00 UTC: the same day in every time zone in which tests are likely to run."""


def source(path: str, modified_ns: int = NOON_2024_NS, inode: int = 1) -> SourceFile:
    return SourceFile(path, 100, modified_ns, (7, inode))


def contents(
    path: str,
    *texts: str,
    title: str | None = None,
    tags: tuple[str, ...] = (),
    day: date | None = None,
    headings: Sequence[str] = (),
    modified_ns: int = NOON_2024_NS,
    losses: tuple[str, ...] = (),
    name: str = "",
) -> FileContents:
    """A file whose chunks are these texts, one a line, with the vectors of `FakeEmbedder`."""
    chunks, start = [], 0
    for ordinal, text in enumerate(texts):
        end = start + len(text)
        place = Location(line=ordinal + 1)
        words = len(text.split()) + 2
        chunks.append(Chunk(ordinal, start, end, text, words, tuple(headings), place, name=name))
        start = end + 1
    whole = "\n".join(texts)
    return FileContents(
        source(path, modified_ns),
        hashlib.sha256(whole.encode("utf-8", "surrogatepass")).digest(),
        "plain text",
        ExtractedText(whole, (), title, tags, day, losses),
        tuple(chunks),
        FakeEmbedder().embed_passages([each.reading for each in chunks]),
    )
