from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.errors import EvaluationError
from docsearch.evaluation.trec import read_qrels, read_run, write_qrels, write_run

ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
grades = st.dictionaries(
    ids, st.dictionaries(ids, st.integers(-1, 3), min_size=1, max_size=4), min_size=1, max_size=4
)
rankings = st.dictionaries(
    ids, st.lists(ids, min_size=1, max_size=5, unique=True), min_size=1, max_size=4
)


@given(grades)
def test_judgments_come_back_as_they_were_written(graded: dict[str, dict[str, int]]) -> None:
    text = write_qrels(graded)
    assert all(len(line.split()) == 4 for line in text.splitlines() if line)
    assert read_qrels(text, "qrels").grades == graded


@given(rankings)
def test_runs_come_back_as_they_were_written(ranked: dict[str, list[str]]) -> None:
    run = read_run(write_run(ranked, "a run"), "run")
    assert run.rankings == ranked
    assert run.tag == "a run"


def test_a_run_is_ordered_as_trec_eval_orders_it() -> None:
    text = "q Q0 a 1 0.5 x\nq Q0 c 2 0.5 x\nq Q0 b 9 7e0 x\n"
    assert read_run(text, "r").rankings == {"q": ["b", "c", "a"]}
    assert read_run("q Q0 a 1 0.5\n", "r.txt").tag == "r.txt"


@pytest.mark.parametrize(
    "text",
    [
        "q1 0 d1 2\nq1 0 d2 0\n",
        "q1\t0\td1\t2\n\n  \nq1\t0\td2\t0",
        "query-id\tcorpus-id\tscore\nq1\td1\t2\r\nq1\td2\t0\r\n",
        "\ufeffq1 d1 2\nq1 d2 0\n",
    ],
)
def test_every_form_of_judgments_is_read(text: str) -> None:
    found = read_qrels(text, "qrels")
    assert found.grades == {"q1": {"d1": 2, "d2": 0}}
    assert found.notices == ()


def test_a_path_with_blanks_stands_between_tabs_and_a_percent_is_its_own() -> None:
    assert read_qrels("q\t0\tmy notes/50%20.md\t1", "j.tsv").grades == {
        "q": {"my notes/50%20.md": 1}
    }
    assert read_qrels("q 0 my%20notes/50%AA.md 1", "j.txt").grades == {
        "q": {"my notes/50%AA.md": 1}
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("q 0 d 1\n\nq 0 d3 x y z\n", r"j:3: .* 6 columns"),
        ("q 0 d 1\n\nq 0 e high\n", r"j:3: the grade is 'high'; it must be a whole number"),
        ("q 0 d 1.5\n", r"j:1: the grade is '1\.5'"),
        ("q 0 d 1000\n", r"j:1: .* from -999 to 999"),
        (f"q 0 d {'9' * 5000}\n", r"j:1: the grade is"),
        ("q 0 d 1_0\n", r"j:1: the grade is '1_0'"),
        ("q\t0\t\t1\n", r"j:1: .* id is empty"),
        ("only\n", r"j:1: .* 1 columns"),
        ("", r"j holds no judgments"),
        ("query-id\tcorpus-id\tscore\n", r"j holds no judgments"),
        ("q 0 d \x1b[31m\n", r"j:1: the grade is '␛\[31m'"),
    ],
)
def test_a_judgment_that_cannot_be_read_is_named_by_its_line(text: str, told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        read_qrels(text, "j")


def test_a_document_judged_twice_is_told_and_the_later_grade_counts() -> None:
    found = read_qrels("q 0 d 1\nq 0 e 1\nq 0 d 2\nq 0 e 1\n", "j")
    assert found.grades == {"q": {"d": 2, "e": 1}}
    assert found.notices == (
        "j:3: d is judged twice for q, 2 here and 1 on line 1; the later counts",
        "j:4: e is judged twice for q, the same on line 2",
    )


def test_many_that_are_judged_twice_are_counted() -> None:
    text = "".join(f"q 0 d{at} 1\n" for at in range(1200))
    found = read_qrels(text + text, "j")
    assert len(found.grades["q"]) == 1200
    assert len(found.notices) == 4
    assert found.notices[3] == "j: 1,197 more are judged twice; the later grade counts"


def test_any_small_whole_number_is_a_grade() -> None:
    found = read_qrels("q 0 a -1\nq 0 b +2\nq 0 c 007\nq 0 d 999\n", "j")
    assert found.grades == {"q": {"a": -1, "b": 2, "c": 7, "d": 999}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("q Q0 d 1\n", r"r:1: .* 4 columns"),
        ("q Q0 d 1 nan t\n", r"r:1: the score is 'nan'; it must be a number"),
        ("q Q0 d 1 x t\n", r"r:1: the score is 'x'"),
        ("q Q0 d 1 2 t\nq Q0 d 2 1 t\n", r"r:2: d is ranked twice for q"),
        ("\n", r"r holds no ranking"),
    ],
)
def test_a_run_that_cannot_be_read_is_named_by_its_line(text: str, told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        read_run(text, "r")


def test_what_a_terminal_would_obey_is_escaped_and_read_again() -> None:
    grades = {"q\x1b[2J\x9b": {"a\x00\u202eb": 1}}
    written = write_qrels(grades)
    assert written == "q%1B[2J%C2%9B 0 a%00%E2%80%AEb 1\n"
    assert read_qrels(written, "qrels.txt").grades == grades
