"""Numbers as a person reads them: times, sizes, counts, scores, weights.

In: numbers, and what they belong to. Out: short text. Does not know where it is shown.
"""

from __future__ import annotations

from docsearch.domain.fusion import Blend, Fusion
from docsearch.domain.model import ScoreKind
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RerankScore
from docsearch.domain.speed import Speed

FIRST_STAGES = {
    CandidateSource.DENSE: "bi-encoder",
    CandidateSource.BM25: "BM25",
    CandidateSource.HYBRID: "hybrid",
}
_FRACTIONS = {0.25: "¼ ", 0.5: "½ ", 0.75: "¾ ", 1.0: ""}


def duration(seconds: float) -> str:
    """Three digits and a unit: `0.4 ms`, `12 ms`, `1.24 s`, `3 min`, `2 h 05 min`."""
    if seconds < 0.0095:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.5:
        return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def remaining(seconds: float) -> str:
    """Time still to go, no finer than it can be known: `4 s`, `3 min`."""
    return f"{max(1, round(seconds))} s" if seconds < 59.5 else duration(seconds)


def size(count: int) -> str:
    """Bytes in decimal units: `512 B`, `18 kB`, `91 MB`, `2.3 GB`."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    return f"{value:.1f} {unit}" if unit != "B" and value < 9.95 else f"{value:.0f} {unit}"


def plural(count: int, noun: str, many: str | None = None) -> str:
    """`1 file`, `2 files`, `12,345 chunks`; `many` where an s is not enough."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def before_score(score: float, source: CandidateSource) -> str:
    """A first-stage score, with the digits in which results differ."""
    return f"{score:.1f}" if source is CandidateSource.BM25 else f"{score:.3f}"


def after_score(raw: float) -> str:
    """A cross-encoder's raw number: its sign tells which side of even it is on."""
    return f"{raw:+.2f}"


def own_score(score: RerankScore, kind: ScoreKind | None) -> str:
    """A reranker's score in the unit of its family; a similarity is in [0, 1] by its nature."""
    if kind is ScoreKind.SIMILARITY:
        return f"{score.unit:.3f}"
    return f"{score.raw:.3f}" if kind is ScoreKind.PROBABILITY else after_score(score.raw)


def pair_rate(speed: Speed | None) -> str:
    """`12 pairs/s`, or that it is not known."""
    if speed is None:
        return "not measured yet"
    rate = speed.pairs_per_second
    return f"{rate:.0f} pairs/s" if rate >= 9.95 else f"{rate:.1f} pairs/s"


def voice_score(value: float, blend: Blend) -> str:
    """What a voice gave, or several together: a sum of z-scores, or of reciprocal ranks."""
    return f"{value:+z.2f}" if blend is Blend.SCORES else f"{value:.4f}"


def mix(reranker: str, fusion: Fusion, source: CandidateSource) -> str:
    """What makes the order: `a-reranker + ½ bi-encoder + 0.2 × recency`, or `RRF of ...`."""
    voices = {
        reranker: fusion.reranker,
        FIRST_STAGES[source]: fusion.first_stage,
        "recency": fusion.recency,
    }
    heard = {name: weight for name, weight in voices.items() if weight}
    if len(heard) < 2:
        return next(iter(heard), "nothing, the first order")
    named = " + ".join(
        _FRACTIONS.get(weight, f"{weight:g} × ") + name for name, weight in heard.items()
    )
    return f"RRF of {named}" if fusion.blend is Blend.RANKS else named
