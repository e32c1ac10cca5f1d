"""The tables and the plot of docs/benchmarks.md, drawn from the reports of benchmarks.

    python -m benchmarks.figures RERANK.json [UI.json ...]

In: reports. Out: between the marks in the page, a table for each report with the command that
printed it; for a rerank report also docs/rerank.svg. Only what is drawn is replaced. Figures are
copied, never rounded up or left out because they look bad.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from docsearch.bench.report_file import read_report
from docsearch.bench.rerank import DENSE, WARM
from docsearch.cli.bench_text import value_in_words
from docsearch.domain.benchmark import BenchReport, Figure

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
PLOT = ROOT / "docs" / "rerank.svg"
BEGIN, END = "<!-- {kind} figures: begin -->", "<!-- {kind} figures: end -->"

WIDTH, LEFT, ROW, GAP, HEAD = 960, 430, 20, 16, 40
RIGHT = 130
COLOURS = {"CrossEncoder.predict": "#6b7280"}
OURS = "#1a7f37"
FONT = 'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12"'


def main() -> None:
    """Draw every report that is named."""
    for name in sys.argv[1:]:
        report = read_report(Path(name))
        PAGE.write_text(with_table(PAGE.read_text("utf-8"), report), "utf-8")
        if report.kind == "rerank":
            PLOT.write_text(plot(report), "utf-8")


def with_table(page: str, report: BenchReport) -> str:
    """The page with this report's table between its marks. Raises ValueError without them."""
    return between_marks(page, report.kind, table(report))


def between_marks(page: str, kind: str, text: str) -> str:
    """The page with this text between the marks of a kind. Raises ValueError without them."""
    begin, end = (mark.format(kind=kind) for mark in (BEGIN, END))
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"The page has no {begin} … {end}")
    return f"{before}{begin}\n{text}\n{end}{after}"


def table(report: BenchReport) -> str:
    """Markdown: when, where and how it was measured, then a row for each thing."""
    rows: dict[str, dict[str, str]] = {}
    for row, column, told in _side_by_side(report) if report.kind == "rerank" else _each(report):
        rows.setdefault(row, {})[column] = told
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    machine = report.machine
    settings = ", ".join(f"{name} {value}" for name, value in report.settings.items())
    lines = [
        f"`{command_of(report.kind)}`, {report.began[:10]}, docsearch "
        f"{report.versions.get('docsearch', '')} on {machine.get('processor', '')}, "
        f"{machine.get('cores', '')} cores; {settings}.",
        "",
        " | ".join(["| what", *columns]) + " |",
        "|---" * (1 + len(columns)) + "|",
        *(
            " | ".join([f"| {name}", *(row.get(column, "") for column in columns)]) + " |"
            for name, row in rows.items()
        ),
    ]
    return "\n".join(lines)


def command_of(kind: str) -> str:
    """What prints the figures of such a report."""
    return "docsearch bench rerank" if kind == "rerank" else f"python -m benchmarks.{kind}"


def _each(report: BenchReport) -> Iterator[tuple[str, str, str]]:
    """A row for each thing that was measured, with all its figures."""
    rows: dict[str, list[str]] = {}
    for figure in report.figures:
        told = f"{figure.name[-1]} {value_in_words(figure.value, figure.unit)}"
        rows.setdefault(", ".join(figure.name[:-1]), []).append(told)
    for row, figures in rows.items():
        yield row, "figures", " · ".join(figures)


def _side_by_side(report: BenchReport) -> Iterator[tuple[str, str, str]]:
    """A row for each reranker, a column for each number of pairs and tokens: medians and ratios.

    Of all warm caches the slowest stands for the others, from which it differs by nothing.
    """
    known = {figure.name: figure for figure in report.figures}
    warmest: dict[str, Figure] = {}
    for *name, point in known:
        if point != "p50" or name[0] == DENSE:
            continue
        where, median = ", ".join(name[:2]), known[(*name, "p50")]
        if name[-1] == WARM:
            warmest[where] = max(warmest.get(where, median), median, key=lambda each: each.value)
            continue
        found = (known.get((*name, each)) for each in ("p50", "times as fast"))
        told = (value_in_words(each.value, each.unit) for each in found if each)
        yield ", ".join(name[2:]), where, ", ".join(told)
    for where, slowest in warmest.items():
        yield f"the slowest of all, {WARM}", where, value_in_words(slowest.value, slowest.unit)


def plot(report: BenchReport) -> str:
    """SVG: a bar of the median time for each reranker and runtime, grouped by tokens.

    Of the first number of pairs. Warm caches are left out: their bars would have no width.
    """
    groups: dict[tuple[str, ...], list[Figure]] = {}
    for figure in report.figures:
        if figure.name[-1] == "p50" and len(figure.name) > 3 and WARM not in figure.name:
            groups.setdefault(figure.name[:2], []).append(figure)
    pairs = next(iter(groups), ("",))[0]
    groups = {where: bars for where, bars in groups.items() if where[0] == pairs}
    ratios = {figure.name[:-1]: figure.value for figure in report.figures if figure.unit == "x"}
    rows = sum(map(len, groups.values()))
    height = HEAD + rows * ROW + len(groups) * (GAP + ROW)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" '
            f'height="{height}" viewBox="0 0 {WIDTH} {height}" {FONT} fill="#1f2328">',
            "<title>Median time to rerank, by pairs, tokens, model and runtime</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="12" y="24">{escape(_caption(report))}</text>',
            *_bars(groups, ratios),
            "</svg>\n",
        ]
    )


def _caption(report: BenchReport) -> str:
    machine = report.machine
    where = f"{machine.get('cores', '?')} cores of {machine.get('processor', '?')}"
    return f"Median seconds to rerank, {where}, {report.began[:10]}"


def _bars(
    groups: dict[tuple[str, ...], list[Figure]], ratios: dict[tuple[str, ...], float]
) -> Iterator[str]:
    y = HEAD
    for where, figures in groups.items():
        yield f'<text x="12" y="{y + 14}" font-weight="bold">{escape(", ".join(where))}</text>'
        y += ROW
        yield from _group(figures, ratios, y)
        y += len(figures) * ROW + GAP


def _group(
    figures: Sequence[Figure], ratios: dict[tuple[str, ...], float], y: int
) -> Iterator[str]:
    """Bars of one group share a scale: the longest is full."""
    longest = max(figure.value for figure in figures)
    for at, figure in enumerate(figures):
        top = y + at * ROW
        length = (WIDTH - LEFT - RIGHT) * figure.value / longest
        names = [part for part in figure.name[2:-1] if part != "cold cache"]
        ratio = ratios.get(figure.name[:-1])
        told = f"{figure.value / 1000:.2f} s" + (f", {ratio:.2f}x" if ratio else "")
        colour = COLOURS.get(names[-1], OURS)
        yield f'<text x="24" y="{top + 14}">{escape(" · ".join(names))}</text>'
        yield (
            f'<rect x="{LEFT}" y="{top + 3}" width="{length:.1f}" height="{ROW - 6}" '
            f'fill="{colour}"/>'
        )
        yield f'<text x="{LEFT + length + 6:.1f}" y="{top + 14}">{told}</text>'


if __name__ == "__main__":
    main()
