"""What the figures mean, in a sentence.

In: one order against another. Out: plain words. Does not know how anything was measured.
"""

from __future__ import annotations

from docsearch.domain.evaluation import MAIN_MEASURE, Finding, Interval, Latency, Paired
from docsearch.domain.wording import duration, plural

_LEAST_JUDGED = 0.6


def verdict(
    name: str,
    found: Finding,
    compared: Paired,
    queries: int,
    judgments: int,
    latency: Latency | None,
) -> str:
    """`NAME helps here: +0.071 NDCG@10 (0.031 to 0.112), 38 better, 9 worse, 410 ms`, and the like.

    The time is that of half of the searches.
    """
    facts = [
        f"{gain_in_words(compared.gain)}",
        f"{compared.better} better",
        f"{compared.worse} worse",
        *([duration(latency.p50)] if latency else []),
    ]
    told = ", ".join(facts)
    if found is Finding.UNDECIDED:
        these = "this" if judgments == 1 else "these"
        counted = f"{plural(judgments, 'judgment')} of {plural(queries, 'query', 'queries')}"
        shown_by = f"{these} {counted}"
        return f"{name}: no difference that {shown_by} can show: {told}"
    does = "helps" if found is Finding.HELPS else "hurts"
    return f"{name} {does} here: {told}"


def gain_in_words(gain: Interval) -> str:
    """`+0.071 NDCG@10 (0.031 to 0.112)`; the main measure's difference with its interval."""
    if gain.low is None or gain.high is None:
        return f"{gain.mean:+z.3f} {MAIN_MEASURE}"
    return f"{gain.mean:+z.3f} {MAIN_MEASURE} ({gain.low:z.3f} to {gain.high:z.3f})"


def thin_judgments(judged: int, shown: int) -> str | None:
    """A warning where too much of what is shown has no grade."""
    if not shown or judged >= _LEAST_JUDGED * shown:
        return None
    return (
        f"only {judged:,} of the {shown:,} results in the top tens are judged, and what is not "
        "judged counts as not relevant: judge more (docsearch judge), or see --condensed"
    )
