"""A search's result made by hand: three hits, one of them with a hostile name and text."""

from __future__ import annotations

from dataclasses import replace

from docsearch.domain.document import Chunk, Location, StoredChunk
from docsearch.domain.fusion import Fusion, Voices
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RankedHit, RerankScore, SearchResult, StageTimings
from docsearch.search.query_syntax import parse

HOSTILE = "odd\x1b[31m\nname\u202e\udcff.md"


NOWHERE = Location()


def passage(
    chunk_id: int, path: str, text: str, heading: str = "", location: Location = NOWHERE
) -> StoredChunk:
    headings = ("Top", heading) if heading else ()
    return StoredChunk(chunk_id, path, Chunk(0, 0, len(text), text, 9, headings, location), None, 0)


DISK = passage(1, "ops/disk.md", "The disk is full again.", "Full disk", Location(line=41))
MANUAL = passage(
    2, "manual.pdf", "Empty the\ttray\x9b2J. A full disk stops it.", "", Location(page=3)
)
ODD = passage(3, HOSTILE, "\x1b]0;owned\x07 nothing to see")

RERANKED = SearchResult(
    query=parse("full disk after:soon"),
    source=CandidateSource.DENSE,
    reranker="some-reranker",
    hits=(
        RankedHit(MANUAL, 2, 0.5, 1, RerankScore(3.25, 0.963, 2, 1)),
        RankedHit(DISK, 1, 0.75, 2, RerankScore(-1.5, 0.182)),
        RankedHit(ODD, 3, 0.25, 3, RerankScore(-9.0, 0.0001)),
    ),
    timings=StageTimings(
        embed=0.012,
        retrieve=0.001,
        fetch=0.002,
        rerank=1.5,
        total=1.52,
        first_list=0.016,
        top_ten=0.8,
        pairs=3,
        cached_pairs=1,
        windows=3,
        batches=2,
    ),
)

FUSED = replace(
    RERANKED,
    fusion=Fusion(first_stage=0.5),
    hits=(
        replace(RERANKED.hits[0], voices=Voices(1.125, 0.0, 0.0)),
        replace(RERANKED.hits[1], voices=Voices(0.25, 0.625, 0.0)),
        RankedHit(ODD, 3, 0.25),
    ),
)

NOT_RERANKED = SearchResult(
    query=RERANKED.query,
    source=CandidateSource.BM25,
    reranker=None,
    hits=(RankedHit(DISK, 1, 7.31), RankedHit(MANUAL, 2, 2.0)),
    notice="reranker: off (not downloaded)",
)
