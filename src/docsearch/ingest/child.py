"""Files are read in here, under bounds: what one does to its reader, it does not do to docsearch.

Two processes. The keeper, which docsearch starts, holds all that reading needs and reads nothing;
it forks the worker, which reads. A file that takes too long, too much memory, or crashes the
worker costs the worker alone, and another is forked in milliseconds. Both end with docsearch,
however that ends.

In: on the keeper's standard input, in frames: how to make a preparer and the bounds, then one
`Request` after the other. Out: on its standard output: whether it is ready, then one outcome a
request, as `answers.py` writes them. Does not know who asks.

`child_process.py` runs `main` in a Python of its own.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from docsearch.domain.errors import DocsearchError
from docsearch.ingest.answers import BadAnswerError, encoded, framed, readiness, receive, send
from docsearch.ingest.in_hand import InHand
from docsearch.ingest.prepare import TOO_MUCH_MEMORY, Job, Outcome, Preparer, TakesLong, Unusable

NICENESS = 5
"""The model and the screen go first."""

ATTEMPTS = 2
"""A worker can be ended from outside, or be ill from the file before: two must die of a file."""

LARGE_WORKER = 400_000_000
"""A worker that has come to hold so many bytes makes room for a fresh one."""

KILL_SECONDS = 2.0
"""How long a killed worker may take to be gone: the system may hold it in a disk that hangs."""

TOO_MUCH_OUTPUT = "could not be read: it makes more text than a file may"

_LONGEST_REQUEST = 10_000_000
_LEAVES = b"L"
_STAYS = b"S"
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one file may take: seconds of computing, five times as many in all, memory, an answer.

    An honest megabyte takes about a second and 30 MB; the machine may be a slow one. `quick` is
    the share of the time that a file gets while others wait.
    """

    seconds: float = 30.0
    seconds_a_megabyte: float = 10.0
    quick: float = 0.1
    memory_bytes: int = 1_000_000_000
    memory_a_byte: int = 50
    most_memory_bytes: int = 4_000_000_000
    answer_bytes: int = 20_000_000
    answer_a_byte: int = 100
    most_answer_bytes: int = 1_000_000_000

    def seconds_for(self, size: int, *, patient: bool = True) -> float:
        """Seconds of computing for a file of so many bytes."""
        seconds = self.seconds + self.seconds_a_megabyte * size / 1e6
        return seconds if patient else seconds * self.quick

    def memory_for(self, size: int) -> int:
        """Bytes of memory for a file of so many bytes."""
        return min(self.most_memory_bytes, self.memory_bytes + self.memory_a_byte * size)

    def answer_for(self, size: int) -> int:
        """The size limit, in bytes, of the answer about a file of `size` bytes."""
        return min(self.most_answer_bytes, self.answer_bytes + self.answer_a_byte * size)


@dataclass(frozen=True, slots=True)
class Request:
    """A file to prepare; the answer is `TakesLong` where it is not `patient` and time is up."""

    job: Job
    patient: bool = False


def asked(what: Any) -> bytes:
    """What docsearch asks of a child, as it is sent: it alone is trusted to send objects."""
    return framed(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))


def _next_asked(descriptor: int) -> Any:
    return pickle.loads(receive(descriptor, _LONGEST_REQUEST))  # noqa: S301 - docsearch's own


class _EndedError(Exception):
    """The worker's end: by which signal (0: none), and the most memory that it held."""

    def __init__(self, by: int, peak: int, *, out_of_time: bool, said_too_much: bool) -> None:
        super().__init__(by)
        self.by = by
        self.peak = peak
        self.out_of_time = out_of_time or by == signal.SIGPROF
        self.said_too_much = said_too_much


