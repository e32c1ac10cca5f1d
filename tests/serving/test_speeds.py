"""How fast the rerankers read: measured while they work, and kept."""

from __future__ import annotations

import json
import logging
from itertools import count
from pathlib import Path

import pytest

from docsearch.domain.speed import Speed
from docsearch.serving.rerankers import TimedReranker
from docsearch.serving.speeds import FADE_SECONDS, LEAST_PAIRS, SAVE_SECONDS, Speeds
from tests.fakes.reranker import FakeReranker

ENOUGH = Speed(pairs=50, tokens=6000, seconds=2.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "speeds.json"


def test_batches_add_up_to_a_speed(file: Path) -> None:
    speeds = Speeds(file)
    speeds.record("small", "a", Speed(30, 3000, 1.0))
    speeds.record("small", "a", Speed(20, 3000, 1.5))
    speeds.record("large", "b", ENOUGH)

    assert speeds.known()["small"].pairs_per_second == pytest.approx(20)
    assert speeds.known()["small"].tokens_per_second == pytest.approx(2400)
    assert speeds.known()["large"].pairs_per_second == pytest.approx(25)


def test_which_model_of_a_name_read_last_is_known_in_the_next_session(file: Path) -> None:
    speeds = Speeds(file)
    assert speeds.fingerprint("small") is None
    speeds.record("small", "a", ENOUGH)
    speeds.record("small", "b", Speed(1, 100, 0.1))
    speeds.save()
    assert speeds.fingerprint("small") == Speeds(file).fingerprint("small") == "b"


def test_a_first_batch_alone_is_not_told(file: Path) -> None:
    speeds = Speeds(file)
    speeds.record("small", "a", Speed(LEAST_PAIRS - 1, 900, 3.0))
    assert speeds.known() == {}
    speeds.record("small", "a", Speed(1, 100, 0.1))
    assert set(speeds.known()) == {"small"}


def test_another_model_of_the_same_name_is_measured_anew(file: Path) -> None:
    speeds = Speeds(file)
    speeds.record("small", "old revision", ENOUGH)
    speeds.record("small", "new revision", Speed(40, 8000, 1.0))
    assert speeds.known()["small"].pairs_per_second == pytest.approx(40)


def test_a_machine_that_has_become_slower_is_told_so(file: Path) -> None:
    speeds = Speeds(file)
    for _ in range(20):
        speeds.record("small", "a", Speed(1000, 1e5, FADE_SECONDS / 2))
    for _ in range(20):
        speeds.record("small", "a", Speed(100, 1e4, FADE_SECONDS / 2))
    assert speeds.known()["small"].pairs_per_second == pytest.approx(
        100 / (FADE_SECONDS / 2), rel=0.01
    )


def test_what_was_measured_is_there_in_the_next_session(file: Path) -> None:
    speeds = Speeds(file)
    speeds.record("small", "a", ENOUGH)
    speeds.save()
    assert Speeds(file).known() == {"small": ENOUGH}
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_the_file_is_written_rarely(file: Path) -> None:
    speeds = Speeds(file)
    speeds.record("small", "a", Speed(30, 3000, SAVE_SECONDS * 0.9))
    assert not file.exists()
    speeds.record("small", "a", Speed(30, 3000, SAVE_SECONDS * 0.2))
    assert file.exists()
    file.unlink()
    speeds.save()
    assert not file.exists()


def test_two_processes_keep_each_others_measurements(file: Path) -> None:
    one, other = Speeds(file), Speeds(file)
    one.record("small", "a", ENOUGH)
    other.record("large", "b", ENOUGH)
    one.save()
    other.save()
    assert set(Speeds(file).known()) == {"small", "large"}


@pytest.mark.parametrize(
    "torn",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[1, 2]",
        b'{"small": 3}',
        b'{"small": ["a", 50.0]}',
        b'{"small": ["a", 50.0, 6000.0, 0.0]}',
        b'{"small": ["a", 50.0, 6000.0, NaN]}',
        b'{"small": ["a", -50.0, 6000.0, 1.0]}',
    ],
)
def test_a_file_that_cannot_be_read_is_made_anew(file: Path, torn: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(torn)
    speeds = Speeds(file)
    assert speeds.known() == {}
    speeds.record("large", "b", ENOUGH)
    speeds.save()
    assert Speeds(file).known()["large"] == ENOUGH
    assert "large" in json.loads(file.read_text())


def test_a_data_directory_that_cannot_be_written_loses_them_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("a file")
    speeds = Speeds(tmp_path / "data" / "speeds.json")
    speeds.record("small", "a", ENOUGH)
    with caplog.at_level(logging.WARNING):
        speeds.save()
    assert "not kept" in caplog.text
    assert speeds.known() == {"small": ENOUGH}


class Told:
    def __init__(self) -> None:
        self.batches: list[tuple[str, str, Speed]] = []

    def record(self, name: str, fingerprint: str, batch: Speed) -> None:
        self.batches.append((name, fingerprint, batch))


def timed(told: Told) -> TimedReranker:
    seconds = count(step=0.25)
    return TimedReranker(FakeReranker("small"), told.record, lambda: next(seconds))


PASSAGES = ["the blue hull", "an onion soup", "bees " * 100]


def test_planned_batches_are_timed() -> None:
    told, plain = Told(), FakeReranker("small")
    reranker = timed(told)
    plans = reranker.plan("soup", PASSAGES)

    assert reranker.score("soup", PASSAGES[1:]) == plain.score("soup", PASSAGES[1:])

    tokens = sum(sum(plan.token_counts) for plan in plans[1:])
    assert told.batches == [("small", plain.fingerprint, Speed(2, tokens, 0.25))]


def test_what_was_not_planned_is_not_timed() -> None:
    told = Told()
    reranker = timed(told)
    reranker.score("soup", ["A sentence."])
    reranker.plan("soup", PASSAGES)
    reranker.score("soup", ["A sentence."])
    reranker.score("hull", PASSAGES)
    reranker.score("soup", [])
    assert told.batches == []


def test_everything_else_is_the_rerankers_own() -> None:
    plain, reranker = FakeReranker("small"), timed(Told())
    assert (reranker.name, reranker.fingerprint) == (plain.name, plain.fingerprint)
    assert reranker.characters_read("soup") == 4
    assert reranker.plan("soup", PASSAGES) == plain.plan("soup", PASSAGES)
    assert reranker.read("soup", PASSAGES[1]) == plain.read("soup", PASSAGES[1])
    assert reranker.rough_scores("soup", PASSAGES) == plain.rough_scores("soup", PASSAGES)
