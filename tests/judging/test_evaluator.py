"""An evaluation of the sample collection, with everything real but its models."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import ir_measures
import pytest

from docsearch.domain.benchmark import Step
from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import EvaluationError, ModelError
from docsearch.domain.evaluation import MEASURES
from docsearch.domain.judgment import Grade, Level
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RerankScore
from docsearch.domain.settings import Settings
from docsearch.engine.engine import Engine
from docsearch.judging.measured import Measured
from docsearch.judging.run_files import export_runs
from tests.engine.running import answer, running
from tests.fakes.models import FAR_AWAY, FakeModels
from tests.fakes.reranker import FakeReranker

SAMPLE = Path(__file__).resolve().parents[2] / "sample_docs"
SOURCES = tuple(CandidateSource)


class BrokenReranker(FakeReranker):
    """Fails at its second batch."""

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        if len(self.scored) == 1:
            raise ModelError("the network went up in smoke")
        return super().score(query, passages)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running(SAMPLE, tmp_path_factory.mktemp("data")) as (engine, _):
        engine.wait_until_ready()
        yield engine


def whole(steps: Iterator[Step | Measured]) -> Measured:
    *before, last = steps
    assert isinstance(last, Measured)
    done = [each.done for each in before if isinstance(each, Step)]
    assert done == sorted(done)
    return last


def small(folder: Path) -> Path:
    """A folder that brings its own judgments."""
    folder.mkdir()
    texts = {"disk": "delete old logs when the disk is full", "bread": "bread goes in the oven"}
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(f"{text}\n")
    (folder / ".docsearchignore").write_text("*.tsv\n")
    (folder / "queries.tsv").write_text("q1\tdisk is full\nq2\t-oven path:nowhere bread\n")
    (folder / "judgments.tsv").write_text("q1\t0\tdisk.txt\t2\nq2\t0\tbread.txt\t1\n")
    return folder


def test_the_figures_are_those_of_ir_measures_on_the_exported_files(
    sample: Engine, tmp_path: Path
) -> None:
    judged = sample.evaluator.judged()
    assert judged.notices[0] == "the folder's own queries.tsv and judgments.tsv are used"
    measured = whole(sample.evaluator.measure(judged, SOURCES, ["at-hand"]))
    assert measured.evaluation.queries == 60
    files = export_runs(measured, tmp_path / "runs")
    exported = str(tmp_path / "runs" / "qrels.txt")
    qrels = list(ir_measures.read_trec_qrels(exported))  # type: ignore[no-untyped-call]
    assert len(files) == len(measured.evaluation.rows) == 3 * 4
    wanted = {ir_measures.parse_measure(name.replace("ND", "nD")): name for name in MEASURES}
    for row, file in zip(measured.evaluation.rows, files, strict=True):
        run = ir_measures.read_trec_run(str(file))  # type: ignore[no-untyped-call]
        theirs = ir_measures.calc_aggregate(wanted, qrels, run)
        for measure, name in wanted.items():
            assert row.measures[name].mean == pytest.approx(theirs[measure], abs=1e-6)


def test_every_source_is_measured_with_no_reranker_and_in_three_orders_of_each(
    sample: Engine,
) -> None:
    judged = sample.evaluator.judged()
    found = whole(sample.evaluator.measure(judged, SOURCES, ["at-hand"])).evaluation
    assert [(each.contender.source, each.contender.name) for each in found.rows[:5]] == [
        ("dense", "no reranker"),
        ("dense", "at-hand + ¼ bi-encoder"),
        ("dense", "at-hand"),
        ("dense", "RRF of at-hand + bi-encoder"),
        ("bm25", "no reranker"),
    ]
    assert [each.contender.is_default for each in found.rows[:4]] == [False, True, False, False]
    assert found.changes_of == 1
    for at, row in enumerate(found.rows):
        assert (row.against is None) == (at % 4 == 0)
        assert row.latency is not None
        assert row.latency.queries == 60
        assert 0 < row.latency.p50 <= row.latency.p95 <= row.latency.p99
        assert 0 <= row.judged <= row.shown <= 600
    gains = [each.gain for each in found.gained]
    assert gains == sorted(gains, reverse=True)
    assert all(each.gain < 0 for each in found.lost)
    assert all(moved.before != moved.after for each in found.gained for moved in each.moved)


def test_the_shown_order_is_that_of_a_search(sample: Engine) -> None:
    judged = sample.evaluator.judged()
    measured = whole(sample.evaluator.measure(judged, [CandidateSource.DENSE], ["at-hand"]))
    query = next(each for each in judged.queries if judged.queries[each].isalpha() is False)
    result = answer(sample, judged.queries[query], "at-hand")
    assert list(measured.runs[1][query]) == list(
        dict.fromkeys(hit.passage.path for hit in result.hits)
    )
    assert list(measured.runs[0][query]) == list(
        dict.fromkeys(hit.passage.path for hit in result.before)
    )


def test_condensed_lists_hold_judged_files_alone(sample: Engine) -> None:
    judged = sample.evaluator.judged()
    plain = whole(sample.evaluator.measure(judged, [CandidateSource.BM25], []))
    short = whole(sample.evaluator.measure(judged, [CandidateSource.BM25], [], condense=True))
    before, after = (each.evaluation.rows[0] for each in (plain, short))
    assert after.measures["NDCG@10"].mean > before.measures["NDCG@10"].mean
    assert (after.judged, after.shown) == (before.judged, before.shown)
    assert short.evaluation.condensed


def test_what_was_scored_is_not_scored_again_after_it_was_stopped(tmp_path: Path) -> None:
    folder, model = small(tmp_path / "notes"), FakeReranker("at-hand")
    for stop_after in (2, None):
        with running(folder, tmp_path / "data", models=FakeModels(model)) as (engine, _):
            engine.wait_until_ready()
            judged = engine.evaluator.judged()
            steps = engine.evaluator.measure(judged, [CandidateSource.DENSE], ["at-hand"])
            if stop_after is not None:
                for _ in range(stop_after + 1):
                    next(steps)
                assert len(model.scored) == 1
                steps.close()  # type: ignore[attr-defined]
            else:
                found = whole(steps).evaluation
    assert len(model.scored) == 2
    # The time of what was scored before is still known.
    assert [row.latency and row.latency.queries for row in found.rows] == [2, 2, 2, 2]


def test_queries_of_files_are_plain_words_and_those_of_the_screen_have_syntax(
    tmp_path: Path,
) -> None:
    folder = small(tmp_path / "notes")
    with running(folder, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        evaluator = engine.evaluator
        of_files = whole(evaluator.measure(evaluator.judged(), [CandidateSource.BM25], []))
        assert of_files.runs[0]["q2"] == ["bread.txt"]
        (hit,) = (each for each in answer(engine, "bread").hits if each.before_rank == 1)
        engine.judging.judge("bread -logs", hit.passage, Grade.HIGHLY_RELEVANT)
        engine.judging.judge("disk", hit.passage, Grade.NOT_RELEVANT)
        assert (
            engine.evaluator.judged()
            .notices[0]
            .endswith("the 2 queries judged on the screen are not (--own)")
        )
        own = evaluator.judged(own=True)
        assert (own.level, own.queries) == (Level.PASSAGE, {"q1": "bread -logs"})
        assert own.notices == (
            "1 query left out for which nothing in the index is judged relevant, such as “disk”",
        )
        made = whole(evaluator.measure(own, [CandidateSource.DENSE], []))
        assert made.evaluation.rows[0].measures["NDCG@10"].mean == 1.0
        assert _texts(engine, made.runs[0]["q1"]) == ["bread goes in the oven\n"]


def _texts(engine: Engine, hashes: Sequence[str]) -> list[str]:
    found: dict[str, StoredChunk] = {
        hit.passage.chunk.content_hash.hex(): hit.passage for hit in answer(engine, "bread").hits
    }
    return [found[each].chunk.text.rstrip() + "\n" for each in hashes]


def test_a_reranker_that_cannot_be_used_is_left_out_and_told(tmp_path: Path) -> None:
    folder = small(tmp_path / "notes")
    models = FakeModels(FakeReranker("at-hand"), BrokenReranker("broken"))
    with running(folder, tmp_path / "data", models=models) as (engine, _):
        engine.wait_until_ready()
        names = ["at-hand", "broken", FAR_AWAY, "unheard-of"]
        steps = engine.evaluator.measure(engine.evaluator.judged(), SOURCES, names)
        found = whole(steps).evaluation
    assert {row.contender.reranker for row in found.rows} == {None, "at-hand"}
    assert "far-away left out: reranker: off (not downloaded)" in found.notices
    assert "unheard-of left out: no model is called unheard-of" in found.notices
    assert "broken left out: the network went up in smoke" in found.notices


def test_a_folder_that_finds_its_own_judgments_is_told(tmp_path: Path) -> None:
    folder = small(tmp_path / "notes")
    (folder / ".docsearchignore").unlink()
    with running(folder, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        told = engine.evaluator.judged().notices
    assert "queries.tsv and judgments.tsv can be found themselves: name them in" in told[1]


def test_without_judgments_it_is_said_how_to_come_by_them(tmp_path: Path) -> None:
    folder = small(tmp_path / "notes")
    (folder / "judgments.tsv").unlink()
    with running(folder, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        with pytest.raises(
            EvaluationError, match="Nothing that this index holds is judged relevant yet"
        ):
            engine.evaluator.judged()
        with pytest.raises(EvaluationError, match="cannot be read: No such file"):
            engine.evaluator.judged((folder / "queries.tsv", folder / "gone.tsv"))


def test_the_mean_of_a_search_that_finds_nothing_is_nought(tmp_path: Path) -> None:
    folder = small(tmp_path / "notes")
    (folder / "queries.tsv").write_text("q1\tzzz\n")
    with running(folder, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        judged = engine.evaluator.judged()
        found = whole(engine.evaluator.measure(judged, [CandidateSource.BM25], ["at-hand"]))
    for row in found.evaluation.rows:
        assert all(each.mean == 0.0 and not math.isnan(each.mean) for each in row.measures.values())
        assert (row.judged, row.shown) == (0, 0)


def test_passages_of_a_file_without_lines_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    others = " ".join(f"word{number}" for number in range(45))
    texts = ["disk " * 45, f"disk full {others}"]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in texts]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "guide.ipynb").write_text(json.dumps(notebook))
    small_chunks = Settings(chunk_tokens=64, overlap_tokens=0)
    with running(folder, tmp_path / "data", settings=small_chunks) as (engine, _):
        engine.wait_until_ready()
        (first, *_) = answer(engine, "disk full", "at-hand").hits
        assert first.before_rank == 2
        engine.judging.judge("disk full", first.passage, Grade.RELEVANT)
        judged = engine.evaluator.judged()
        found = whole(engine.evaluator.measure(judged, [CandidateSource.DENSE], ["at-hand"]))
    (gained,) = found.evaluation.gained
    assert [each.document for each in gained.moved] == ["guide.ipynb, cell 2"]


def test_what_is_known_is_told_in_a_new_session_without_loading_a_reranker(tmp_path: Path) -> None:
    folder, data = small(tmp_path / "notes"), tmp_path / "data"
    with running(folder, data) as (engine, _):
        engine.wait_until_ready()
        (hit, *_) = answer(engine, "disk is full", "at-hand").hits
        engine.judging.judge("disk is full", hit.passage, Grade.RELEVANT)
    models = FakeModels()
    with running(folder, data, models=models) as (engine, _):
        engine.wait_until_ready()
        names = ["at-hand", FAR_AWAY, "unheard-of"]
        assert list(engine.evaluator.known(CandidateSource.DENSE, names)) == ["at-hand"]
    assert models.loaded == []


def test_what_is_known_follows_the_judgments_without_scoring_anything(tmp_path: Path) -> None:
    folder, model = small(tmp_path / "notes"), FakeReranker("at-hand")
    with running(folder, tmp_path / "data", models=FakeModels(model)) as (engine, _):
        engine.wait_until_ready()
        hits = {hit.passage.path: hit for hit in answer(engine, "disk oven").hits}
        for query in ("disk is full", "hot oven"):
            engine.judging.judge(query, hits["disk.txt"].passage, Grade.HIGHLY_RELEVANT)
        assert engine.evaluator.known(CandidateSource.DENSE, ["at-hand"]) == {}
        result = answer(engine, "disk is full", "at-hand")
        scored = len(model.scored)
        found = engine.evaluator.known(CandidateSource.DENSE, ["at-hand", FAR_AWAY])
        of_one = engine.evaluator.known(CandidateSource.DENSE, ["at-hand"], only=" disk is full")
        assert engine.evaluator.known(CandidateSource.DENSE, ["at-hand"], only="hot oven") == {}
        assert of_one["at-hand"].rows == found["at-hand"].rows
    assert len(model.scored) == scored
    assert list(found) == ["at-hand"]
    of_model = found["at-hand"]
    assert of_model.queries == 1
    before, after = of_model.rows
    assert before.measures["RR@10"].mean == 1 / (
        next(hit.before_rank for hit in result.hits if hit.passage.path == "disk.txt")
    )
    assert after.contender.name == "at-hand + ¼ bi-encoder"
    assert after.against is not None
