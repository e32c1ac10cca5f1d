from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.bench.report_file import read_report, require_place, write_report
from docsearch.domain.benchmark import BenchReport, Figure
from docsearch.domain.errors import ReportError
from tests.evaluation.reports import latency, rate, report

names = st.text(max_size=9)
facts = st.dictionaries(names, names, max_size=3)
figures = st.builds(
    Figure,
    name=st.lists(names, min_size=1, max_size=3).map(tuple),
    value=st.floats(allow_nan=False, allow_infinity=False),
    unit=names,
    higher_is_better=st.booleans(),
    baseline=names,
)
reports = st.builds(
    BenchReport,
    kind=names,
    began=st.datetimes(timezones=st.timezones()).map(
        lambda moment: moment.replace(year=2026).isoformat(timespec="seconds")[:19] + "+01:00"
    ),
    machine=facts,
    versions=facts,
    settings=facts,
    figures=st.lists(figures, max_size=4).map(tuple),
)


@given(reports)
def test_a_report_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, whole: BenchReport
) -> None:
    file = tmp_path_factory.mktemp("report") / "report.json"
    write_report(whole, file)
    assert read_report(file) == whole


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "report.json"
    write_report(report(latency(1), rate(2)), file)
    return file


def changed(file: Path, **changes: Any) -> Path:
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    return file


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"docsearch_bench": 2}, "a newer docsearch made it"),
        ({"docsearch_bench": 0}, "an older docsearch made it"),
        ({"docsearch_bench": "1"}, "docsearch_bench must be a number"),
        ({"kind": 3}, "kind must be text"),
        ({"began": "yesterday"}, "began must be a time"),
        ({"machine": {"cores": 2}}, r"machine\.cores must be text"),
        ({"figures": [{"name": ["a"]}]}, r"figures\[0\]\.value is missing"),
        ({"figures": [{"name": [], "value": 1}]}, "must not be empty"),
        ({"figures": {}}, "figures must be a list"),
    ],
)
def test_a_report_that_is_off_is_refused_with_its_place(
    file: Path, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(ReportError, match=rf"report\.json is no report.*{told}"):
        read_report(changed(file, **changes))


@pytest.mark.parametrize("text", ["", "[]", "{}", "NaN", "[" * 100_000, "\x00", '{"figures": []}'])
def test_foreign_files_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "foreign.json"
    file.write_text(text)
    with pytest.raises(ReportError, match=r"foreign\.json is no report of a benchmark"):
        read_report(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot be read: No such file"):
        read_report(tmp_path / "none.json")


def test_a_place_that_cannot_be_written_is_told_beforehand_and_then(tmp_path: Path) -> None:
    lost = tmp_path / "no folder" / "report.json"
    with pytest.raises(ReportError, match="there is no folder"):
        require_place(lost)
    with pytest.raises(ReportError, match="No such file"):
        write_report(report(), lost)
    with pytest.raises(ReportError, match="it is a folder"):
        require_place(tmp_path)


def test_what_was_there_is_replaced_and_nothing_is_left_beside_it(file: Path) -> None:
    write_report(report(latency(5)), file)
    assert read_report(file).figures == (latency(5),)
    assert list(file.parent.iterdir()) == [file]