class _Keeper:
    """Hands requests to the worker, and says what became of them also where it dies of one."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests = requests
        self._answers = answers
        self._worker: _Worker | None = None
        self._in_hand = InHand()

    def serve(self) -> None:
        """Answer until nobody asks any more."""
        make: Callable[[], Preparer]
        with suppress(EOFError, BrokenPipeError):
            make, bounds = _next_asked(self._requests)
            try:
                preparer = make()
            except DocsearchError as error:
                send(self._answers, framed(readiness(error)))
                return
            gc.freeze()  # what is shared with the workers stays shared
            send(self._answers, framed(readiness(None)))
            while True:
                request: Request = _next_asked(self._requests)
                send(self._answers, framed(self._answer(request, preparer, bounds)))

    def _answer(self, request: Request, preparer: Preparer, bounds: Bounds) -> bytes:
        source = request.job.source
        seconds = bounds.seconds_for(source.size, patient=request.patient)
        memory = bounds.memory_for(source.size)
        ended: _EndedError | None = None
        self._in_hand.clear()
        for _ in range(ATTEMPTS):
            if self._worker is None:
                not_its_own = self._requests, self._answers
                self._worker = _Worker(preparer, bounds, not_its_own, self._in_hand)
            try:
                stays, answer = self._worker.ask(request, seconds, bounds, self._requests)
            except _EndedError as error:
                self._worker, ended = None, error
                if error.out_of_time or error.peak > memory // 2 or error.said_too_much:
                    break
            else:
                if not stays:
                    self._worker.end()
                    self._worker = None
                return answer
        assert ended is not None
        if ended.out_of_time and not request.patient:
            return encoded(TakesLong(source))
        reason, content_hash = _reason(ended, seconds, memory), self._in_hand.content_hash
        return encoded(Unusable(source, reason, content_hash=content_hash))


def _reason(ended: _EndedError, seconds: float, memory: int) -> str:
    if ended.said_too_much:
        return TOO_MUCH_OUTPUT
    if ended.out_of_time:
        return f"could not be read within {seconds:.0f} seconds of computing"
    if ended.peak > memory // 2:
        return TOO_MUCH_MEMORY
    try:
        how = f" ({signal.Signals(ended.by).name})"
    except ValueError:
        how = ""
    return f"could not be read: it crashes what reads it{how}"


class _Worker:
    """A forked process that reads; the keeper's side of it."""

    def __init__(
        self, preparer: Preparer, bounds: Bounds, not_its_own: tuple[int, ...], in_hand: InHand
    ) -> None:
        here, there = os.pipe(), os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            for descriptor in (*not_its_own, here[1], there[0]):
                os.close(descriptor)
            _work(here[0], there[1], preparer, bounds, in_hand)
        os.close(here[0])
        os.close(there[1])
        self._requests, self._answers = here[1], there[0]

    def ask(
        self, request: Request, seconds: float, bounds: Bounds, keeper_requests: int
    ) -> tuple[bool, bytes]:
        """Whether it stays for another, and its answer. Raises _EndedError.

        Ends both processes where docsearch has gone away meanwhile.
        """
        try:
            send(self._requests, asked(request))
        except BrokenPipeError:
            raise self._ended() from None
        until = time.monotonic() + 5 * seconds
        watch = select.poll()
        watch.register(self._answers, select.POLLIN)
        watch.register(keeper_requests, select.POLLIN)  # nothing but its end comes meanwhile
        while True:
            ready = {each for each, _ in watch.poll(max(0.0, until - time.monotonic()) * 1000)}
            if keeper_requests in ready:
                os.kill(self._pid, signal.SIGKILL)
                os._exit(0)
            if not ready:
                raise self._ended(out_of_time=True)
            most = bounds.answer_for(request.job.source.size) + len(_STAYS)
            try:
                answer = receive(self._answers, most, until)
            except EOFError:
                raise self._ended() from None
            except TimeoutError:
                raise self._ended(out_of_time=True) from None
            except BadAnswerError:
                raise self._ended(said_too_much=True) from None
            return answer[:1] == _STAYS, answer[1:]

    def end(self) -> None:
        """End it, and take note of it."""
        os.kill(self._pid, signal.SIGKILL)
        self._ended()

    def _ended(self, *, out_of_time: bool = False, said_too_much: bool = False) -> _EndedError:
        if out_of_time or said_too_much:
            os.kill(self._pid, signal.SIGKILL)
        os.close(self._requests)
        os.close(self._answers)
        until = time.monotonic() + KILL_SECONDS
        while time.monotonic() < until:
            pid, status, used = os.wait4(self._pid, os.WNOHANG)
            if pid:
                by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                peak = used.ru_maxrss * _RSS_UNIT
                return _EndedError(by, peak, out_of_time=out_of_time, said_too_much=said_too_much)
            time.sleep(0.002)
        with suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
        return _EndedError(signal.SIGKILL, 0, out_of_time=out_of_time, said_too_much=said_too_much)


def _work(
    requests: int, answers: int, preparer: Preparer, bounds: Bounds, in_hand: InHand
) -> NoReturn:
    """The worker's side: read what is asked for, until nothing more is or it has grown large."""
    try:
        _end_with_keeper()
        _be_first_to_go()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        while True:
            request: Request = _next_asked(requests)
            outcome = _prepared(request, preparer, bounds, in_hand)
            is_large = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT > LARGE_WORKER
            payload = encoded(outcome)
            if len(payload) > bounds.answer_for(request.job.source.size):
                much = Unusable(
                    request.job.source, TOO_MUCH_OUTPUT, content_hash=in_hand.content_hash
                )
                payload = encoded(much)
            send(answers, framed((_LEAVES if is_large else _STAYS) + payload))
            if is_large:
                break
    except (EOFError, BrokenPipeError):
        pass  # nobody asks any more
    except MemoryError:
        os.kill(os.getpid(), signal.SIGABRT)
    finally:
        os._exit(0)


def _prepared(request: Request, preparer: Preparer, bounds: Bounds, in_hand: InHand) -> Outcome:
    source = request.job.source
    _bound_memory(bounds.memory_for(source.size))
    # The signal ends the process, also where a library never comes back to Python.
    signal.setitimer(signal.ITIMER_PROF, bounds.seconds_for(source.size, patient=request.patient))
    try:
        return preparer.prepare(request.job, in_hand.note)
    except BaseException as error:  # noqa: BLE001 - a library that wants to end the process, say
        reason = f"could not be read ({type(error).__name__})"
        return Unusable(source, reason, content_hash=in_hand.content_hash)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _bound_memory(most: int) -> None:
    """More makes a MemoryError, or ends a library that has no such thing.

    What the process holds by itself is counted: some 100 MB.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _end_with_keeper() -> None:
    """The keeper may be killed at any time, with its worker deep in a library."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:  # it was killed just before
            os._exit(0)


def _be_first_to_go() -> None:
    """Where memory runs out, the system ends this process rather than docsearch."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def main() -> None:
    """Serve the process that has started this one."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what was read is not left on the disk
    requests, answers = os.dup(0), os.dup(1)
    # What a library prints, or asks for, must not get among the answers and requests.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    _Keeper(requests, answers).serve()
