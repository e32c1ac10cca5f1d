"""Stage one: the candidates, from vectors, from words, or from both.

In: a query, and where candidates are to come from. Out: candidates with rank and score, and the
seconds it took. Filters are applied before the search and not after it, so they never empty the
list. Does not know how vectors or words are indexed, nor what becomes of the candidates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol
from unicodedata import category

from docsearch.domain.document import StoredChunk
from docsearch.domain.query import CandidateSource, Filters, Query
from docsearch.domain.query_words import carries_meaning
from docsearch.domain.ranking import Candidate
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import plural
from docsearch.ports import ChunkIds, Embedder, Reranker, Vectors
from docsearch.search.fuse import reciprocal_rank_fusion
from docsearch.search.matter import speaking_to

BY_AGE = "no words to rank by: a passage of each of the newest files is shown, newest first"
NOTHING_MATCHES = "no passage matches the filters"
NONE_KNOWN = "The bi-encoder knows none of these words, so docsearch matched them as words."
SOME_UNKNOWN = "The bi-encoder does not know {}, so docsearch matched the query as words, too."
QUERY_CUT = "the bi-encoder reads only the first {:,} characters of the query"

DAMAGED = (
    "passages of {}{} are left out: their stored text is damaged. `docsearch index` reads it again"
)

_MOST_TOLD = 5
_MOST_ROUNDS = 4
_ALWAYS_KNOWN = re.compile("[A-Za-z0-9]")
"""Of a text with one of these, every tokenizer knows a word."""

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

    @property
    def damaged(self) -> frozenset[str]:
        """See `Catalog.damaged`."""
        ...


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The candidates, best first, and the seconds of each step; `notice` is for the user.

    `source` is where they are from: not what was asked for, where the bi-encoder lacks words.
    """

    candidates: tuple[Candidate, ...]
    embed: float
    retrieve: float
    fetch: float
    notice: str | None = None
    source: CandidateSource = CandidateSource.DENSE


def retrieve(
    query: Query, source: CandidateSource, k: int, embedder: Embedder, library: Library
) -> Retrieval:
    """At most `k` candidates; a passage that goes from the index meanwhile is left out.

    A query without words has nothing to rank by: its candidates are those of the newest files that
    match its filters, a passage each, all with score 0. Raises ModelError where vectors are asked
    for and the bi-encoder cannot be used.
    """
    started = perf_counter()
    source, lacking = _source_for(query, source, embedder)
    dense = bool(query.words) and source is not CandidateSource.BM25
    vector = embedder.embed_query(query.words) if dense else None
    embedded = perf_counter()
    read = embedder.characters_read(query.words) if dense else len(query.words)
    among = library.matching(query.filters)
    scored = _ranked(query, source, k, embedder, library, vector=vector, among=among)
    retrieved = perf_counter()
    candidates = _fetch(query, scored, library)
    return Retrieval(
        candidates,
        embed=embedded - started if dense else 0.0,
        retrieve=retrieved - embedded,
        fetch=perf_counter() - retrieved,
        notice="; ".join(filter(None, (_notice(query, read, among, lacking), _damage(library))))
        or None,
        source=source,
    )


def order_beyond(
    query: Query, source: CandidateSource, k: int, most: int, embedder: Embedder, library: Library
) -> Scored:
    """The first `most` chunks in the first stage's order, of which a search takes the first `k`.

    Where two rankings are made into one, how deep each is read tells on the sums: so those of a
    search come first as the search has them, and then the others. Raises ModelError as `retrieve`.
    """
    source, _ = _source_for(query, source, embedder)
    dense = bool(query.words) and source is not CandidateSource.BM25
    vector = embedder.embed_query(query.words) if dense else None
    among = library.matching(query.filters)
    first = _ranked(query, source, k, embedder, library, vector=vector, among=among)
    held = {chunk_id for chunk_id, _ in first}
    deeper = _ranked(query, source, most, embedder, library, vector=vector, among=among)
    return [*first, *(each for each in deeper if each[0] not in held)][:most]


def _source_for(
    query: Query, source: CandidateSource, embedder: Embedder
) -> tuple[CandidateSource, str | None]:
    """Words instead of vectors where no word that matters is known, beside them where some are not.

    All texts of unknown words have nearly the same vector, with cosines near 1. And what to say.
    """
    # Every tokenizer knows the characters of ASCII, so it need not be loaded to see that.
    if query.words.isascii() or source is CandidateSource.BM25:
        return source, None
    found = embedder.vocabulary(query.words)
    if found.unknown and not any(map(carries_meaning, found.known)):
        return CandidateSource.BM25, NONE_KNOWN
    words = [each for each in found.unknown if any(map(_says_something, each))]
    if not words:
        return source, None
    told = ", ".join(f"“{each}”" for each in words[:_MOST_TOLD])
    return CandidateSource.HYBRID, SOME_UNKNOWN.format(told)


def _says_something(character: str) -> bool:
    return character.isalnum() or category(character) == "So"


def _by_vector(
    vector: Vectors, k: int, embedder: Embedder, library: Library, among: ChunkIds | None
) -> Scored:
    """The k best passages by cosine, less those of which the bi-encoder knows no word."""
    asked = k
    for _ in range(_MOST_ROUNDS):
        found = _ordered(library.search_vectors(vector, asked, among))
        chunks = library.chunks([chunk_id for chunk_id, _ in found])
        unread = {each.chunk_id for each in chunks if not reads(embedder, each.chunk.reading)}
        kept = [hit for hit in found if hit[0] not in unread]
        if len(kept) >= k or len(found) < asked:
            break
        asked *= 4
    return kept[:k]


def reads(model: Embedder | Reranker, text: str) -> bool:
    """Whether the model knows a word of the text, or there is none that it could know."""
    if _ALWAYS_KNOWN.search(text):
        return True
    found = model.vocabulary(text)
    return bool(found.known) or not found.unknown


def _ranked(
    query: Query,
    source: CandidateSource,
    k: int,
    embedder: Embedder,
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
        rankings.append(_by_vector(vector, k, embedder, library, among))
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


def _notice(query: Query, read: int, among: ChunkIds | None, lacking: str | None) -> str | None:
    if among is not None and not len(among):
        return NOTHING_MATCHES
    if lacking:
        return lacking
    if read < len(query.words):
        return QUERY_CUT.format(read)
    return None if query.words else BY_AGE


def _damage(library: Library) -> str | None:
    paths = sorted(library.damaged)
    if not paths:
        return None
    more = f" and {plural(len(paths) - 1, 'more file')}" if len(paths) > 1 else ""
    return DAMAGED.format(safe_line(paths[0]), more)
