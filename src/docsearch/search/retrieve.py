"""Stage one: the candidates, from vectors, from words, or from both.

In: a query, and where candidates are to come from. Out: candidates with rank and score, and the
seconds it took. Filters are applied before the search and not after it, so they never empty the
list. Does not know how vectors or words are indexed, nor what becomes of the candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

from docsearch.domain.document import StoredChunk
from docsearch.domain.query import CandidateSource, Filters, Query
from docsearch.domain.ranking import Candidate
from docsearch.ports import ChunkIds, Embedder, Vectors
from docsearch.search.fuse import reciprocal_rank_fusion
from docsearch.search.matter import speaking_to

BY_AGE = "no words to rank by: a passage of each of the newest files is shown, newest first"
NOTHING_MATCHES = "no passage matches the filters"
QUERY_CUT = "the bi-encoder reads only the first {:,} characters of the query"

Scored = list[tuple[int, float]]
"""(chunk id, score), best first."""


class Library(Protocol):
    """What a search needs of the catalog and its vector index; `docsearch.ports` says more."""

    def matching(self, filters: Filters) -> ChunkIds | None:
        """See `Catalog.matching`."""
        ...

    def search_vectors(self, vector: Vectors, k: int, among: ChunkIds | None = None) -> Scored:
        """See `VectorIndex.search`."""
        ...

    def search_text(self, words: str, k: int, among: ChunkIds | None = None) -> Scored:
        """See `Catalog.search_text`."""
        ...

    def newest(self, k: int, among: ChunkIds | None = None) -> list[int]:
        """See `Catalog.newest`."""
        ...

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """See `Catalog.chunks`."""
        ...


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The candidates, best first, and the seconds of each step; `notice` is for the user."""

    candidates: tuple[Candidate, ...]
    embed: float
    retrieve: float
    fetch: float
    notice: str | None = None


def retrieve(
    query: Query, source: CandidateSource, k: int, embedder: Embedder, library: Library
) -> Retrieval:
    """At most `k` candidates; a passage that goes from the index meanwhile is left out.

    A query without words has nothing to rank by: its candidates are those of the newest files that
    match its filters, a passage each, all with score 0. Raises ModelError where vectors are asked
    for and the bi-encoder cannot be used.
    """
    started = perf_counter()
    dense = bool(query.words) and source is not CandidateSource.BM25
    vector = embedder.embed_query(query.words) if dense else None
    embedded = perf_counter()
    read = embedder.characters_read(query.words) if dense else len(query.words)
    among = library.matching(query.filters)
    scored = _ranked(query, source, k, library, vector=vector, among=among)
    retrieved = perf_counter()
    candidates = _fetch(query, scored, library)
    return Retrieval(
        candidates,
        embed=embedded - started if dense else 0.0,
        retrieve=retrieved - embedded,
        fetch=perf_counter() - retrieved,
        notice=_notice(query, read, among),
    )


def order_beyond(
    query: Query, source: CandidateSource, k: int, most: int, embedder: Embedder, library: Library
) -> Scored:
    """The first `most` chunks in the first stage's order, of which a search takes the first `k`.

    Where two rankings are made into one, how deep each is read tells on the sums: so those of a
    search come first as the search has them, and then the others. Raises ModelError as `retrieve`.
    """
    dense = bool(query.words) and source is not CandidateSource.BM25
    vector = embedder.embed_query(query.words) if dense else None
    among = library.matching(query.filters)
    first = _ranked(query, source, k, library, vector=vector, among=among)
    held = {chunk_id for chunk_id, _ in first}
    deeper = _ranked(query, source, most, library, vector=vector, among=among)
    return [*first, *(each for each in deeper if each[0] not in held)][:most]


def _ranked(
    query: Query,
    source: CandidateSource,
    k: int,
    library: Library,
    *,
    vector: Vectors | None,
    among: ChunkIds | None,
) -> Scored:
    if among is not None and not len(among):
        return []
    if not query.words:
        return [(chunk_id, 0.0) for chunk_id in library.newest(k, among)]
    rankings = []
    if vector is not None:
        rankings.append(_ordered(library.search_vectors(vector, k, among)))
    if source is not CandidateSource.DENSE:
        rankings.append(_ordered(library.search_text(query.words, k, among)))
    if len(rankings) == 1:
        return rankings[0]
    return reciprocal_rank_fusion([[id_ for id_, _ in ranking] for ranking in rankings])[:k]


def _ordered(scored: Scored) -> Scored:
    """Best first, equal scores by chunk id, so that the same query always gives the same order."""
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def _fetch(query: Query, scored: Scored, library: Library) -> tuple[Candidate, ...]:
    found = speaking_to(query, library.chunks([id_ for id_, _ in scored]))
    passages = {each.chunk_id: each for each in found}
    present = [(passages[id_], score) for id_, score in scored if id_ in passages]
    return tuple(
        Candidate(passage, rank, score) for rank, (passage, score) in enumerate(present, start=1)
    )


def _notice(query: Query, read: int, among: ChunkIds | None) -> str | None:
    if among is not None and not len(among):
        return NOTHING_MATCHES
    if read < len(query.words):
        return QUERY_CUT.format(read)
    return None if query.words else BY_AGE
