"""What is gathered to be judged: every order's top, in an order that tells of none of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docsearch.domain.benchmark import Step
from docsearch.domain.judgment import Grade
from docsearch.domain.pool import Pool
from docsearch.domain.query import CandidateSource
from docsearch.engine.engine import Engine
from tests.engine.running import answer, running
from tests.fakes.models import FAR_AWAY
from tests.judging.test_evaluator import SAMPLE

QUERY = "the backup of the disk"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running(SAMPLE, tmp_path_factory.mktemp("data")) as (engine, _):
        engine.wait_until_ready()
        yield engine


def pooled(engine: Engine, typed: str, *rerankers: str) -> Pool:
    *steps, pool = engine.pooling.pool(typed, CandidateSource.DENSE, rerankers)
    assert isinstance(pool, Pool)
    assert all(isinstance(each, Step) and each.done <= each.total for each in steps)
    return pool


def test_the_tops_of_all_orders_are_pooled_and_no_text_twice(sample: Engine) -> None:
    result = answer(sample, QUERY, "at-hand")
    tops = [*result.before[:10], *result.hits[:10]]
    wanted = {hit.passage.chunk.content_hash for hit in tops}
    pool = pooled(sample, QUERY, "at-hand")
    found = [each.chunk.content_hash for each in pool.passages]
    assert set(found) == wanted
    assert len(found) == len(wanted) > 10


def test_the_order_hangs_on_the_texts_alone(sample: Engine) -> None:
    alone = [each.chunk_id for each in pooled(sample, QUERY).passages]
    joined = [each.chunk_id for each in pooled(sample, f" {QUERY}", "at-hand").passages]
    assert [each for each in joined if each in alone] == alone
    ranked = [hit.passage.chunk_id for hit in answer(sample, QUERY).before]
    assert alone != ranked[:10]
    other = [each.chunk_id for each in pooled(sample, f"{QUERY} of the").passages]
    assert [each for each in other if each in alone] != [each for each in alone if each in other]


def test_what_was_judged_before_is_told_and_what_is_not_here_left_out(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "disk.txt").write_text("When the disk is full, delete old logs first.\n")
    with running(folder, tmp_path / "data") as (engine, _):
        first = pooled(engine, "disk", FAR_AWAY)
        assert first.notices == (f"{FAR_AWAY} left out: reranker: off (not downloaded)",)
        engine.judging.judge("disk", first.passages[0], Grade.RELEVANT)
        placed = pooled(engine, "disk").placed
        assert [each.judgment.grade for each in placed.values()] == [Grade.RELEVANT]
        assert pooled(engine, "path:nowhere").passages == ()


def test_the_figures_of_a_result_follow_its_judgments(sample: Engine) -> None:
    result = answer(sample, QUERY, "at-hand")
    assert sample.judging.look(result).figures is None
    best = result.hits[0]
    sample.judging.judge(QUERY, best.passage, Grade.HIGHLY_RELEVANT)
    seen = sample.judging.look(result)
    assert list(seen.placed) == [best.passage.chunk_id]
    assert seen.figures is not None
    rank = best.before_rank
    before = 1 / rank if rank <= 10 else 0.0
    assert list(seen.figures.measures["RR@10"]) == [pytest.approx(before), 1.0]
    condensed = sample.judging.look(result, condense=True).figures
    assert condensed is not None
    assert condensed.measures["RR@10"] == (1.0, 1.0)


def test_that_text_leaves_this_machine_is_told_where_a_service_is_pooled(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "disk.txt").write_text("When the disk is full, delete old logs first.\n")
    with running(folder, tmp_path / "data", hosted=True) as (engine, _):
        pool = pooled(engine, "disk", "at-hand")
        assert len(pool.passages) == 1
        (told,) = pool.notices
        assert "at-hand is a service" in told
