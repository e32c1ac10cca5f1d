"""An evaluation in a terminal: two tables, a figure, what changed, and the verdict last.

In: an `Evaluation`, and how wide a line may be. Out: lines for `print_lines`. Does not know how it
was measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len

from docsearch.domain.evaluation import MAIN_MEASURE, MEASURES, Evaluation, Finding, Row
from docsearch.domain.settings import Settings
from docsearch.domain.wording import duration
from docsearch.evaluation.figure import figure, letter
from docsearch.evaluation.verdict import gain_in_words
from docsearch.evaluation.wording import (
    NONE,
    chance,
    changed,
    gain,
    measured_over,
    moved,
    name_of,
    outcomes,
    verdicts,
    with_bounds,
    with_half_width,
)
from docsearch.judging.suggesting import OwnWeight, Suggestion, in_words
from docsearch.presentation.cells import one_line, pad, pad_left, shorten
from docsearch.presentation.named_lines import said
from docsearch.presentation.pieces import Line, Piece, Role

WIDE = 96
"""From so many cells on, every measure has its interval beside it."""

FIGURE_ROWS = 12
SHOWN = "* as docsearch shows it · "
LEGEND = (
    "95% intervals · gain in NDCG@10, with p of a randomization test, "
    "corrected for all that were tried · + / - / = queries better, worse, the same"
)
_GAP = "  "
_ROLES = {Finding.HELPS: Role.UP, Finding.HURTS: Role.DOWN, Finding.UNDECIDED: Role.MUTED}
Cells = Sequence[str]


def evaluation_lines(evaluation: Evaluation, cells: int) -> Iterator[Line]:
    """All of it; the verdict comes last, where the eye is when the command has ended."""
    yield (Piece(one_line(measured_over(evaluation)), Role.STRONG),)
    yield ()
    yield from _quality(evaluation, cells)
    yield from _against(evaluation, cells)
    yield from _figure(evaluation, cells)
    yield from _changes(evaluation, cells)
    for note in evaluation.notes:
        yield from said(f"note: {one_line(note)}", cells, Role.MUTED)
    if evaluation.notes:
        yield ()
    for verdict in verdicts(evaluation):
        yield from said(one_line(verdict), cells, Role.STRONG)


def suggestion_lines(
    proposed: Suggestion, settings: Settings, own_weight: OwnWeight, cells: int
) -> Iterator[Line]:
    """What is proposed, what it gains on held-out queries, and what to do about it."""
    choice = proposed.choice
    yield ()
    yield (Piece("suggestion", Role.STRONG),)
    yield from said(f"now:  {one_line(in_words(settings, own_weight))}", cells)
    if proposed.is_present:
        yield from said(f"Of {proposed.tried} settings that were tried, these are the best.", cells)
        return
    better = proposed.instead_of(settings)
    yield from said(f"best: {one_line(in_words(better, own_weight))}", cells)
    for name, value in proposed.settings.items():
        yield (Piece(f"      {name} = {json.dumps(value)}", Role.MUTED),)
    how = (
        f"Chosen on half of the {proposed.queries} queries among {proposed.tried} settings and "
        f"measured on the other half, dealt {choice.repeats} times: "
        f"{gain_in_words(choice.held_out.gain)} over the present ones. "
        f"{choice.agreed:.0%} of the choices fell on what is proposed."
    )
    yield from said(how, cells)
    advice = {
        Finding.HELPS: "It helps here; --suggest --write puts it in your configuration.",
        Finding.HURTS: "To choose so does harm on queries held out: keep what you have.",
        Finding.UNDECIDED: "No gain that these judgments can show: keep what you have.",
    }
    yield from said(advice[choice.found], cells, Role.STRONG)


def _quality(evaluation: Evaluation, cells: int) -> Iterator[Line]:
    beside = with_half_width if cells >= WIDE else lambda each: f"{each.mean:z.3f}"
    head = ["order", MAIN_MEASURE, *MEASURES[1:], "judged"]
    rows = [
        [
            with_bounds(row.measures[MAIN_MEASURE]),
            *(beside(row.measures[name]) for name in MEASURES[1:]),
            f"{row.judged / row.shown:.0%}" if row.shown else NONE,
        ]
        for row in evaluation.rows
    ]
    yield from _table(evaluation, range(len(evaluation.rows)), head, rows, cells)


def _against(evaluation: Evaluation, cells: int) -> Iterator[Line]:
    """Gains and times, in one table where there is room."""
    rows = evaluation.rows
    places = range(len(rows))
    name = f"against {_baseline(evaluation)}"
    gains = [name, "gain", "p", "+ / - / ="], [_compared(row) for row in rows]
    times = ["a search takes", "P50", "P95", "P99"], [_times(row) for row in rows]
    compared = any(row.against for row in rows)
    timed = any(row.latency for row in rows)
    if compared and timed and cells >= WIDE:
        both = [[*gain, *time] for gain, time in zip(gains[1], times[1], strict=True)]
        yield from _table(evaluation, places, [*gains[0], *times[0][1:]], both, cells)
    else:
        for head, values in [gains] * compared + [times] * timed:
            yield from _table(evaluation, places, head, values, cells)
    if compared:
        marks = any(row.contender.is_default for row in rows)
        yield from said(SHOWN * marks + LEGEND, cells, Role.MUTED)
        yield ()


def _baseline(evaluation: Evaluation) -> str:
    first = next((row for row in evaluation.rows if row.against is None), evaluation.rows[0])
    return first.contender.name


def _compared(row: Row) -> Cells:
    if row.against is None:
        return (NONE, NONE, NONE)
    return (gain(row.against), chance(row.against.adjusted), outcomes(row.against))


def _times(row: Row) -> Cells:
    latency = row.latency
    if latency is None:
        return (NONE, NONE, NONE)
    return tuple(map(duration, (latency.p50, latency.p95, latency.p99)))


def _table(
    evaluation: Evaluation, places: Sequence[int], head: Cells, rows: Sequence[Cells], cells: int
) -> Iterator[Line]:
    """A letter and a name before each row, and the source over those that share it."""
    widths = [
        max(cell_len(each) for each in column) for column in zip(head[1:], *rows, strict=True)
    ]
    marks = max(len(letter(at)) for at in places)
    taken = marks + 1 + sum(width + len(_GAP) for width in widths)
    names = max(cell_len(head[0]), *(cell_len(_name(evaluation.rows[at])) for at in places))
    room = min(names, max(cells - taken, 12))
    titles = [pad_left(each, width) for each, width in zip(head[1:], widths, strict=True)]
    heading = " " * (marks + 1) + pad(shorten(head[0], room), room)
    yield (Piece(_GAP.join([heading, *titles]), Role.MUTED),)
    for source, group in groupby(places, key=lambda at: evaluation.rows[at].contender.source):
        if source:
            yield (Piece(" " * (marks + 1) + source, Role.STRONG),)
        for at in group:
            row = evaluation.rows[at]
            role = Role.TEXT if row.finding is None else _ROLES[row.finding]
            named = pad(_name(row, room), room)
            values = [pad_left(each, width) for each, width in zip(rows[at], widths, strict=True)]
            yield (
                Piece(f"{letter(at):<{marks}} ", Role.MUTED),
                Piece(named + _GAP, Role.STRONG if row.contender.is_default else Role.TEXT),
                Piece(values[0] + _GAP, role),
                Piece(_GAP.join(values[1:])),
            )
    yield ()


def _name(row: Row, cells: int | None = None) -> str:
    """The order's name, cut to this width; whether it is the one that is shown is never cut off."""
    name, mark = one_line(row.contender.name), " *" if row.contender.is_default else ""
    return (name if cells is None else shorten(name, cells - len(mark))) + mark


