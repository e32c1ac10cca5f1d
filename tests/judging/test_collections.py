from __future__ import annotations

import json
from pathlib import Path

import pytest

from docsearch.domain.errors import EvaluationError
from docsearch.domain.query import CandidateSource
from docsearch.judging.collections import Collection, collection, judged_files
from docsearch.judging.measured import Measured
from tests.engine.running import running

DOCUMENTS = [
    {"_id": "../../odd id\n", "title": "Full disk", "text": "Delete old logs first."},
    {"_id": "d2", "title": "", "text": "The oven must be hot before the bread goes in."},
    {"_id": "empty", "title": "", "text": ""},
]


def write(folder: Path, documents: list[dict[str, str]] = DOCUMENTS) -> Path:
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)))
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "hot oven -bread"}\n')
    rows = "query-id\tcorpus-id\tscore\nq1\td2\t1\nq1\tempty\t1\n"
    (folder / "qrels" / "test.tsv").write_text(rows)
    return folder


def laid_out(folder: Path, data: Path) -> tuple[Collection, list[int]]:
    told: list[int] = []
    return collection(folder, data, told.append), told


def files(found: Collection) -> dict[str, str]:
    return {
        found.document_of(str(each.relative_to(found.documents))): each.read_text()
        for each in sorted(found.documents.rglob("*.txt"))
    }


def test_every_document_is_a_file_whose_name_owes_nothing_to_its_id(tmp_path: Path) -> None:
    found, told = laid_out(write(tmp_path / "small"), tmp_path / "data")
    assert found.name == "small"
    assert files(found) == {
        "../../odd id\n": "Full disk\n\nDelete old logs first.",
        "d2": "The oven must be hot before the bread goes in.",
        "empty": "",
    }
    assert told == [0]


def test_it_is_laid_out_once_and_again_when_the_corpus_has_changed(tmp_path: Path) -> None:
    folder, data = write(tmp_path / "small"), tmp_path / "data"
    first, _ = laid_out(folder, data)
    assert laid_out(folder, data) == (first, [])
    write(folder, [*DOCUMENTS[1:], {"_id": "d4", "text": "more"}])
    again, told = laid_out(folder, data)
    assert told
    assert list(files(again)) == ["d2", "empty", "d4"]


def test_what_was_half_done_is_begun_anew(tmp_path: Path) -> None:
    folder, data = write(tmp_path / "small"), tmp_path / "data"
    lines = (folder / "corpus.jsonl").read_text()
    (folder / "corpus.jsonl").write_text(f"{lines}\nnonsense")
    with pytest.raises(EvaluationError, match=r"corpus\.jsonl:4: this is not JSON"):
        laid_out(folder, data)
    (folder / "corpus.jsonl").write_text(lines)
    found, _ = laid_out(folder, data)
    assert len(files(found)) == 3
    (place,) = (data / "collections").iterdir()
    assert sorted(each.name for each in place.iterdir()) == ["collection.json", "documents"]


def test_a_collection_is_measured_under_its_own_ids(tmp_path: Path) -> None:
    folder = write(tmp_path / "small")
    found, _ = laid_out(folder, tmp_path / "data")
    with running(found.documents, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        judged = engine.evaluator.judged(
            judged_files(folder, None, None), origin="small", document_of=found.document_of
        )
        *_, last = engine.evaluator.measure(
            judged, [CandidateSource.BM25], ["at-hand"], document_of=found.document_of
        )
    assert isinstance(last, Measured)
    assert last.runs[0]["q1"] == ["d2"]
    assert judged.origin == "small"
    assert judged.notices == (
        "1 judgment of documents that are not indexed, which count as not found "
        "(first test.tsv:3, empty)",
    )
    assert last.evaluation.rows[0].measures["RR@10"].mean == 1.0
    assert last.evaluation.rows[0].measures["R@50"].mean == 0.5


def test_judgments_are_those_of_the_split(tmp_path: Path) -> None:
    folder = write(tmp_path / "small")
    (folder / "qrels" / "dev.tsv").write_text("")
    queries = folder / "queries.jsonl"
    assert judged_files(folder, None, None) == (queries, folder / "qrels" / "test.tsv")
    assert judged_files(folder, None, "dev") == (queries, folder / "qrels" / "dev.tsv")
    assert judged_files(folder, Path("mine"), None) == (queries, Path("mine"))
    with pytest.raises(EvaluationError, match=r"'train'.*--split \(dev, test\)"):
        judged_files(folder, None, "train")
    (folder / "qrels" / "test.tsv").unlink()
    assert judged_files(folder, None, None) == (queries, folder / "qrels" / "dev.tsv")
    (folder / "qrels.tsv").write_text("")
    assert judged_files(folder, None, None) == (queries, folder / "qrels.tsv")


def test_what_is_no_collection_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(EvaluationError, match=r"no collection in the BEIR layout.*corpus\.jsonl"):
        laid_out(tmp_path / "empty", tmp_path / "data")
    with pytest.raises(EvaluationError, match="There is no folder"):
        laid_out(tmp_path / "nowhere", tmp_path / "data")
