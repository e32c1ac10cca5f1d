"""A process that prepares files: what a file does to it, it does not do to docsearch.

In: on standard input, pickled: how to make a preparer, then one job after the other. Out: on
standard output, pickled: `READY`, then one outcome a job. A file that takes too long ends the
process by an alarm of the system, which works also where a library never comes back to Python.
Does not know who asks.

Run by `python -P -m docsearch.ingest.child`; `pool.py` does.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from docsearch.ingest.prepare import Job, Preparer

READY = "ready"

NICENESS = 5
"""The model and the screen go first."""

ALARMS = (signal.SIGALRM, signal.SIGPROF)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one file may take: seconds of computing, five times as many in all, and memory.

    An honest megabyte takes about a second and 30 MB; the machine may be a slow one.
    """

    seconds: float = 60.0
    seconds_a_megabyte: float = 10.0
    memory_bytes: int = 2_000_000_000

    def seconds_for(self, size: int) -> float:
        """Seconds of computing for a file of so many bytes."""
        return self.seconds + self.seconds_a_megabyte * size / 1e6


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Prepare what is asked for until nothing more is."""
    make: Callable[[], Preparer]
    make, bounds = pickle.load(requests)  # noqa: S301 - from the process that has started this one
    preparer = make()
    _bound_memory(bounds.memory_bytes)
    _tell(answers, READY)
    with suppress(EOFError):
        while True:
            job: Job = pickle.load(requests)  # noqa: S301 - as above
            _set_alarm(bounds.seconds_for(job.source.size))
            outcome = preparer.prepare(job, lambda: False)
            _set_alarm(0)
            _tell(answers, outcome)


def _tell(answers: BinaryIO, what: Any) -> None:
    pickle.dump(what, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _set_alarm(seconds: float) -> None:
    """The signals end the process, unless they are taken back with 0."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 5 * seconds)


def _bound_memory(most: int) -> None:
    """More makes a MemoryError, where the system keeps to it."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def main() -> None:
    """Serve the process that has started this one."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what was read is not left on the disk
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not get among the answers.
    os.dup2(2, 1)
    with suppress(BrokenPipeError):  # nobody asks any more
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
