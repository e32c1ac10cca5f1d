"""Jobs -> outcomes, by other processes, ahead of who takes them.

In: jobs, and how a child process makes a preparer. Out: each job with its outcome, as they come. No
file is ever read in docsearch's own process: one that crashes its reader, takes too long or too
much is told as unusable. A file that is not read soon is put off, so that it holds up no other.
No more is done ahead than `FILES_AHEAD` and `BYTES_AHEAD` allow, so that memory does not grow with
the folder.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Condition, Lock, Thread
from typing import Any

from docsearch.domain.document import SourceFile
from docsearch.domain.errors import DocsearchError, ReadingError
from docsearch.ingest.child import READY, Bounds, Refused, Request, frame, receive, send
from docsearch.ingest.prepare import Job, Outcome, Preparer, TakesLong, Unusable
from docsearch.ingest.put_off import PutOff
from docsearch.ingest.stopping import Stop, StoppedError, go_on

FILES_AHEAD = 256
"""As many small files as make a group to embed, and as many again."""

BYTES_AHEAD = 8_000_000
"""Bytes of files in work or done ahead; a larger file is taken alone."""

FEWEST_FILES = 200
FEWEST_BYTES = 1_000_000
"""Less work than either takes about as long as it takes to start another process."""

ATTEMPTS = 2
"""A process can be ended from outside; a file that two processes die of is at fault."""

ASK_SECONDS = 0.1
"""How often it is asked, while nothing comes, whether to stop."""

PAUSE_SECONDS = 1.0
"""Where nothing comes for so long, another process helps, and what came can be committed."""

BOUNDS = Bounds()

_COMMAND = (sys.executable, "-P", "-c", "from docsearch.ingest.child import main; main()")
"""-P: nothing is imported from the working directory, which may be the searched folder. Not -m, by
which the classes that are sent would be those of `__main__`."""

_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)

Make = Callable[[], Preparer]


def usual_processes(cores: int) -> int:
    """How many keep a model busy that runs on so many cores, which they share."""
    return min(4, max(2, cores // 4))


@dataclass(frozen=True, slots=True)
class _Task:
    """A request, and for which call of `prepare` it is made."""

    request: Request
    round: int = 0


@dataclass(frozen=True, slots=True)
class _Done:
    task: _Task
    outcome: Outcome | Exception


class _Tasks:
    """A queue that a hand leaves when it has been ended, and no task with it."""

    def __init__(self) -> None:
        self._waiting: deque[_Task] = deque()
        self._changed = Condition()

    def put(self, task: _Task) -> None:
        """Have some hand take it."""
        with self._changed:
            self._waiting.append(task)
            self._changed.notify_all()

    def take(self, ended: Stop) -> _Task | None:
        """The next, as soon as there is one; None once `ended`."""
        with self._changed:
            self._changed.wait_for(lambda: ended() or self._waiting)
            return None if ended() else self._waiting.popleft()

    def wake(self) -> None:
        """Have every hand ask again whether it has ended."""
        with self._changed:
            self._changed.notify_all()

    def clear(self) -> None:
        """Give up what no hand has taken."""
        with self._changed:
            self._waiting.clear()


class Pool:
    """The port `Preparing`. `make` is pickled by name.

    One process stays until `close`, so that an edit is read at once; others, up to `processes`,
    come with much to do and go with it. One more reads what was put off, beside all else.
    """

    def __init__(
        self,
        make: Make,
        processes: int,
        put_off: PutOff | None = None,
        bounds: Bounds = BOUNDS,
    ) -> None:
        self._make, self._bounds = make, bounds
        self._processes = processes
        self._notes = put_off or PutOff(None)
        self._tasks: _Tasks = _Tasks()
        self._done: SimpleQueue[_Done] = SimpleQueue()
        self._hands: list[_Hand] = []
        self._round = 0
        self._slow: dict[str, Job] = {}
        self._slow_tasks: _Tasks = _Tasks()
        self._slow_done: SimpleQueue[_Done] = SimpleQueue()
        self._slow_hand: _Hand | None = None

    def warm_up(self) -> None:
        """Start the process that stays, and do not wait for it."""
        if not self._hands:
            self._add_hand()

    def close(self) -> None:
        """End every process, whatever it is at; idempotent."""
        hands = [*self._hands, *([self._slow_hand] if self._slow_hand else [])]
        for hand in hands:
            hand.end()
        self._hands, self._slow_hand = [], None
        self._slow = {}
        for hand in hands:
            hand.join()
        self._notes.close()

    def prepare(self, jobs: Iterable[Job], stop: Stop) -> Generator[tuple[Job, Outcome] | None]:
        """Each job with what became of it, nearly in order; None in a pause.

        A file that takes long is not among them but in `put_off`. Raises StoppedError, ReadingError
        where no process can be started, and ModelError.
        """
        self._round += 1
        left = iter(jobs)
        following = next(left, None)
        files = size = 0
        try:
            while files or following is not None:
                while following is not None and (not files or _has_room(files, size, following)):
                    files, size = files + 1, size + following.source.size
                    self._submit(following)
                    following = next(left, None)
                is_much = files >= FEWEST_FILES or size >= FEWEST_BYTES
                self._have_hands(self._processes if is_much else 1)
                done = self._next_done(stop)
                if done is None:
                    self._have_hands(min(len(self._hands) + 1, files))
                    yield None
                    continue
                job = done.task.request.job
                files, size = files - 1, size - job.source.size
                if isinstance(done.outcome, Exception):
                    raise done.outcome
                if isinstance(done.outcome, TakesLong):
                    self._put_off(job)
                else:
                    yield job, done.outcome
        finally:
            self._tasks.clear()
            for helper in self._hands[1:]:
                helper.end()
            del self._hands[1:]

    @property
    def put_off(self) -> Mapping[str, SourceFile]:
        """The files that are still to be read, or being read, beside all else, by path."""
        return {path: job.source for path, job in self._slow.items()}

    def forget(self, path: str) -> None:
        """What comes of this file that was put off is of no use."""
        self._slow.pop(path, None)

    def finish(self, stop: Stop, others_wait: Stop) -> Iterator[tuple[Job, Outcome]]:
        """Each file that was put off with what became of it; ends early where others wait.

        Raises what `prepare` raises.
        """
        while self._slow and not others_wait():
            go_on(stop)
            try:
                done = self._slow_done.get(timeout=ASK_SECONDS)
            except Empty:
                continue
            job = done.task.request.job
            if self._slow.get(job.source.path) is not job:
                continue  # it was forgotten, or put off again as another
            if isinstance(done.outcome, Exception):
                raise done.outcome
            del self._slow[job.source.path]
            yield job, done.outcome

    def _submit(self, job: Job) -> None:
        """Hand the job on, unless docsearch was ended before while the same file was read."""
        deaths = self._notes.deaths(job.source)
        task = _Task(Request(job), self._round)
        if deaths is None:
            self._tasks.put(task)
        elif deaths >= ATTEMPTS:
            self._notes.remove(job.source)
            reason = f"docsearch was ended {deaths} times while it was read"
            self._done.put(_Done(task, Unusable(job.source, reason)))
        else:
            self._done.put(_Done(task, TakesLong(job.source)))

    def _put_off(self, job: Job) -> None:
        self._slow[job.source.path] = job
        self._notes.add(job.source)
        self._slow_tasks.put(_Task(Request(job, patient=True)))
        if self._slow_hand is None:
            self._slow_hand = _Hand(
                self._make, self._bounds, self._slow_tasks, self._slow_done, notes=self._notes
            )

    def _next_done(self, stop: Stop) -> _Done | None:
        """The next of this round; None where nothing comes for a while."""
        for _ in range(round(PAUSE_SECONDS / ASK_SECONDS)):
            go_on(stop)
            try:
                done = self._done.get(timeout=ASK_SECONDS)
            except Empty:
                continue
            if done.task.round == self._round:
                return done
        return None

    def _have_hands(self, count: int) -> None:
        while len(self._hands) < min(count, self._processes):
            self._add_hand()

    def _add_hand(self) -> None:
        helps = bool(self._hands)
        self._hands.append(_Hand(self._make, self._bounds, self._tasks, self._done, helps=helps))


def _has_room(files: int, size: int, job: Job) -> bool:
    return files < FILES_AHEAD and size + job.source.size <= BYTES_AHEAD


class _Hand:
    """A thread that keeps one child process at work, so that it has the next job at once.

    One that only `helps` leaves its part to the others where its process cannot be started.
    """

    def __init__(
        self,
        make: Make,
        bounds: Bounds,
        tasks: _Tasks,
        done: SimpleQueue[_Done],
        *,
        helps: bool = False,
        notes: PutOff | None = None,
    ) -> None:
        self._make, self._bounds = make, bounds
        self._tasks, self._done = tasks, done
        self._helps, self._notes = helps, notes
        self._lock = Lock()  # held while the child changes
        self._child: _Child | None = None
        self._ended = False
        self._thread = Thread(target=self._run, name="prepare", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End the child, and with it the job in hand; idempotent."""
        with self._lock:
            self._ended = True
            if self._child is not None:
                self._child.end()
        self._tasks.wake()

    def join(self) -> None:
        """Wait for the end of the thread, once `end` was called."""
        self._thread.join()

    def _run(self) -> None:
        with suppress(StoppedError):
            try:
                self._started()
            except StoppedError:
                raise
            except Exception:  # noqa: BLE001 - else the thread would be gone, and its jobs with it
                if self._helps:
                    return
                # Else it is told of the first job.
            while (task := self._tasks.take(lambda: self._ended)) is not None:
                self._done.put(_Done(task, self._done_with(task.request)))

    def _done_with(self, request: Request) -> Outcome | Exception:
        source = request.job.source
        if self._notes is not None:
            self._notes.begin(source)
        try:
            outcome: Outcome | Exception = self._outcome(request)
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - it belongs to the thread that asked
            outcome = error
        if self._notes is not None:
            self._notes.remove(source)
        return outcome

    def _outcome(self, request: Request) -> Outcome:
        for _ in range(ATTEMPTS):
            child = self._started()
            try:
                outcome: Outcome = child.ask(request)
            except (OSError, EOFError, ValueError, pickle.UnpicklingError):
                self._let_go(child)
            else:
                return outcome
        return Unusable(request.job.source, "could not be read: what reads it was ended")

    def _started(self) -> _Child:
        """The child, a new one if need be. Raises StoppedError, ReadingError and ModelError."""
        with self._lock:
            if self._ended:
                raise StoppedError
            if self._child is None:
                try:
                    self._child = _Child(self._make, self._bounds)
                except OSError as error:
                    raise _cannot_start(error.strerror or str(error)) from error
            child = self._child
        try:
            child.wait_until_ready()
        except DocsearchError:
            self._let_go(child)
            raise
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            self._let_go(child)
            raise _cannot_start("it ended before it was ready") from None
        return child

    def _let_go(self, child: _Child) -> None:
        """After its death. Raises StoppedError where it did not die by itself."""
        with self._lock:
            child.end()
            self._child = None
            if self._ended:
                raise StoppedError


