"""One thread owns the models, and a query never waits for more than the batch in hand.

In: pieces of work, each one batch long, with their priority. Out: their results, to the thread that
asked. Does not know what a model is.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from enum import IntEnum
from queue import PriorityQueue
from threading import Lock, Thread, get_native_id
from typing import Any, TypeVar

LESS_IMPORTANT = 10
"""By how much the models' threads are nicer than the others: these get nine times their share."""

T = TypeVar("T")


class Priority(IntEnum):
    """What goes first when several pieces of work are waiting."""

    STOP = 0
    QUERY = 1
    EXPLAINING = 2
    INDEXING = 3


class WorkerClosedError(RuntimeError):
    """Work was handed to a worker that has been closed: the program is on its way out."""


class InferenceWorker:
    """Runs work one piece at a time, queries before indexing, first come first served in each.

    The thread starts with the first piece of work and is a daemon: work that never ends does not
    keep a finished program alive.
    """

    def __init__(self) -> None:
        self._work: PriorityQueue[tuple[Priority, int, Callable[[], None]]] = PriorityQueue()
        self._pending: set[Future[Any]] = set()
        self._order = itertools.count()
        self._lock = Lock()
        self._thread: Thread | None = None
        self._closed = False

    def run(self, priority: Priority, work: Callable[[], T]) -> T:
        """The result of `work`, run on the worker's thread; what it raises is raised here.

        Raises WorkerClosedError if the worker is closed before the work has been started.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise WorkerClosedError
            self._pending.add(future)
            self._put(priority, lambda: _fulfil(future, work))
            self._start()
        try:
            return future.result()
        except CancelledError:
            raise WorkerClosedError from None
        finally:
            with self._lock:
                self._pending.discard(future)

    def close(self) -> None:
        """Take no more work and give up what has not been started; idempotent."""
        with self._lock:
            self._closed = True
            for future in self._pending:
                future.cancel()
            self._put(Priority.STOP, _leave)

    def wait_until_idle(self, seconds: float) -> None:
        """Block until the batch in hand has ended, once closed; no longer than `seconds`.

        A program that ends while a thread is within a model's own code is aborted by the system.
        """
        if self._thread is not None:
            self._thread.join(seconds)

    def _put(self, priority: Priority, call: Callable[[], None]) -> None:
        self._work.put((priority, next(self._order), call))

    def _start(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._serve, name="inference", daemon=True)
            self._thread.start()

    def _serve(self) -> None:
        _give_way()
        try:
            while True:
                self._work.get()[2]()
        except _Leave:
            return


def _give_way() -> None:
    """Let the threads that draw and listen go before this one and all that it will start.

    A key waited for the models to give up a core. Linux knows an importance for each thread;
    elsewhere it is the whole process's, and stays.
    """
    if sys.platform == "linux":
        thread = get_native_id()
        with suppress(OSError):
            before = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, before + LESS_IMPORTANT)


class _Leave(Exception):  # noqa: N818 - a signal to the loop, not an error
    pass


def _leave() -> None:
    raise _Leave


def _fulfil(future: Future[T], work: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it belongs to the thread that asked
        future.set_exception(error)
    else:
        future.set_result(result)
