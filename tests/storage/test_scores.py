from __future__ import annotations

import os
import random
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from docsearch.domain.ranking import RerankScore
from docsearch.storage.scores import SqliteScoreCache
from tests.storage.limits import file_size_limit, open_to_all, unwritable

SCORE = RerankScore(1.5, 0.8)


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scores" / "scores.sqlite"


@pytest.fixture
def small(path: Path) -> Iterator[SqliteScoreCache]:
    cache = SqliteScoreCache(path, most=20)
    yield cache
    cache.close()


def test_scores_outlive_the_program(path: Path) -> None:
    cache = SqliteScoreCache(path)
    cache.put("model", "query", {key(1): SCORE})
    cache.close()
    again = SqliteScoreCache(path)
    assert again.get("model", "query", [key(1)]) == {key(1): SCORE}
    again.close()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_least_recently_used_go(small: SqliteScoreCache) -> None:
    for number in range(20):
        small.put("model", "query", {key(number): SCORE})
    assert len(small.get("model", "query", [key(0), key(1)])) == 2
    small.put("model", "query", {key(20): SCORE})
    held = small.get("model", "query", [key(number) for number in range(21)])
    assert held.keys() == {key(number) for number in range(21)} - {key(2), key(3), key(4)}


def test_it_never_holds_more_than_it_may(small: SqliteScoreCache) -> None:
    small.put("model", "query", {key(number): SCORE for number in range(100)})
    assert 0 < len(small.get("model", "query", [key(number) for number in range(100)])) <= 20


@pytest.mark.parametrize("damage", ["random", "newer"])
def test_a_damaged_file_is_made_anew(
    path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    cache = SqliteScoreCache(path)
    cache.put("model", "query", {key(1): SCORE})
    cache.close()
    if damage == "random":
        path.write_bytes(random.Random(1).randbytes(9000))
    else:
        torn = bytearray(path.read_bytes())
        torn[60:64] = (99).to_bytes(4, "big")  # where SQLite keeps user_version
        path.write_bytes(torn)
    again = SqliteScoreCache(path)
    assert "damaged; starting a new one" in caplog.text
    assert again.get("model", "query", [key(1)]) == {}
    again.put("model", "query", {key(1): SCORE})
    assert again.get("model", "query", [key(1)]) == {key(1): SCORE}
    again.close()


def test_damage_met_on_the_way_is_no_error(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = SqliteScoreCache(path)
    cache.put("model", "query", {key(number): SCORE for number in range(2000)})
    cache.close()
    torn = bytearray(path.read_bytes())
    for start in range(4096, len(torn), 4096):
        torn[start : start + 4096] = b"\xff" * 4096
    path.write_bytes(torn)
    cache = SqliteScoreCache(path)
    assert cache.get("model", "query", [key(1)]) == {}
    cache.put("model", "query", {key(1): SCORE})
    assert cache.get("model", "query", [key(1)]) == {key(1): SCORE}
    assert "damaged; starting a new one" in caplog.text
    cache.close()


def test_a_full_disk_drops_scores_and_no_search(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = SqliteScoreCache(path)
    cache.put("model", "query", {key(1): SCORE})
    with file_size_limit(path.with_name(path.name + "-wal").stat().st_size):
        cache.put("model", "query", {key(number): SCORE for number in range(9000)})
        assert cache.get("model", "other query", [key(1)]) == {}
    assert "passed over" in caplog.text
    assert cache.get("model", "query", [key(1)]) == {key(1): SCORE}
    cache.close()


def test_a_directory_that_cannot_be_written_means_no_cache(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with open_to_all() as folder, unwritable(folder):
        cache = SqliteScoreCache(folder / "scores" / "scores.sqlite")
        cache.put("model", "query", {key(1): SCORE})
        assert cache.get("model", "query", [key(1)]) == {}
        cache.close()
    assert "Scores are not kept" in caplog.text


def test_once_closed_it_is_empty(path: Path) -> None:
    cache = SqliteScoreCache(path)
    cache.put("model", "query", {key(1): SCORE})
    cache.close()
    cache.close()
    assert cache.get("model", "query", [key(1)]) == {}


def test_two_programs_may_share_it_from_many_threads(path: Path) -> None:
    caches = [SqliteScoreCache(path) for _ in range(2)]

    def use(number: int) -> None:
        cache = caches[number % 2]
        cache.put("model", str(number), {key(number): SCORE})
        assert cache.get("model", str(number), [key(number)]) == {key(number): SCORE}

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(use, range(60)))
    for number in range(60):
        for cache in caches:
            assert cache.get("model", str(number), [key(number)]) == {key(number): SCORE}
    for cache in caches:
        cache.close()
