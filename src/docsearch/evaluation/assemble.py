"""Rankings of several contenders made into one evaluation.

In: judged queries, and each contender's rankings and times. Out: an `Evaluation`: measures with
intervals, each contender against its baseline, verdicts, and what changed most. Does not know where
the rankings come from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from docsearch.domain.evaluation import (
    MAIN_MEASURE,
    MEASURES,
    Change,
    Contender,
    Evaluation,
    Interval,
    Latency,
    Moved,
    Paired,
    Row,
)
from docsearch.domain.judgment import Judged
from docsearch.domain.latencies import percentile
from docsearch.evaluation.latency import PERCENTILES
from docsearch.evaluation.metrics import Rankings, Scorer, Values, condensed, judged_in_tops
from docsearch.evaluation.statistics import SAME, finding, intervals, paired
from docsearch.evaluation.verdict import thin_judgments, verdict

CHANGES = 5
"""Queries that gained most are shown, and as many of those that lost most."""

MOVES = 3
"""Judged documents that are shown of each."""

Label = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a contender; `baseline` is the place of the one it is held against.

    `seconds` are those of its searches, of as many as were timed.
    """

    contender: Contender
    rankings: Rankings
    baseline: int | None = None
    seconds: Sequence[float] = field(default=())


def evaluation(
    judged: Judged,
    entries: Sequence[Entry],
    *,
    condense: bool = False,
    main: int | None = None,
    label: Label = str,
    notices: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
) -> Evaluation:
    """The evaluation of all entries, in their order.

    `main` is the entry whose changed queries are shown, the first with a baseline where it is None.
    With `condense`, documents without a grade are taken out of every ranking first.
    """
    scorer = Scorer(judged.grades)
    measured = [scorer.values(_counted(each.rankings, judged, condense)) for each in entries]
    means = _means(measured)
    against = _against(entries, measured)
    rows = tuple(
        _row(judged, entry, means[at], against.get(at)) for at, entry in enumerate(entries)
    )
    shown = main if main is not None else next(iter(against), None)
    gained: tuple[Change, ...] = ()
    lost: tuple[Change, ...] = ()
    baseline = None if shown is None else entries[shown].baseline
    if shown is not None and baseline is not None:
        gains = measured[shown][MAIN_MEASURE] - measured[baseline][MAIN_MEASURE]
        pair = (entries[baseline].rankings, entries[shown].rankings)
        gained = _changes(judged, gains, pair, label)
        lost = _changes(judged, -gains, pair, label, sign=-1)
    # How much is judged is told of what is looked at: both orders where two are compared.
    told_of = entries if shown is None or baseline is None else (entries[baseline], entries[shown])
    in_tops = judged_in_tops([each.rankings for each in told_of], judged.grades)
    return Evaluation(
        origin=judged.origin,
        level=judged.level,
        queries=len(judged.grades),
        judgments=judged.judgments,
        condensed=condense,
        rows=rows,
        changes_of=shown,
        gained=gained,
        lost=lost,
        in_tops=in_tops,
        warning=None if condense else thin_judgments(*in_tops),
        notices=tuple(dict.fromkeys([*judged.notices, *notices])),
        settings=dict(settings or {}),
    )


def _counted(rankings: Rankings, judged: Judged, condense: bool) -> Rankings:
    return condensed(rankings, judged.grades) if condense else rankings


def _means(measured: Sequence[Mapping[str, Values]]) -> list[dict[str, Interval]]:
    columns = np.stack([each[name] for each in measured for name in MEASURES], axis=1)
    found = iter(intervals(columns))
    return [{name: next(found) for name in MEASURES} for _ in measured]


def _against(
    entries: Sequence[Entry], measured: Sequence[Mapping[str, Values]]
) -> dict[int, Paired]:
    """Each entry that has a baseline against it; the correction is for all of them together."""
    pairs = [(at, each.baseline) for at, each in enumerate(entries) if each.baseline is not None]
    if not pairs:
        return {}
    after = np.stack([measured[at][MAIN_MEASURE] for at, _ in pairs], axis=1)
    before = np.stack([measured[baseline][MAIN_MEASURE] for _, baseline in pairs], axis=1)
    return {at: each for (at, _), each in zip(pairs, paired(after, before), strict=True)}


def _row(
    judged: Judged, entry: Entry, measures: Mapping[str, Interval], against: Paired | None
) -> Row:
    in_top, shown = judged_in_tops([entry.rankings], judged.grades)
    latency = percentiles(entry.seconds)
    found = told = None
    if against is not None:
        found = finding(against)
        told = verdict(
            entry.contender.name, found, against, len(judged.grades), judged.judgments, latency
        )
    return Row(entry.contender, measures, in_top, shown, against, found, told, latency)


def percentiles(seconds: Sequence[float]) -> Latency | None:
    """P50, P95 and P99; None where nothing was timed."""
    if not seconds:
        return None
    p50, p95, p99 = (percentile(seconds, share) for share in PERCENTILES.values())
    return Latency(p50, p95, p99, len(seconds))


def _changes(
    judged: Judged, gains: Values, pair: tuple[Rankings, Rankings], label: Label, sign: int = 1
) -> tuple[Change, ...]:
    queries = list(judged.grades)
    most = [int(at) for at in np.argsort(-gains, kind="stable")[:CHANGES] if gains[at] > SAME]
    return tuple(
        Change(
            queries[at],
            judged.queries[queries[at]],
            sign * float(gains[at]),
            _moves(judged.grades[queries[at]], queries[at], pair, label),
        )
        for at in most
    )


def _moves(
    grades: Mapping[str, int], query: str, pair: tuple[Rankings, Rankings], label: Label
) -> tuple[Moved, ...]:
    """The judged documents that moved most, by the reciprocals of their ranks: the top counts."""
    before, after = (
        {each: rank for rank, each in enumerate(rankings.get(query, ()), start=1)}
        for rankings in pair
    )
    moved = [
        (Moved(label(each), grade, before.get(each), after.get(each)), grade)
        for each, grade in grades.items()
        if before.get(each) != after.get(each)
    ]
    moved.sort(key=lambda each: -_weight(each[0]) * (1 + each[1]))
    return tuple(each for each, _ in moved[:MOVES])


def _weight(moved: Moved) -> float:
    before, after = (1 / rank if rank else 0.0 for rank in (moved.before, moved.after))
    return abs(after - before)
