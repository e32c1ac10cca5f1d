"""`docsearch eval`, run as a user runs it, with the real embedding model and a tiny reranker."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import pytest

from tests.cli.command import Ended, Home
from tests.judging.test_collections import write as write_collection
from tests.standins.tiny_models import write_cross_encoder

DOCUMENTS = {
    "disk.md": "When the disk is full, delete old logs first.",
    "backup.md": "The backup starts at two, and restores are tested weekly.",
    "bread.md": "The oven must be hot before the bread goes in.",
    "my train.md": "The ticket for the train is valid on both days.",
}
QUERIES = "q1\twhat to do about a full disk\nq2\twhen do I put bread in\nq3\tticket\n"
JUDGMENTS = "q1\t0\tdisk.md\t2\nq2\t0\tbread.md\t1\nq3\t0\tmy train.md\t2\nq3\t0\tdisk.md\t0\n"


@dataclass(frozen=True)
class Judged:
    home: Home
    folder: Path
    reranker: Path

    def run(self, *words: str) -> Ended:
        return self.home.run("eval", *words, cwd=self.folder)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    base = tmp_path_factory.mktemp("eval")
    home, folder = Home(base / "home"), base / "notes"
    home.folder.mkdir()
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(f"{text}\n")
    (folder / ".docsearchignore").write_text("*.tsv\n")
    (folder / "queries.tsv").write_text(QUERIES)
    (folder / "judgments.tsv").write_text(JUDGMENTS)
    return Judged(home, folder, write_cross_encoder(base / "tiny"))


def test_the_printed_figures_are_those_of_the_exported_runs(judged: Judged, tmp_path: Path) -> None:
    reports = [tmp_path / name for name in ("report.md", "report.html", "report.svg")]
    runs = tmp_path / "runs"
    ended = judged.run(
        *(".", "--reranker", str(judged.reranker), "--rerankers", str(judged.reranker)),
        *("--json", "--export-runs", str(runs)),
        *("--markdown", str(reports[0]), "--html", str(reports[1]), "--svg", str(reports[2])),
    )
    assert ended.code == 0, ended.err
    data = json.loads(ended.out)
    assert (data["queries"], data["judgments"], len(data["rows"])) == (3, 4, 9)
    assert data["notices"][0] == "the folder's own queries.tsv and judgments.tsv are used"
    qrels = list(ir_measures.read_trec_qrels(str(runs / "qrels.txt")))  # type: ignore[no-untyped-call]
    found = {}
    for file in runs.glob("*.run"):
        run = ir_measures.read_trec_run(str(file))  # type: ignore[no-untyped-call]
        found[file.stem] = ir_measures.calc_aggregate([ir_measures.nDCG @ 10], qrels, run)
    printed = sorted(row["measures"]["NDCG@10"]["mean"] for row in data["rows"])
    theirs = sorted(value for each in found.values() for value in each.values())
    assert printed == pytest.approx(theirs, abs=1e-6)
    assert all(each.stat().st_size > 500 for each in reports)


def test_a_collection_is_laid_out_indexed_and_measured(judged: Judged, tmp_path: Path) -> None:
    folder = write_collection(tmp_path / "small")
    ended = judged.run("--beir", str(folder), "--rerankers", "none", "--sources", "bm25")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("small: 1 query, 2 judgments of documents")


def test_nothing_is_laid_out_for_judgments_that_cannot_be_read(
    judged: Judged, tmp_path: Path
) -> None:
    folder = write_collection(tmp_path / "torn")
    (folder / "qrels" / "test.tsv").write_text("q1\td2\thigh\n")
    ended = judged.run("--beir", str(folder))
    assert ended.code == 1
    assert "test.tsv:1: the grade is 'high'" in ended.err
    assert "laying out" not in ended.err


def test_runs_of_other_programs_are_measured(judged: Judged, tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text("q 0 a 1\n")
    (tmp_path / "run").write_text("q Q0 a 1 2 mine\n")
    ended = judged.run("--trec", str(tmp_path / "qrels"), str(tmp_path / "run"))
    assert ended.code == 0, ended.err
    assert "mine" in ended.out
    assert "1.000" in ended.out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "Name one FOLDER"),
        ([".", "--queries", "queries.tsv"], 2, "--queries and --qrels go together"),
        (["--trec", "judgments.tsv"], 2, "one or more RUN files"),
        ([".", "--sources", "sparse"], 2, "There is no source 'sparse': dense, bm25, hybrid"),
        ([".", "--html", "nowhere/x.html"], 1, "cannot be written: there is no such folder"),
        ([".", "--queries", "queries.tsv", "--qrels", "disk.md"], 1, "disk.md:1: "),
        ([".", "--queries", "gone.tsv", "--qrels", "judgments.tsv"], 1, "gone.tsv cannot be read"),
        (["--beir", "."], 1, "has no judgments for 'test'"),
        (["--beir", "nowhere"], 3, "There is no folder nowhere"),
        (["--beir", ".", "--own"], 2, "--own does not go with --beir"),
        (["--trec", "queries.tsv", "queries.tsv"], 1, "queries.tsv:1: "),
        (["--trec", "qrels", "run", "--export-runs", "x"], 2, "--export-runs does not go with"),
        ([".", "--rerankers", "no-such-model"], 6, "There is no model named 'no-such-model'"),
        ([".", "--rerankers", "ms-marco-MiniLM-L6-v2"], 6, "models pull ms-marco-MiniLM-L6-v2"),
        ([".", "--rerankers", "all-MiniLM-L6-v2"], 6, "is a bi-encoder, not a reranker"),
        ([".", "--suggest"], 1, "3 judged queries are too few to choose settings by"),
        ([".", "--split", "dev"], 2, "--split is for --beir"),
        ([".", "--own", "--queries", "q", "--qrels", "j"], 2, "not from both"),
    ],
)
def test_what_cannot_be_done_is_told(
    judged: Judged, words: list[str], code: int, told: str
) -> None:
    ended = judged.run(*words)
    assert ended.code == code
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