def _cannot_start(why: str) -> ReadingError:
    return ReadingError(
        f"The process that reads files cannot be started: {why}. docsearch reads no file in its "
        "own process, so nothing more is indexed; what is indexed can be searched. See the limits "
        "of this system on processes, memory and open files (ulimit -a), and start it again."
    )


class _Child:
    """One child process. Raises OSError where it cannot be started."""

    def __init__(self, make: Make, bounds: Bounds) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            _COMMAND,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ONE_THREAD,
            # Ctrl-C is for docsearch, which ends its children itself.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests = self._process.stdin.fileno()
        self._answers = self._process.stdout.fileno()
        self._first: Any = (make, bounds)
        self._is_ready = False

    def wait_until_ready(self) -> None:
        """Return when it can take requests. Raises what keeps it from that."""
        if self._is_ready:
            return
        send(self._requests, frame(self._first))
        answer = receive(self._answers)
        if isinstance(answer, Refused):
            raise answer.error
        if answer != READY:
            raise EOFError
        self._is_ready = True

    def ask(self, request: Request) -> Outcome:
        """What becomes of the file. Raises OSError, EOFError or what pickle raises: it has died."""
        send(self._requests, frame(request))
        outcome: Outcome = receive(self._answers)
        return outcome

    def end(self) -> None:
        """End it at once, and let go of it; idempotent."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with suppress(OSError):
                stream.close()
