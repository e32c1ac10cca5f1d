"""The figures of an evaluation in words, for tables of every form.

In: parts of an `Evaluation`. Out: short text, safe to show. Does not know where it is shown.
"""

from __future__ import annotations

from docsearch.domain.evaluation import Change, Contender, Evaluation, Interval, Moved, Paired, Row
from docsearch.domain.judgment import Level
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import duration, plural

NONE = "·"


def name_of(contender: Contender) -> str:
    """`dense: docsearch-mini-v1 + ½ bi-encoder`."""
    named = safe_line(contender.name)
    return f"{contender.source}: {named}" if contender.source else named


def with_bounds(interval: Interval) -> str:
    """`0.707 (0.650-0.760)`."""
    if interval.low is None or interval.high is None:
        return f"{interval.mean:z.3f}"
    return f"{interval.mean:z.3f} ({interval.low:z.3f}-{interval.high:z.3f})"


def with_half_width(interval: Interval) -> str:
    """`0.812 ±.051`, half of the interval's width."""
    if interval.low is None or interval.high is None:
        return f"{interval.mean:z.3f}"
    half = f"{(interval.high - interval.low) / 2:.3f}".removeprefix("0")
    return f"{interval.mean:z.3f} ±{half}"


def gain(compared: Paired) -> str:
    """`+0.071 (0.031 to 0.112)`."""
    found = compared.gain
    if found.low is None or found.high is None:
        return f"{found.mean:+z.3f}"
    return f"{found.mean:+z.3f} ({found.low:z.3f} to {found.high:z.3f})"


def chance(p: float) -> str:
    """`0.012`, `<0.001`."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def outcomes(compared: Paired) -> str:
    """`38 / 9 / 13`: queries better, worse, the same."""
    return f"{compared.better} / {compared.worse} / {compared.same}"


def times(row: Row) -> str:
    """`410 / 620 / 900 ms` at P50, P95 and P99."""
    latency = row.latency
    if latency is None:
        return NONE
    return " / ".join(map(duration, (latency.p50, latency.p95, latency.p99)))


def measured_over(evaluation: Evaluation) -> str:
    """What the figures are of, on one line."""
    counted = plural(evaluation.judgments, "judgment")
    asked = plural(evaluation.queries, "query", "queries")
    lists = ", condensed lists" if evaluation.condensed else ""
    of = f"of {evaluation.level}s" if evaluation.level is Level.DOCUMENT else "of passages"
    return f"{safe_line(evaluation.origin)}: {asked}, {counted} {of}{lists}"


def changed(change: Change) -> str:
    """`+0.431  what was asked`."""
    return f"{change.gain:+z.3f}  {safe_line(change.query)}"


def moved(each: Moved) -> str:
    """`ops/disk.md (grade 2): 13 to 2`; one that is on no list is `beyond`."""
    before, after = (str(rank) if rank else "beyond" for rank in (each.before, each.after))
    return f"{safe_line(each.document)} (grade {each.grade}): {before} to {after}"


def verdicts(evaluation: Evaluation) -> list[str]:
    """Of each order that docsearch shows unasked; of all where none is such."""
    shown = [row for row in evaluation.rows if row.contender.is_default and row.verdict]
    rows = shown or [row for row in evaluation.rows if row.verdict]
    with_source = len({row.contender.source for row in rows}) > 1
    return [
        f"{row.contender.source}, {row.verdict}" if with_source else row.verdict
        for row in rows
        if row.verdict
    ]


HOW_TESTED = (
    "Intervals are 95% bootstrap intervals over the queries. Gains are in NDCG@10 against the same "
    "source without a reranker; p is of a paired randomization test, corrected by Holm for all "
    "that were tried. Times are a search's P50 / P95 / P99 on this machine."
)
