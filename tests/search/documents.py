"""A small collection in memory to search in."""

from __future__ import annotations

import hashlib

from docsearch.domain.document import Chunk, ExtractedText, Segment, SegmentKind, SourceFile
from docsearch.domain.ranking import Finished, SearchEvent, SearchResult
from docsearch.ports import FileContents
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.library import MemoryLibrary

DAY_NS = 86_400 * 10**9


def library_of(documents: dict[str, str]) -> MemoryLibrary:
    """One chunk a document; each was modified a day after the one before it."""
    library = MemoryLibrary(FakeEmbedder.dimension)
    for age, (path, text) in enumerate(documents.items()):
        data = text.encode()
        chunk = Chunk(0, 0, len(text), text, len(text.split()) + 2)
        library.put_file(
            FileContents(
                SourceFile(path, len(data), (19_000 + age) * DAY_NS, (1, age)),
                hashlib.sha256(data).digest(),
                "text",
                ExtractedText(text, (Segment(0, len(text), SegmentKind.PARAGRAPH),)),
                (chunk,),
                FakeEmbedder().embed_passages([text]),
            )
        )
    return library


def last(events: list[SearchEvent]) -> SearchResult:
    """The result of a search that was not abandoned."""
    assert isinstance(events[-1], Finished)
    return events[-1].result


def paths(result: SearchResult) -> list[str]:
    return [hit.passage.path for hit in result.hits]
