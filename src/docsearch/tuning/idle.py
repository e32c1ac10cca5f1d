"""Tuning in a process of its own, for a screen that is at rest.

In: the settings, and whether anything is due. Out: progress, until all is done or it is stopped.
Does not know what is measured.

A process of its own is less important to the system than all else, holds no lock that the screen's
thread needs, takes its memory and its libraries along when it ends, and can be held still at once:
what it has measured is not lost when somebody types. It stays in the screen's process group: if the
screen dies without a word, the system ends what is held there (SIGHUP and SIGCONT to an orphaned
group), and does not leave it standing for ever.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from queue import SimpleQueue
from threading import Lock, Thread

from docsearch.domain.foreign import json_value
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import TuningProgress

_CAN_PAUSE = hasattr(signal, "SIGSTOP")  # not on Windows


class IdleTuning:
    """`run` blocks the thread that iterates it; `stop` may be called from any other."""

    def __init__(self, command: Sequence[str], is_due: Callable[[], bool]) -> None:
        """`command` writes lines of progress; it is started where `is_due` says so."""
        self._command = command
        self._is_due = is_due
        self._lock = Lock()
        self._process: _Process | None = None
        self._is_running = False
        self._closed = False

    def run(self) -> Iterator[TuningProgress]:
        """Every progress of the process; nothing where nothing is due, or somebody runs it already.

        A process that was stopped goes on where it was; what ended by itself too early is due
        again.
        """
        process = self._begun() if self._process is not None or self._is_due() else None
        if process is None:
            return
        try:
            for line in process.lines():
                progress = _parsed(line)
                if progress is not None:
                    yield progress
        finally:
            with self._lock:
                self._is_running = False
                if not process.pause():
                    self._process = None

    def stop(self) -> None:
        """Hold the process still at once; where the system cannot do that, end it."""
        with self._lock:
            if self._process is not None and self._is_running:
                self._process.pause()

    def close(self) -> None:
        """End the process, for good."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.end()

    def _begun(self) -> _Process | None:
        with self._lock:
            if self._closed or self._is_running:
                return None
            try:
                if self._process is None:
                    self._process = _Process(self._command)
                else:
                    self._process.resume()
            except OSError:
                return None
            self._is_running = True
            return self._process


class _Process:
    """A process that can be held still, and what it has written."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it. Raises OSError."""
        self._popen = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        # Lines; the number of a hold, which counts while it is the latest; None at the end.
        self._written: SimpleQueue[str | int | None] = SimpleQueue()
        self._holds = 0
        Thread(target=self._listen, name="tuning", daemon=True).start()

    def lines(self) -> Iterator[str]:
        """Each line once, as it is written, until the process is held or has ended."""
        while (line := self._written.get()) is not None:
            if isinstance(line, str):
                yield line
            elif line == self._holds:
                return

    def pause(self) -> bool:
        """Hold it still and free whoever waits for a line; False where it has ended."""
        if self._popen.poll() is None and _CAN_PAUSE:
            self._popen.send_signal(signal.SIGSTOP)
            self._holds += 1
            self._written.put(self._holds)
            return True
        self.end()
        return False

    def resume(self) -> None:
        """Let it go on."""
        self._holds += 1
        if _CAN_PAUSE:
            self._popen.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Kill it, held or not."""
        self._popen.kill()
        self._popen.wait()

    def _listen(self) -> None:
        with self._popen as process:
            for line in process.stdout or ():
                self._written.put(line)
        self._written.put(None)


def command(settings: Settings) -> tuple[str, ...]:
    """The process of `child`; with -P nothing is imported from the folder that is searched."""
    every = asdict(settings)
    told = json.dumps({name: every[name] for name in ("data_dir", "reranker", "offline")})
    return (sys.executable, "-P", "-m", "docsearch.tuning.child", told)


def as_line(progress: TuningProgress) -> str:
    """One progress, without the tuning: that is in the file."""
    return json.dumps([progress.model, progress.doing, progress.done, progress.total])


def _parsed(line: str) -> TuningProgress | None:
    """The progress of a line, None for what is none."""
    with suppress(ValueError):
        match json_value(line):
            case [str(model), str(doing), int(done), int(total)]:
                return TuningProgress(model, doing, done, total)
    return None
