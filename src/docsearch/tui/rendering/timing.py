"""Where the time of a search went, and how this session's searches have gone.

In: timings of a search, and totals of the session. Out: one line, or two where it is narrow.
Does not know a clock.
"""

from __future__ import annotations

from docsearch.domain.latencies import Latencies
from docsearch.domain.ranking import StageTimings
from docsearch.domain.wording import duration, plural
from docsearch.tui.rendering.cells import spread
from docsearch.tui.rendering.pieces import Line, Piece, Role, width_of

_DOT = Piece(" · ", Role.FAINT)


def timing_lines(
    timings: StageTimings | None,
    session: Latencies,
    progress: tuple[int, int] | None,
    cells: int,
) -> tuple[Line, ...]:
    """One line where everything fits, else the stages above the counts.

    `timings` is None before the first answer; `progress` is (scored, total) while it is reranked.
    """
    right = _session(session)
    if timings is None:
        waiting = (Piece("no search yet in this session", Role.FAINT),)
        return (spread(waiting, right, cells),)
    stages, counts = _stages(timings, progress), _counts(timings, progress)
    whole = (*stages, *((_DOT, *counts) if counts else ()))
    if width_of(whole) + width_of(right) + 1 <= cells:
        return (spread(whole, right, cells),)
    if width_of(stages) > cells:
        stages = _stages(timings, progress, brief=True)
    return (spread(stages, (), cells), spread(counts, right, cells))


def _stages(
    timings: StageTimings, progress: tuple[int, int] | None, *, brief: bool = False
) -> Line:
    """Each stage's time and, unless it is `brief`, when the first list and the top 10 stood."""
    named = [
        ("embed", timings.embed),
        ("search", timings.retrieve),
        ("fetch", timings.fetch),
    ]
    if timings.pairs or progress is not None:
        named.append(("rerank", timings.rerank))
        if not brief:
            named += [("first list", timings.first_list), ("top 10", timings.top_ten)]
    line: list[Piece] = []
    for name, seconds in named:
        line += [Piece(f"{name} ", Role.MUTED), Piece(duration(seconds)), _DOT]
    total = "so far" if progress else "total"
    line += [Piece(f"{total} ", Role.MUTED), Piece(duration(timings.total), Role.STRONG)]
    return tuple(line)


def _counts(timings: StageTimings, progress: tuple[int, int] | None) -> Line:
    if progress is not None:
        scored, total = progress
        return (Piece(f"{scored} of {plural(total, 'pair')}", Role.AFTER),)
    if not timings.pairs:
        return ()
    made = {0: "computed", timings.pairs: "cached"}.get(
        timings.cached_pairs, f"{timings.cached_pairs} cached"
    )
    counts = [
        plural(timings.pairs, "pair"),
        plural(timings.windows, "window"),
        plural(timings.batches, "batch", "batches"),
    ]
    return (Piece(" · ".join((*counts, made)), Role.MUTED),)


def _session(session: Latencies) -> Line:
    if not session.count:
        return ()
    return (
        Piece("p50 ", Role.MUTED),
        Piece(duration(session.percentile(50))),
        Piece(" p95 ", Role.MUTED),
        Piece(duration(session.percentile(95))),
    )
