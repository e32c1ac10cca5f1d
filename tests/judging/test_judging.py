"""Judgments follow their passages as the folder changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import EvaluationError
from docsearch.domain.judgment import Grade, Level
from docsearch.engine.engine import Engine
from tests.engine.running import answer, running

QUERY = "disk full"
DISK = "When the disk is full, delete old logs first, then look for core dumps.\n"
BREAD = "The oven must be hot before the bread goes in, and stay hot.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "notes"
    made.mkdir()
    (made / "disk.txt").write_text(DISK)
    (made / "bread.txt").write_text(BREAD)
    return made


def passages(engine: Engine) -> dict[str, StoredChunk]:
    engine.wait_until_ready()
    return {hit.passage.path: hit.passage for hit in answer(engine, "disk bread").hits}


def test_a_grade_is_shown_changed_and_cleared(folder: Path, tmp_path: Path) -> None:
    with running(folder, tmp_path / "data") as (engine, _):
        held, judging = passages(engine), engine.judging
        disk, bread = held["disk.txt"], held["bread.txt"]
        judging.judge(QUERY, disk, Grade.HIGHLY_RELEVANT)
        judging.judge(f"  {QUERY} ", bread, Grade.NOT_RELEVANT)
        judging.judge(QUERY, bread, Grade.RELEVANT)
        judging.judge("another", bread, Grade.RELEVANT)
        grades = judging.grades(QUERY, [disk, bread])
        assert {path: grades[held[path].chunk_id].judgment.grade for path in held} == {
            "disk.txt": Grade.HIGHLY_RELEVANT,
            "bread.txt": Grade.RELEVANT,
        }
        judging.judge(QUERY, bread, None)
        assert list(judging.grades(QUERY, [disk, bread])) == [disk.chunk_id]
        assert judging.queries() == (QUERY, "another")


def test_a_judgment_moves_with_a_passage_that_was_written_on(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(folder, data) as (engine, _):
        engine.judging.judge(QUERY, passages(engine)["disk.txt"], Grade.RELEVANT)
        engine.judging.judge(QUERY, passages(engine)["bread.txt"], Grade.NOT_RELEVANT)
    (folder / "disk.txt").write_text(f"Note of March. {DISK} Empty the bin too.\n")
    (folder / "bread.txt").unlink()
    with running(folder, data) as (engine, _):
        now = passages(engine)["disk.txt"]
        placed = engine.judging.grades(QUERY, [now])[now.chunk_id]
        assert placed.is_moved
        assert placed.overlap > 0.9
        gone = [each for each in engine.judging.placed(QUERY) if each.passage is None]
        assert [each.judgment.path for each in gone] == ["bread.txt"]
        judged = engine.judging.judged()
        assert judged.level is Level.PASSAGE
        assert judged.grades == {"q1": {now.chunk.content_hash.hex(): 1}}
        assert judged.notices == (
            "1 judgment moved to a re-cut passage",
            "1 judged passage no longer in the index: kept, not counted (1 of “disk full”)",
        )
        engine.judging.judge(QUERY, now, Grade.HIGHLY_RELEVANT)
        again = engine.judging.grades(QUERY, [now])[now.chunk_id]
        assert (again.judgment.grade, again.is_moved) == (Grade.HIGHLY_RELEVANT, False)
        assert len(engine.judging.placed(QUERY)) == 2
    (folder / "bread.txt").write_text(BREAD)
    with running(folder, data) as (engine, _):
        bread = passages(engine)["bread.txt"]
        assert engine.judging.grades(QUERY, [bread])[bread.chunk_id].judgment.grade == 0


def test_a_moved_judgment_is_cleared_with_its_passage(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(folder, data) as (engine, _):
        engine.judging.judge(QUERY, passages(engine)["disk.txt"], Grade.RELEVANT)
    (folder / "disk.txt").write_text(f"{DISK} And more.\n")
    with running(folder, data) as (engine, _):
        engine.judging.judge(QUERY, passages(engine)["disk.txt"], None)
        assert engine.judging.placed(QUERY) == ()
        assert engine.judging.queries() == ()


def test_what_is_gone_is_told_by_query_kept_and_counted_for_nothing(
    folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    queries = ("disk full", "hot oven", "both of them", "bread\x1b[31m", "oven")
    with running(folder, data) as (engine, _):
        held = passages(engine)
        for query in queries:
            engine.judging.judge(query, held["bread.txt"], Grade.HIGHLY_RELEVANT)
        engine.judging.judge("both of them", held["disk.txt"], Grade.RELEVANT)
        engine.judging.judge("disk full", held["disk.txt"], Grade.NOT_RELEVANT)
    (folder / "bread.txt").write_text("Nobody bakes here any more; see the shop.\n")
    with running(folder, data) as (engine, _):
        disk = passages(engine)["disk.txt"].chunk.content_hash.hex()
        found = engine.evaluator.judged(own=True)
        assert found.queries == {"q3": "both of them"}
        assert found.grades == {"q3": {disk: 1}}
        assert found.notices == (
            "5 judged passages no longer in the index: kept, not counted (1 of “disk full”, "
            "1 of “hot oven”, 1 of “both of them”, others of 2 more queries)",
            "4 queries left out for which nothing in the index is judged relevant, such as "
            "“disk full”",
        )
        figures = engine.judging.look(answer(engine, "both of them")).figures
        assert figures is not None
        assert (figures.gone, figures.measures["R@50"]) == (1, (1.0, 1.0))
        assert len(engine.judging.placed("both of them")) == 2
    (folder / "disk.txt").unlink()
    with running(folder, data) as (engine, _):
        engine.wait_until_ready()
        with pytest.raises(EvaluationError, match=r"Nothing that this index .*7 judged passages"):
            engine.evaluator.judged(own=True)
    (folder / "disk.txt").write_text(DISK)
    (folder / "bread.txt").write_text(BREAD)
    with running(folder, data) as (engine, _):
        passages(engine)
        found = engine.evaluator.judged(own=True)
        assert (len(found.grades), found.judgments, found.notices) == (5, 7, ())