def _figure(evaluation: Evaluation, cells: int) -> Iterator[Line]:
    """Letters where the rows are; rows in one place stand side by side."""
    drawn = figure(evaluation.rows)
    if drawn is None:
        return
    margin = 7
    columns = max(20, min(cells, 100) - margin - 4)
    grid = [[" "] * columns for _ in range(FIGURE_ROWS)]
    for point in drawn.points:
        down = round((1 - point.y) * (FIGURE_ROWS - 1))
        _put(grid[down], round(point.x * (columns - 1)), point.letter)
    least, most = drawn.quality
    yield (Piece(f"{MAIN_MEASURE} against the time of half of the searches", Role.MUTED),)
    for number, row in enumerate(grid):
        value = most - (most - least) * number / (FIGURE_ROWS - 1)
        told = f"{value:.3f}" if number % 3 == 0 or number == FIGURE_ROWS - 1 else ""
        yield (Piece(f"{told:>{margin - 2}} │", Role.MUTED), Piece("".join(row).rstrip()))
    fast, slow = (duration(each) for each in drawn.seconds)
    yield (Piece(" " * (margin - 1) + "└" + "─" * columns, Role.MUTED),)
    yield (Piece(" " * margin + pad(fast, columns - cell_len(slow)) + slow, Role.MUTED),)
    yield ()


def _put(cells: list[str], wanted: int, mark: str) -> None:
    """Write the mark where it belongs, or as near to it as there is room."""
    starts = range(len(cells) - len(mark) + 1)
    for at in sorted(starts, key=lambda start: abs(start - wanted)):
        taken = slice(at, at + len(mark))
        if not "".join(cells[taken]).strip():
            cells[taken] = mark
            return


def _changes(evaluation: Evaluation, cells: int) -> Iterator[Line]:
    if evaluation.changes_of is None:
        return
    name = one_line(name_of(evaluation.rows[evaluation.changes_of].contender))
    for verb, changes, role in (
        ("gained", evaluation.gained, Role.UP),
        ("lost", evaluation.lost, Role.DOWN),
    ):
        if not changes:
            continue
        yield (Piece(f"{verb} most with {name}", Role.STRONG),)
        for change in changes:
            yield (Piece(shorten(one_line(changed(change)), cells), role),)
            for each in change.moved:
                yield (Piece(shorten(f"        {one_line(moved(each))}", cells), Role.MUTED),)
        yield ()
