"""A benchmark's report in words: its conditions, a table of its figures, what changed since.

In: a report, or two of them compared. Out: lines, safe to show. Does not know who measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len

from docsearch.domain.benchmark import BenchReport, Figure
from docsearch.evaluation.regression import NOISE, Change, Regression
from docsearch.presentation.cells import one_line, pad, pad_left
from docsearch.presentation.pieces import Line, Piece, Role

_SHOWN = 20
"""Changes in a list; of more, the rest is counted."""


def condition_lines(report: BenchReport) -> Iterator[Line]:
    """Machine, versions and settings, a line for each fact."""
    yield (Piece(f"Benchmark {one_line(report.kind)}, {one_line(report.began)}"),)
    for heading, facts in _headings(report).items():
        yield (Piece(heading, Role.STRONG),)
        width = max(map(len, facts), default=0)
        for name, value in facts.items():
            yield (Piece(f"  {pad(one_line(name), width)}  {one_line(value)}"),)


def figure_lines(figures: Sequence[Figure]) -> Iterator[Line]:
    """A row for all that is told of one thing, a column for each last name, such as p50."""
    rows: dict[str, dict[str, str]] = {}
    for figure in figures:
        row = rows.setdefault(_joined(figure.name[:-1]), {})
        row[one_line(figure.name[-1])] = value_in_words(figure.value, figure.unit)
    headings = list(dict.fromkeys(heading for row in rows.values() for heading in row))
    first = max((cell_len(name) for name in rows), default=0)
    widths = {
        heading: max(cell_len(heading), *(cell_len(row.get(heading, "")) for row in rows.values()))
        for heading in headings
    }
    cells = (f"  {pad_left(heading, widths[heading])}" for heading in headings)
    yield (Piece(pad("", first) + "".join(cells), Role.MUTED),)
    for name, row in rows.items():
        cells = (f"  {pad_left(row.get(heading, ''), widths[heading])}" for heading in headings)
        yield (Piece(pad(name, first)), Piece("".join(cells), Role.STRONG))


def change_lines(found: Regression) -> Iterator[Line]:
    """What got worse and better by more than noise, then what else was different."""
    for each in found.conditions:
        told = f"{each.before or 'unknown'} then, {each.after or 'unknown'} now"
        yield (Piece(f"{each.heading}: {one_line(f'{each.name}: {told}')}", Role.WARNING),)
    if found.is_other_machine:
        words = "The machines differ: only ratios within one run say something of docsearch."
        yield (Piece(words, Role.WARNING),)
    yield from _changes("worse", found.worse, Role.DOWN)
    yield from _changes("better", found.better, Role.UP)
    yield (Piece(f"{found.same} figures within {NOISE:.0%} of what they were", Role.MUTED),)
    for words, names in (("then alone", found.only_before), ("now alone", found.only_after)):
        if names:
            yield (Piece(f"{len(names)} figures {words}: {_joined(names[0])} …", Role.MUTED),)


def value_in_words(value: float, unit: str) -> str:
    """Three digits that count, and the unit: `4.9x`, `12.3 ms`, `1,200 chunks/s`."""
    size = abs(value)
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= 0.9995 else 3
    gap = "" if unit == "x" else " "
    return f"{value:,.{digits}f}{gap}{one_line(unit)}".rstrip()


def _changes(what: str, changes: Sequence[Change], role: Role) -> Iterator[Line]:
    for each in changes[:_SHOWN]:
        times = each.gain if each.gain > 1 else 1 / each.gain if each.gain else float("inf")
        before, after = (value_in_words(value, each.unit) for value in (each.before, each.after))
        yield (
            Piece(f"{what} {times:.2f}x", role),
            Piece(f"  {_joined(each.name)}: {before} then, {after} now"),
        )
    if len(changes) > _SHOWN:
        yield (Piece(f"{what}: {len(changes) - _SHOWN} more", role),)


def _headings(report: BenchReport) -> Mapping[str, Mapping[str, str]]:
    return {
        "machine": report.machine,
        "versions": report.versions,
        "settings": report.settings,
    }


def _joined(name: Sequence[str]) -> str:
    return one_line(" · ".join(name))
