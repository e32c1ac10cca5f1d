"""A benchmark's report as a file: JSON that the next run can be compared with.

In: a `BenchReport`, or a file that may come from anyone. Out: the file, whole or not there; or the
report, each value checked. Does not know what is measured.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from docsearch.domain.benchmark import BenchReport, Figure
from docsearch.domain.checked_json import Checked
from docsearch.domain.errors import RecordError, ReportError
from docsearch.domain.safe_text import safe_line
from docsearch.domain.settings import Settings
from docsearch.files import replace_file
from docsearch.serving.paths import data_dir

FORM = 1
"""Of the JSON. A reader refuses a form that it does not know."""

MOST_BYTES = 5_000_000
"""A larger file is no report: a thousand figures are a twentieth of it."""

_KEY = "docsearch_bench"


def default_place(kind: str, settings: Settings) -> Path:
    """Where a report of this moment goes when no other place is named."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return data_dir(settings) / "benchmarks" / f"{kind}-{moment}.json"


def require_place(file: Path) -> None:
    """Raise ReportError where `write_report` would, as far as can be told beforehand."""
    if not file.parent.is_dir():
        raise ReportError(f"{file} cannot be written: there is no folder {file.parent}.")
    if file.is_dir():
        raise ReportError(f"{file} cannot be written: it is a folder.")


def write_report(report: BenchReport, file: Path) -> None:
    """Put the report there, in place of what was there. Raises ReportError."""
    data = {_KEY: FORM, **asdict(report)}
    try:
        replace_file(file, f"{json.dumps(data, indent=1)}\n".encode())
    except OSError as error:
        raise ReportError(f"{file} cannot be written: {error.strerror}.") from error


def read_report(file: Path) -> BenchReport:
    """The report in this file. Raises ReportError, naming the file and the place in it."""
    try:
        return _report(Checked.of_file(file, MOST_BYTES))
    except OSError as error:
        raise ReportError(f"{file} cannot be read: {error.strerror}.") from error
    except RecordError as error:
        raise ReportError(f"{file} is no report of a benchmark: {error}") from None


def _report(data: Checked) -> BenchReport:
    form = data[_KEY].whole()
    if form != FORM:
        age = "a newer" if form > FORM else "an older"
        raise ReportError(f"{age} docsearch made it, in form {form}; this one reads form {FORM}.")
    began = data["began"].text()
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", began):
        raise ReportError("began must be a time in ISO 8601 with its offset from UTC.")
    return BenchReport(
        kind=data["kind"].text(),
        began=began,
        machine=_facts(data["machine"]),
        versions=_facts(data["versions"]),
        settings=_facts(data["settings"]),
        figures=tuple(_figure(each) for each in data["figures"].items()),
    )


def _facts(data: Checked) -> dict[str, str]:
    return {name: each.text() for name, each in data.members()}


def _figure(data: Checked) -> Figure:
    name = tuple(each.text() for each in data["name"].items())
    if not name:
        raise ReportError(f"{safe_line(data.where)}.name must not be empty.")
    return Figure(
        name=name,
        value=data["value"].number(),
        unit=data["unit"].text(),
        higher_is_better=data["higher_is_better"].truth(),
        baseline=data["baseline"].text(),
    )
