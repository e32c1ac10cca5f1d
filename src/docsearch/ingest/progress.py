"""Work done, and when -> snapshots of progress with a rate and the time left.

In: files and chunks as they are done, and a clock. Out: `IndexProgress`. Does not know what the
work is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from docsearch.domain.progress import IndexProgress, Phase

WINDOW_SECONDS = 20.0
"""The rate is that of the latest stretch of work of this length."""

LEAST_SECONDS = 1.0
"""A shorter stretch says nothing of the rate."""

REPORT_SECONDS = 0.2
"""Within a phase, progress is reported no more often than this."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the index holds."""

    files: int
    chunks: int
    skipped: int
    generation: int


class ProgressMeter:
    """The work at hand: `files_total` files of `bytes_total` bytes together."""

    def __init__(self, clock: Clock, files_total: int = 0, bytes_total: int = 0) -> None:
        self._clock = clock
        self._files_total = files_total
        self._bytes_total = bytes_total
        self._files_done = 0
        self._bytes_done = 0.0
        self._chunks_done = 0
        self._embedded = 0
        self._samples: deque[tuple[float, float, int]] = deque()
        self._sample()

    def embedded(self, chunks: int, share_of_bytes: float) -> None:
        """The model has read so many chunks, which stand for so many bytes of files."""
        self._embedded += chunks
        self._bytes_done += share_of_bytes
        self._sample()

    def file_done(self, size: float, chunks: int = 0) -> None:
        """A file is in the index, or out of it; `size` are bytes that were not told before."""
        self._files_done += 1
        self._bytes_done += size
        self._chunks_done += chunks
        self._sample()

    def snapshot(self, phase: Phase, state: IndexState) -> IndexProgress:
        """How things stand."""
        chunks_per_second, seconds_left = self._rates()
        return IndexProgress(
            phase=phase,
            files_done=self._files_done,
            files_total=self._files_total,
            chunks_done=self._chunks_done,
            chunks_embedded=self._embedded,
            files=state.files,
            chunks=state.chunks,
            skipped=state.skipped,
            generation=state.generation,
            chunks_per_second=chunks_per_second,
            seconds_left=seconds_left if phase is Phase.INDEXING else None,
        )

    def _sample(self) -> None:
        now = self._clock()
        self._samples.append((now, self._bytes_done, max(self._chunks_done, self._embedded)))
        # The last sample before the window stays: the window is measured from it.
        while len(self._samples) > 2 and self._samples[1][0] <= now - WINDOW_SECONDS:
            self._samples.popleft()

    def _rates(self) -> tuple[float | None, float | None]:
        (then, bytes_then, chunks_then), (now, bytes_now, chunks_now) = (
            self._samples[0],
            self._samples[-1],
        )
        seconds = now - then
        if seconds < LEAST_SECONDS:
            return None, None
        bytes_per_second = (bytes_now - bytes_then) / seconds
        bytes_left = max(0.0, self._bytes_total - bytes_now)
        return (
            (chunks_now - chunks_then) / seconds,
            bytes_left / bytes_per_second if bytes_per_second else None,
        )


class Reporter:
    """Tells how the work goes: at each new phase, and from time to time within one."""

    def __init__(
        self, report: Callable[[IndexProgress], None], state: Callable[[], IndexState], clock: Clock
    ) -> None:
        self._report = report
        self._state = state
        self._clock = clock
        self._next_report = clock()
        self.meter = ProgressMeter(clock)

    def begin(self, files_total: int, bytes_total: int) -> None:
        """There is work to do, so much of it."""
        self.meter = ProgressMeter(self._clock, files_total, bytes_total)
        self.tell(Phase.INDEXING)

    def tell(self, phase: Phase) -> None:
        """Report now."""
        self._next_report = self._clock() + REPORT_SECONDS
        self._report(self.meter.snapshot(phase, self._state()))

    def tell_in_time(self) -> None:
        """Report the indexing if the last report is old enough."""
        if self._clock() >= self._next_report:
            self.tell(Phase.INDEXING)
