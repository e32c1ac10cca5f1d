"""A search's result as data: every rank, score, window count and stage time.

In: a result. Out: values for `json.dumps`. Text is handed on as it is: JSON's own escapes keep it
from a terminal. Does not know who reads it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from docsearch.domain.query import Query
from docsearch.domain.ranking import RankedHit, SearchResult


def result_as_data(result: SearchResult, top: int | None) -> dict[str, Any]:
    """The result with its first `top` hits, all of them for None, in the order after reranking.

    `timings` are in seconds. A path's bytes that are not UTF-8 stand as lone surrogates.
    """
    return {
        "query": _query(result.query),
        "source": str(result.source),
        "reranker": result.reranker,
        "fusion": asdict(result.fusion),
        "notice": result.notice,
        "timings": asdict(result.timings),
        "hits": [_hit(hit) for hit in result.hits[:top]],
    }


def _query(query: Query) -> dict[str, Any]:
    filters = asdict(query.filters)
    for bound in ("after", "before"):
        filters[bound] = filters[bound] and filters[bound].isoformat()
    return {
        "typed": query.typed,
        "words": query.words,
        "filters": filters,
        "unparsed": query.unparsed,
    }


def _hit(hit: RankedHit) -> dict[str, Any]:
    passage = hit.passage
    chunk = passage.chunk
    return {
        "path": passage.path,
        "title": passage.title,
        "headings": chunk.headings,
        **asdict(chunk.location),
        "chunk": chunk.ordinal,
        "start": chunk.start,
        "end": chunk.end,
        "tokens": chunk.token_count,
        "text": chunk.text,
        "before": {"rank": hit.before_rank, "score": hit.before_score},
        "after": hit.rerank and {"rank": hit.after_rank, **asdict(hit.rerank)},
        "voices": hit.voices and asdict(hit.voices),
        "movement": hit.movement,
    }
