from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from docsearch.domain.errors import EvaluationError
from docsearch.judging.judged_files import evaluation_of_runs
from docsearch.judging.report import as_data, markdown, page, write_report
from tests.evaluation.evaluations import an_evaluation

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")


def test_the_data_hold_all_and_are_json() -> None:
    found = an_evaluation()
    data = json.loads(json.dumps(as_data(found)))
    assert [row["measures"]["NDCG@10"]["mean"] for row in data["rows"]] == [
        row.measures["NDCG@10"].mean for row in found.rows
    ]
    assert data["rows"][1]["finding"] == "helps"
    assert data["seed"] == 1


@pytest.mark.parametrize("form", [markdown, page])
def test_a_report_tells_figures_verdict_and_notices_and_obeys_no_text(form: object) -> None:
    text = form(an_evaluation())  # type: ignore[operator]
    assert "helps here: +" in text
    assert "without words, left out" in text.replace("\\", "")
    assert not CONTROLS.search(text)
    for row in an_evaluation().rows:
        assert f"{row.measures['NDCG@10'].mean:.3f}" in text


def test_the_page_loads_and_runs_nothing() -> None:
    text = page(an_evaluation())
    assert "default-src 'none'" in text
    assert "<b>" not in text
    assert "<script" not in text
    assert "<svg" in text


def test_a_cell_of_markdown_stays_one_cell() -> None:
    rows = [line for line in markdown(an_evaluation()).splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {9, 7}


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_report(tmp_path / "nowhere" / "report.md", "text")


def test_runs_are_held_against_the_first(tmp_path: Path) -> None:
    qrels, one, two = (tmp_path / name for name in ("qrels", "one.run", "two.run"))
    qrels.write_text("".join(f"q{at} 0 good 1\n" for at in range(12)))
    one.write_text(
        "".join(f"q{at} Q0 {d} 1 {s} t\n" for at in range(12) for d, s in (("x", 2), ("good", 1)))
    )
    two.write_text("".join(f"q{at} Q0 good 1 1 t\n" for at in range(12)) + "stray Q0 good 1 1 t\n")
    found = evaluation_of_runs(qrels, [one, two], condense=False)
    assert [row.contender.name for row in found.rows] == ["one.run", "two.run"]
    assert found.rows[1].verdict is not None
    assert found.rows[1].verdict.startswith("two.run helps here: +0.369 NDCG@10")
    assert found.notices == ("1 query of the runs without judgments left out, such as stray",)


def test_a_judged_query_that_a_run_lacks_and_documents_that_none_has_are_told(
    tmp_path: Path,
) -> None:
    qrels, one, two = (tmp_path / name for name in ("qrels", "one.run", "two.run"))
    qrels.write_text("q1 0 good 1\nq2 0 good 1\nq2 0 unheard-of 1\n")
    one.write_text("q1 Q0 good 1 1 one\nq2 Q0 good 1 1 one\n")
    two.write_text("q1 Q0 good 1 1 two\n")
    found = evaluation_of_runs(qrels, [one, two], condense=False)
    assert found.notices == (
        "1 judgment of documents that no run has, which count as not found "
        "(first qrels:3, unheard-of)",
        "two.run ranks nothing for 1 of 2 judged queries, such as q2: "
        "it counts as having found nothing there",
    )
    assert found.rows[1].measures["RR@10"].mean == 0.5
