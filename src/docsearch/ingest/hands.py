"""Threads that each keep one child process at work on a queue of files.

In: tasks, in a queue that hands share. Out: each with its outcome, or the error that belongs to
whoever asked. A child that dies is replaced; a file that two children die of is unusable.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Condition, Lock, Thread
from typing import Protocol

from docsearch.domain.document import SourceFile
from docsearch.domain.errors import DocsearchError
from docsearch.ingest.answers import BadAnswerError
from docsearch.ingest.child import Bounds, Request
from docsearch.ingest.child_process import ChildProcess, Make, cannot_start
from docsearch.ingest.prepare import Outcome, Unusable
from docsearch.ingest.stopping import Stop, StoppedError

ATTEMPTS = 2
"""A process can be ended from outside; a file that two processes die of is at fault."""

FORGED = "could not be read: what reads it gave an answer that is none"


@dataclass(frozen=True, slots=True)
class Task:
    """A request, and for which call of `prepare` it is made."""

    request: Request
    round: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it; an error belongs to whoever asked."""

    task: Task
    outcome: Outcome | Exception


class Notes(Protocol):
    """Where it is noted what is being read, as docsearch may be killed over it."""

    def begin(self, source: SourceFile) -> None:
        """It is being read."""
        ...

    def remove(self, source: SourceFile) -> None:
        """It has been read."""
        ...

    def leave(self, source: SourceFile) -> None:
        """Its reading was ended in good order."""
        ...


class Tasks:
    """A queue that a hand leaves when it has been ended, and no task with it."""

    def __init__(self) -> None:
        self._waiting: deque[Task] = deque()
        self._changed = Condition()

    def put(self, task: Task) -> None:
        """Have some hand take it."""
        with self._changed:
            self._waiting.append(task)
            self._changed.notify_all()

    def take(self, ended: Stop) -> Task | None:
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


class Hand:
    """A thread that keeps one child process at work, so that it has the next job at once.

    One that only `helps` leaves its part to the others where its process cannot be started.
    """

    def __init__(
        self,
        make: Make,
        bounds: Bounds,
        tasks: Tasks,
        done: SimpleQueue[Done],
        notes: Notes,
        *,
        helps: bool = False,
    ) -> None:
        self._make, self._bounds = make, bounds
        self._tasks, self._done = tasks, done
        self._helps, self._notes = helps, notes
        self._lock = Lock()  # held while the child changes
        self._child: ChildProcess | None = None
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
                # Without help, the first job reports the error.
            while (task := self._tasks.take(lambda: self._ended)) is not None:
                self._done.put(Done(task, self._done_with(task.request)))

    def _done_with(self, request: Request) -> Outcome | Exception:
        source = request.job.source
        self._notes.begin(source)
        try:
            outcome: Outcome | Exception = self._outcome(request)
        except StoppedError:
            self._notes.leave(source)
            raise
        except Exception as error:  # noqa: BLE001 - it belongs to the thread that asked
            outcome = error
        self._notes.remove(source)
        return outcome

    def _outcome(self, request: Request) -> Outcome:
        source = request.job.source
        for _ in range(ATTEMPTS):
            child = self._started()
            try:
                outcome = child.ask(request)
            except (OSError, EOFError):
                self._let_go(child)
            except BadAnswerError:
                self._let_go(child)
                return Unusable(source, FORGED)
            else:
                return outcome
        return Unusable(source, "could not be read: what reads it was ended")

    def _started(self) -> ChildProcess:
        """The child, a new one if need be. Raises StoppedError, ReadingError and ModelError."""
        with self._lock:
            if self._ended:
                raise StoppedError
            if self._child is None:
                try:
                    self._child = ChildProcess(self._make, self._bounds)
                except OSError as error:
                    raise cannot_start(error.strerror or str(error)) from error
            child = self._child
        try:
            child.wait_until_ready()
        except DocsearchError:
            self._let_go(child)
            raise
        except (OSError, EOFError, BadAnswerError):
            self._let_go(child)
            raise cannot_start("it ended before it was ready") from None
        return child

    def _let_go(self, child: ChildProcess) -> None:
        """After its death. Raises StoppedError where it did not die by itself."""
        with self._lock:
            child.end()
            self._child = None
            if self._ended:
                raise StoppedError
