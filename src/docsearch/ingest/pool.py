"""Jobs -> outcomes, by other processes, ahead of who takes them.

In: jobs, and how a child process makes a preparer. Out: each job with its outcome, as they come. A
file that crashes its process, or takes too long, is told as unusable, and the next one gets a new
process. Where processes cannot be made the work is done here. No more is done ahead than
`FILES_AHEAD` and `BYTES_AHEAD` allow, so that memory does not grow with the folder.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from docsearch.domain.document import SourceFile
from docsearch.ingest.child import ALARMS, READY, Bounds
from docsearch.ingest.prepare import Job, Outcome, Preparer, Unusable
from docsearch.ingest.stopping import Stop, StoppedError, go_on

FILES_AHEAD = 256
"""As many small files as make a group to embed, and as many again."""

BYTES_AHEAD = 8_000_000
"""Bytes of files in work or done ahead; a larger file is taken alone."""

FEWEST_FILES = 200
FEWEST_BYTES = 1_000_000
"""Less work than either takes about as long here as it takes to start a process."""

ATTEMPTS = 2
"""A process can be ended from outside; a file that two processes die of is at fault."""

ASK_SECONDS = 0.1
"""How often it is asked, while nothing comes, whether to stop."""

GRACE_SECONDS = 5.0
"""How long a process that no longer answers may take to end."""

BOUNDS = Bounds()

_COMMAND = (sys.executable, "-P", "-m", "docsearch.ingest.child")
"""-P: nothing is imported from the working directory, which may be the searched folder."""

_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)

Make = Callable[[], Preparer]


def pays(sources: Iterable[SourceFile]) -> bool:
    """Whether there is enough work to start processes for."""
    sizes = [source.size for source in sources]
    return len(sizes) >= FEWEST_FILES or sum(sizes) >= FEWEST_BYTES


def usual_processes(cores: int) -> int:
    """How many keep a model busy that runs on so many cores, which they share."""
    return min(4, max(2, cores // 4))


class Pool:
    """Use as a context: its processes end with it. `make` is pickled by name; `here` is its equal.

    A thread for each process hands it jobs, so that it has the next as soon as it is free.
    """

    def __init__(self, make: Make, here: Preparer, processes: int, bounds: Bounds = BOUNDS) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Job, Outcome | BaseException]] = SimpleQueue()
        self._hands = [_Hand(make, here, bounds, self._jobs, self._done) for _ in range(processes)]

    def __enter__(self) -> Self:
        for hand in self._hands:
            hand.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for hand in self._hands:
            hand.end()
        for _ in self._hands:
            self._jobs.put(None)
        for hand in self._hands:
            hand.join()

    def prepare(self, jobs: Iterable[Job], stop: Stop) -> Iterator[tuple[Job, Outcome]]:
        """Each job with what became of it, nearly in order. Raises StoppedError."""
        left = iter(jobs)
        following = next(left, None)
        files = size = 0
        while files or following is not None:
            while following is not None and (not files or _has_room(files, size, following)):
                self._jobs.put(following)
                files, size = files + 1, size + following.source.size
                following = next(left, None)
            job, outcome = self._next_done(stop)
            files, size = files - 1, size - job.source.size
            if isinstance(outcome, BaseException):
                raise outcome
            yield job, outcome

    def _next_done(self, stop: Stop) -> tuple[Job, Outcome | BaseException]:
        while True:
            go_on(stop)
            try:
                return self._done.get(timeout=ASK_SECONDS)
            except Empty:
                continue


def _has_room(files: int, size: int, job: Job) -> bool:
    return files < FILES_AHEAD and size + job.source.size <= BYTES_AHEAD


class _Hand:
    """Keeps one child process at work; ends with a None among the jobs, or when it is told to."""

    def __init__(
        self,
        make: Make,
        here: Preparer,
        bounds: Bounds,
        jobs: SimpleQueue[Job | None],
        done: SimpleQueue[tuple[Job, Outcome | BaseException]],
    ) -> None:
        self._thread = Thread(target=self._run, name="prepare", daemon=True)
        self._make, self._here, self._bounds = make, here, bounds
        self._jobs, self._done = jobs, done
        self._lock = Lock()  # held while the child changes
        self._child: _Child | None = None
        self._may_start = True
        self._ended = False

    def start(self) -> None:
        """Begin; the child is started with the first job."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the end."""
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None and not self._ended:
            try:
                outcome: Outcome | BaseException = self._outcome(job)
            except BaseException as error:  # noqa: BLE001 - it belongs to the thread that asked
                outcome = error
            self._done.put((job, outcome))
        self.end()

    def end(self) -> None:
        """End the child, and with it the job in hand; idempotent."""
        with self._lock:
            self._ended = True
            if self._child is not None:
                self._child.end()

    def _outcome(self, job: Job) -> Outcome:
        died: _ChildDiedError | None = None
        for _ in range(ATTEMPTS):
            child = self._started()
            if child is None:
                break
            try:
                return child.prepare(job)
            except _ChildDiedError as error:
                self._let_go(child)
                died = error
                if error.took_too_long:
                    break
        if died is not None:
            seconds = self._bounds.seconds_for(job.source.size)
            return Unusable(job.source, died.reason(seconds))
        return self._here.prepare(job, lambda: self._ended)

    def _started(self) -> _Child | None:
        """The child, a new one if need be; None where none can be made. Raises StoppedError."""
        with self._lock:
            if self._ended:
                raise StoppedError
            if self._child is None and self._may_start:
                try:
                    self._child = _Child(self._make, self._bounds)
                except OSError:
                    self._may_start = False
            child = self._child
        if child is not None and not child.is_ready():
            self._let_go(child)
            self._may_start = False
            return None
        return child

    def _let_go(self, child: _Child) -> None:
        """After its death. Raises StoppedError where it did not die by itself."""
        with self._lock:
            child.end()
            self._child = None
            if self._ended:
                raise StoppedError


class _ChildDiedError(Exception):
    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self._signal = -exit_code

    @property
    def took_too_long(self) -> bool:
        return self._signal in ALARMS

    def reason(self, seconds: float) -> str:
        if self.took_too_long:
            return f"could not be read within {seconds:.0f} seconds of computing"
        try:
            how = f" ({signal.Signals(self._signal).name})"
        except ValueError:
            how = ""
        return f"could not be read: it crashes what reads it{how}"


class _Child:
    """One child process. Raises OSError where it cannot be started."""

    def __init__(self, make: Make, bounds: Bounds) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ONE_THREAD,
            # Ctrl-C is for docsearch, which ends its children itself.
            start_new_session=True,
        )
        self._first: Any = (make, bounds)
        self._is_ready = False

    def is_ready(self) -> bool:
        """Wait until it can take jobs; False where it never will."""
        if not self._is_ready:
            try:
                self._is_ready = self._ask(self._first) == READY
            except _ChildDiedError:
                return False
        return self._is_ready

    def prepare(self, job: Job) -> Outcome:
        """What becomes of the file. Raises _ChildDiedError."""
        outcome: Outcome = self._ask(job)
        return outcome

    def end(self) -> None:
        """End it at once, and let go of it; idempotent."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            # What was not sent yet is of no use to anyone.
            with suppress(OSError):
                assert stream is not None
                stream.close()

    def _ask(self, what: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump(what, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
            return pickle.load(self._process.stdout)  # noqa: S301 - from our own module
        except (OSError, ValueError, EOFError, pickle.UnpicklingError):
            # It has died, or writes what it should not; either way this is its end.
            raise _ChildDiedError(self._ended_with()) from None

    def _ended_with(self) -> int:
        try:
            return self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
