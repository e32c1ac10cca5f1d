"""One child process that reads files, and what is said to it and heard of it.

In: how it makes a preparer, bounds, requests. Out: outcomes, checked: what it has read may have
taken it over. Does not know what becomes of an outcome, nor when another process is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from docsearch.domain.errors import ReadingError
from docsearch.ingest.answers import check_ready, decoded, receive, send
from docsearch.ingest.child import Bounds, Request, asked
from docsearch.ingest.prepare import Outcome, Preparer

_COMMAND = (sys.executable, "-P", "-c", "from docsearch.ingest.child import main; main()")
"""-P: nothing is imported from the working directory, which may be the searched folder. Not -m, by
which the classes that are sent would be those of `__main__`."""

_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)

Make = Callable[[], Preparer]
"""How a child makes its preparer; it is sent by name."""

_LONGEST_READINESS = 100_000


class ChildProcess:
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
        self._first, self._bounds = (make, bounds), bounds
        self._is_ready = False

    def wait_until_ready(self) -> None:
        """Return when it can take requests.

        Raises what keeps it from that, and what `ask` raises.
        """
        if self._is_ready:
            return
        send(self._requests, asked(self._first))
        check_ready(receive(self._answers, _LONGEST_READINESS))
        self._is_ready = True

    def ask(self, request: Request) -> Outcome:
        """What becomes of the file.

        Raises OSError or EOFError if it has died, BadAnswerError if it must be ended.
        """
        send(self._requests, asked(request))
        source = request.job.source
        return decoded(receive(self._answers, self._bounds.answer_for(source.size)), request.job)

    def end(self) -> None:
        """End it at once, and let go of it; idempotent."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with suppress(OSError):
                stream.close()


def cannot_start(why: str) -> ReadingError:
    """The error of a system that gives no process to read in."""
    return ReadingError(
        f"The process that reads files cannot be started: {why}. docsearch reads no file in its "
        "own process, so nothing more is indexed; what is indexed can be searched. See the limits "
        "of this system on processes, memory and open files (ulimit -a), and start it again."
    )
