from __future__ import annotations

from docsearch.domain.progress import IndexProgress, Phase
from docsearch.ingest.progress import REPORT_SECONDS, IndexState, ProgressMeter, Reporter

STATE = IndexState(files=3, chunks=30, skipped=1, generation=7)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_rates_are_unknown_at_first() -> None:
    progress = ProgressMeter(Clock(), 10, 1000).snapshot(Phase.INDEXING, STATE)
    assert (progress.chunks_per_second, progress.seconds_left) == (None, None)
    assert (progress.files, progress.chunks, progress.skipped, progress.generation) == (3, 30, 1, 7)


def test_a_steady_pace_tells_the_time_left() -> None:
    clock = Clock()
    meter = ProgressMeter(clock, 10, 1000)
    for _ in range(4):
        clock.now += 2
        meter.file_done(100, 6)
    progress = meter.snapshot(Phase.INDEXING, STATE)
    assert (progress.files_done, progress.chunks_done) == (4, 24)
    assert progress.chunks_per_second == 3
    assert progress.seconds_left == 12


def test_the_pace_is_that_of_late() -> None:
    clock = Clock()
    meter = ProgressMeter(clock, 100, 10_000)
    for seconds in [1.0] * 30 + [10.0] * 4:
        clock.now += seconds
        meter.file_done(100, 10)
    assert meter.snapshot(Phase.INDEXING, STATE).chunks_per_second == 1


def test_a_large_file_moves_on_before_it_is_done() -> None:
    clock = Clock()
    meter = ProgressMeter(clock, 1, 1000)
    for _ in range(5):
        clock.now += 1
        meter.embedded(10, 100)
    progress = meter.snapshot(Phase.INDEXING, STATE)
    assert (progress.files_done, progress.chunks_embedded) == (0, 50)
    assert progress.chunks_per_second == 10
    assert progress.seconds_left == 5


def test_when_all_is_done_no_time_is_left_to_tell() -> None:
    clock = Clock()
    meter = ProgressMeter(clock, 1, 100)
    clock.now += 5
    meter.file_done(100, 5)
    assert meter.snapshot(Phase.READY, STATE).seconds_left is None


def test_within_a_phase_it_is_told_from_time_to_time() -> None:
    clock, told = Clock(), list[IndexProgress]()
    reporter = Reporter(told.append, lambda: STATE, clock)
    reporter.begin(100, 100)
    for _ in range(100):
        clock.now += REPORT_SECONDS / 10
        reporter.meter.file_done(1)
        reporter.tell_in_time()
    assert 8 <= len(told) <= 12
    reporter.tell(Phase.READY)
    assert (told[-1].phase, told[-1].files_done) == (Phase.READY, 100)
