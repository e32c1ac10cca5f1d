"""One benchmark from its first line to its file: conditions, progress, table, JSON, comparison.

In: a benchmark's name, its settings in words, and what it yields. Out: text, and a report on the
disk. Does not know what is measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click

from docsearch.bench.report_file import (
    default_place,
    read_report,
    require_place,
    write_report,
)
from docsearch.cases.facts import versions
from docsearch.cli.bench_text import change_lines, condition_lines, figure_lines
from docsearch.cli.explanation_progress import shown_work
from docsearch.cli.lines import print_lines
from docsearch.domain.benchmark import BenchReport, Figure, Step
from docsearch.domain.errors import ReportError
from docsearch.domain.safe_text import safe_line
from docsearch.domain.settings import Settings
from docsearch.evaluation.regression import regression
from docsearch.files import make_folder
from docsearch.serving.machine import machine


@dataclass(frozen=True, slots=True)
class Output:
    """Where the report goes, and the older one to compare it with; None is the default, and none.

    Both are looked at before anything is measured. Raises ReportError.
    """

    file: Path | None
    compare: Path | None

    def older(self, kind: str) -> BenchReport | None:
        """The older report, of the same benchmark."""
        if self.file is not None:
            require_place(self.file)
        if self.compare is None:
            return None
        found = read_report(self.compare)
        if found.kind != kind:
            raise ReportError(
                f"{self.compare} is a report of {safe_line(found.kind)}, not of {kind}."
            )
        return found


def run_bench(
    kind: str,
    told: Mapping[str, str],
    measured: Iterator[Step | Figure],
    output: Output,
    settings: Settings,
) -> None:
    """Measure, print and keep; `told` are the settings that the figures depend on."""
    older = output.older(kind)
    report = BenchReport(
        kind=kind,
        began=datetime.now().astimezone().isoformat(timespec="seconds"),
        machine=machine(),
        versions={name: found for name, found in versions().items() if found is not None},
        settings=dict(told),
        figures=(),
    )
    print_lines(condition_lines(report))
    report = replace(report, figures=tuple(_figures(measured)))
    click.echo()
    print_lines(figure_lines(report.figures))
    if older is not None:
        click.echo()
        click.echo(f"compared with {safe_line(str(output.compare))}, {safe_line(older.began)}:")
        print_lines(change_lines(regression(older, report)))
    file = output.file or _made(default_place(kind, settings))
    write_report(report, file)
    click.echo(f"Written to {safe_line(str(file))}; --compare takes it in another run.", err=True)


def _made(file: Path) -> Path:
    try:
        make_folder(file.parent)
    except OSError as error:
        raise ReportError(f"{file.parent} cannot be made: {error.strerror}.") from error
    return file


def _figures(measured: Iterator[Step | Figure]) -> Iterator[Figure]:
    with shown_work() as tell:
        for each in measured:
            if isinstance(each, Step):
                tell(safe_line(each.what), each.done / each.total if each.total else 0.0)
            else:
                yield each
