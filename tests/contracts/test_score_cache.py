"""What every score cache promises: the dictionary, and SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docsearch.domain.ranking import RerankScore
from docsearch.ports import ScoreCache
from docsearch.storage.scores import SqliteScoreCache
from tests.fakes.scores import MemoryScoreCache

ONE, TWO, THREE = (bytes([number]) * 32 for number in (1, 2, 3))
HIGH, LOW = RerankScore(7.25, 0.999, 3, 2), RerankScore(-0.1, 0.475)


@pytest.fixture(params=["memory", "sqlite"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ScoreCache]:
    if request.param == "memory":
        yield MemoryScoreCache()
        return
    opened = SqliteScoreCache(tmp_path / "scores.sqlite")
    yield opened
    opened.close()


def test_scores_come_back_exactly(cache: ScoreCache) -> None:
    cache.put("model", "query", {ONE: HIGH, TWO: LOW})
    assert cache.get("model", "query", [TWO, ONE, THREE]) == {ONE: HIGH, TWO: LOW}
    assert cache.get("model", "query", []) == {}


def test_everything_a_score_depends_on_counts(cache: ScoreCache) -> None:
    cache.put("model", "query", {ONE: HIGH})
    assert cache.get("other model", "query", [ONE]) == {}
    assert cache.get("model", "Query", [ONE]) == {}
    assert cache.get("model", "query", [TWO]) == {}
    assert cache.get("modelq", "uery", [ONE]) == {}


def test_a_later_score_replaces_an_earlier_one(cache: ScoreCache) -> None:
    cache.put("model", "query", {ONE: LOW})
    cache.put("model", "query", {ONE: HIGH})
    assert cache.get("model", "query", [ONE]) == {ONE: HIGH}


@pytest.mark.parametrize("query", ["", "\x00", "\ud800", "🎉" * 1000, "x" * 100_000])
def test_any_query_will_do(cache: ScoreCache, query: str) -> None:
    cache.put("model", query, {ONE: HIGH})
    assert cache.get("model", query, [ONE]) == {ONE: HIGH}
    cache.put("model", query, {})
