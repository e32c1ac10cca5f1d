from __future__ import annotations

import json

import pytest

from docsearch.domain.errors import EvaluationError
from docsearch.domain.judgment import Level
from docsearch.evaluation.collection import CorpusDocument, judged, read_corpus, read_queries
from docsearch.evaluation.trec import read_qrels


def test_queries_are_read_as_tsv_and_as_json_lines() -> None:
    expected = {"q1": "a query\twith a tab", "q2": "another"}
    tsv = "\ufeffq1\ta query\twith a tab\r\n\nq2\tanother"
    lines = "\n".join(json.dumps({"_id": key, "text": text}) for key, text in expected.items())
    assert read_queries(tsv, "q") == read_queries(lines, "q") == expected
    assert read_queries('{"_id": 7, "text": "x", "metadata": {}}', "q") == {"7": "x"}


def test_a_query_of_a_collection_that_has_no_text_is_left_out_and_its_judgments_are_told() -> None:
    queries = read_queries('{"_id": "0", "text": " "}\n{"_id": "q1", "text": "x"}', "q")
    assert queries == {"q1": "x"}
    found = judged("a folder", queries, read_qrels("q1 0 a 1\n0 0 a 1\n", "j"), {"a"})
    assert found.grades == {"q1": {"a": 1}}
    assert found.notices == ("1 judgment of queries without words, left out (first j:2, 0)",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "q holds no queries"),
        ("\n \n", "q holds no queries"),
        ("q1\twords\nq2 words\n", "q:2: this is no query: write `id<TAB>words`"),
        ("q1\t \n", "q:1: the query has no words"),
        ("\twords\n", "q:1: the query has no id"),
        ("q1\tone\nq1\tother\n", "q:2: the query q1 has other words above"),
        ('{"_id": "q1", "text": ""}', "q holds no queries"),
        ('{"_id": "", "text": ""}', "q:1: the query has no id"),
        ('{"_id": "q1"}', 'q:1: there is no text under "text"'),
        ('{"_id": ', "q:1: this is not JSON"),
    ],
)
def test_queries_that_cannot_be_read_are_named_by_their_line(text: str, told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        read_queries(text, "q")


def test_a_corpus_is_read_document_by_document() -> None:
    lines = ['{"_id": "1", "title": "T", "text": "x"}', "", '{"_id": 2, "text": ""}']
    assert list(read_corpus(lines, "c")) == [
        CorpusDocument("1", "T", "x"),
        CorpusDocument("2", "", ""),
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "c holds no documents"),
        (['{"_id": "1", "text": "x"}'] * 2, "c:2: the document 1 is there twice"),
        (['["1"]'], "c:1: this is not a JSON object"),
        (['{"_id": "1", "text": null}'], 'c:1: there is no text under "text"'),
    ],
)
def test_a_corpus_that_cannot_be_read_is_named_by_its_line(lines: list[str], told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        list(read_corpus(lines, "c"))


def test_what_does_not_fit_together_is_told_and_what_fits_is_measured() -> None:
    queries = {"q1": "one", "q2": "two", "q3": "three", "q4": "four"}
    text = "q1 0 a 2\nq1 0 gone 1\nq9 0 a 1\nq2 0 a 0\nq3 0 b 1\nq9 0 b 1\n"
    found = judged("a folder", queries, read_qrels(text, "j"), {"a", "b"})
    assert found.level is Level.DOCUMENT
    assert found.grades == {"q1": {"a": 2, "gone": 1}, "q3": {"b": 1}}
    assert found.queries == {"q1": "one", "q3": "three"}
    assert found.judgments == 3
    assert found.notices == (
        "2 judgments of queries without words, left out (first j:3, q9)",
        "1 judgment of documents that are not indexed, which count as not found (first j:2, gone)",
        "1 query without judgments left out",
        "1 query left out for which nothing relevant was judged, such as q2",
    )


def test_without_a_query_to_measure_it_is_said_why() -> None:
    with pytest.raises(EvaluationError, match=r"No query of here has a relevant judgment in j: 1 "):
        judged("here", {"q": "words"}, read_qrels("x 0 a 1", "j"), {"a"})
