"""What the index holds, what is being done to it, and how the folder is watched.

In: a snapshot of progress. Out: one line; each state has a sign and words, never a colour alone.
"""

from __future__ import annotations

from docsearch.domain.latencies import Latencies
from docsearch.domain.progress import DownloadProgress, IndexProgress, Phase, WatchMode
from docsearch.domain.ranking import StageTimings
from docsearch.domain.tuning import TuningProgress
from docsearch.domain.wording import duration, plural, remaining, size
from docsearch.presentation.cells import one_line, rule, shorten_path, spread
from docsearch.presentation.pieces import Line, Piece, Role, width_of

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


_DOT = Piece(" · ", Role.FAINT)
_METER_CELLS = 8
_LEAST_FOLDER = 8

_SIGNS = {
    Phase.STARTING: ("○", Role.MUTED, "opening the index"),
    Phase.SCANNING: ("◌", Role.WARNING, "scanning the folder"),
    Phase.INDEXING: ("◐", Role.WARNING, "indexing"),
    Phase.READY: ("●", Role.GOOD, "up to date"),
    Phase.READ_ONLY: ("◇", Role.WARNING, "read-only"),
    Phase.WAITING: ("◌", Role.WARNING, "waiting"),
    Phase.STOPPED: ("■", Role.MUTED, "stopped"),
    Phase.FAILED: ("✗", Role.ERROR, "index failed"),
}


def index_line(progress: IndexProgress, folder: str, cells: int) -> Line:
    """The state on the left, the folder on the right where there is room."""
    left = _state(progress)
    room = cells - width_of(left) - 2
    shown = shorten_path(one_line(folder), room) if room >= _LEAST_FOLDER else ""
    return spread(left, (Piece(shown, Role.FAINT),) if shown else (), cells)


def download_line(progress: DownloadProgress, cells: int) -> Line:
    """A model on its way: how much of it has arrived."""
    known = progress.total
    share = progress.received / known if known else 0.0
    counted = f"{size(progress.received)} of {size(known)}" if known else size(progress.received)
    left = (
        Piece("↓ ", Role.AFTER),
        Piece(f"downloading {one_line(progress.model)} "),
        *rule(_METER_CELLS, share),
        Piece(f" {counted} ", Role.STRONG),
    )
    return spread(left, (Piece(one_line(progress.file), Role.FAINT),), cells)


def tuning_line(progress: TuningProgress, cells: int) -> Line:
    """What is being measured of which model, and how to be rid of it."""
    step = f"{min(progress.done + 1, progress.total):,} of {progress.total:,}"
    left = (
        Piece("◔ ", Role.AFTER),
        Piece(f"tuning {one_line(progress.model)}: {one_line(progress.doing)}, "),
        Piece(step, Role.STRONG),
        _DOT,
        Piece("typing stops it", Role.MUTED),
    )
    return spread(left, (), cells)


def case_line(doing: str, done: float, cells: int) -> Line:
    """A case file on its way: what is being done for it, and how far that is."""
    left = (
        Piece("↓ ", Role.AFTER),
        Piece(f"case file: {doing} "),
        *rule(_METER_CELLS, done),
    )
    return spread(left, (Piece("goes on when you leave it", Role.FAINT),), cells)


def _state(progress: IndexProgress) -> Line:
    sign, role, words = _SIGNS[progress.phase]
    line: list[Piece] = [Piece(f"{sign} ", role)]
    if progress.phase is Phase.INDEXING:
        line += _work(progress)
    else:
        line += [Piece(words, role)]
        if progress.files or progress.phase is Phase.READY:
            line += [_DOT, Piece(plural(progress.files, "file"))]
            line += [_DOT, Piece(plural(progress.chunks, "chunk"))]
    if progress.skipped:
        line += [_DOT, Piece(f"{progress.skipped:,} skipped", Role.MUTED)]
    if progress.watch is not WatchMode.OFF:
        role = Role.MUTED if progress.watch is WatchMode.NATIVE else Role.WARNING
        line += [_DOT, Piece(str(progress.watch), role)]
    if progress.notice:
        line += [_DOT, Piece(one_line(progress.notice), Role.WARNING)]
    return tuple(line)


def _work(progress: IndexProgress) -> list[Piece]:
    share = progress.files_done / progress.files_total if progress.files_total else 0.0
    done = f" {progress.files_done:,} of {plural(progress.files_total, 'file')}"
    line = [Piece("indexing ", Role.WARNING), *rule(_METER_CELLS, share, Role.WARNING), Piece(done)]
    line += [_DOT, Piece(plural(progress.chunks, "chunk"))]
    if progress.chunks_per_second:
        line += [_DOT, Piece(_rate(progress.chunks_per_second), Role.MUTED)]
    if progress.seconds_left is not None:
        line += [_DOT, Piece(f"{remaining(progress.seconds_left)} left", Role.MUTED)]
    return line


def _rate(chunks_per_second: float) -> str:
    digits = 0 if chunks_per_second >= 9.95 else 1
    return f"{chunks_per_second:.{digits}f}/s"
