"""Results and explanations as data: every rank, score, span and time.

In: values of the domain. Out: values for `json.dumps`. Text is handed on as it is: JSON's own
escapes keep it from a terminal. Does not know who reads it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from docsearch.domain.explanation import (
    Attribution,
    Contrast,
    Depth,
    Inspection,
    Liked,
    Movement,
    Whereabouts,
)
from docsearch.domain.query import Query
from docsearch.domain.ranking import RankedHit, SearchResult

Data = dict[str, Any]


def result_as_data(result: SearchResult, top: int | None = None, *, with_text: bool = True) -> Data:
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
        "hits": [hit_as_data(hit, with_text=with_text) for hit in result.hits[:top]],
    }


def hit_as_data(hit: RankedHit, *, with_text: bool = True) -> Data:
    """One hit; without its text also without what the document says of itself.

    `line`, `page`, `cell` and `headings` are those of the sentence that matters to the query; the
    passage goes from `from` to `to`. `sha256` is the passage's content hash: it tells whether the
    text is still the same.
    """
    passage = hit.passage
    chunk, place = passage.chunk, passage.place
    last = chunk.place_at(len(chunk.text) - 1)
    words: Data = {}
    if with_text:
        words = {"title": passage.title, "headings": place.headings, "text": chunk.text}
    return {
        "path": passage.path,
        **asdict(place.location),
        "from": asdict(chunk.place_at(0).location),
        "to": asdict(last.location),
        "chunk": chunk.ordinal,
        "start": chunk.start,
        "end": chunk.end,
        "tokens": chunk.token_count,
        "sha256": chunk.content_hash.hex(),
        **words,
        "before": {"rank": hit.before_rank, "score": hit.before_score},
        "after": hit.rerank and {"rank": hit.after_rank, **asdict(hit.rerank)},
        "voices": hit.voices and asdict(hit.voices),
        "movement": hit.movement,
    }


def inspection_as_data(inspection: Inspection, *, with_text: bool = True) -> Data:
    """All that was measured of one hit; what was not is None.

    Reasons quote the passage, so without its text they are left out too.
    """
    text = inspection.hit.passage.chunk.text if with_text else None
    faithful, standing = inspection.faithfulness, inspection.standing
    reading = inspection.reading
    return {
        "hit": hit_as_data(inspection.hit, with_text=with_text),
        "reranker": inspection.reranker,
        "score_kind": inspection.kind and str(inspection.kind),
        "reasons": inspection.reasons if with_text else None,
        "reading": reading and {**asdict(reading), "best": reading.best},
        "sentences": _attribution(inspection.sentences, text),
        "words": _attribution(inspection.words, text),
        "split": _attribution(inspection.split, text),
        "faithfulness": faithful and {**asdict(faithful), "holds": faithful.holds},
        "standing": standing and {**asdict(standing), "is_noise": standing.is_noise},
        "background": inspection.background and asdict(inspection.background),
    }


def against_as_data(second: Inspection, liked: Liked | None) -> Data:
    """What a second reranker makes of the same hit, and the words that the two like."""
    return inspection_as_data(second) | {"liked": liked and asdict(liked)}


def contrast_as_data(contrast: Contrast) -> Data:
    """Why one hit outranks the other; `turning` with the words that turn the two round."""
    text = contrast.above.passage.chunk.text
    return {
        "above": hit_as_data(contrast.above),
        "below": hit_as_data(contrast.below),
        "above_score": asdict(contrast.above_score),
        "below_score": asdict(contrast.below_score),
        "margin": contrast.margin,
        "turning": [
            {"start": start, "end": end, "text": text[start:end]} for start, end in contrast.turning
        ],
        "score_without": contrast.score_without,
    }


def movement_as_data(movement: Movement) -> Data:
    """How the two orders differ; `movers` are pairs of chunk id and places."""
    return asdict(movement)


def depth_as_data(depth: Depth) -> Data:
    """How many candidates it takes."""
    return asdict(depth)


def whereabouts_as_data(whereabouts: Whereabouts) -> Data:
    """What became of one chunk."""
    return asdict(whereabouts)


def _query(query: Query) -> Data:
    filters = asdict(query.filters)
    for bound in ("after", "before"):
        filters[bound] = filters[bound] and filters[bound].isoformat()
    return {
        "typed": query.typed,
        "words": query.words,
        "filters": filters,
        "unparsed": query.unparsed,
    }


def _attribution(attribution: Attribution | None, text: str | None) -> Data | None:
    if attribution is None:
        return None
    effects = []
    for each in attribution.effects:
        start, end = each.span
        words = {} if text is None else {"text": text[start:end]}
        effects.append({"start": start, "end": end, "effect": each.effect, **words})
    return {
        "model": attribution.model,
        "score": attribution.score,
        "rest": attribution.rest,
        "pieces": attribution.pieces,
        "effects": effects,
    }
