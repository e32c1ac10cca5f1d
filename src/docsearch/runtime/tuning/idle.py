"""Tuning in a process of its own, for a screen that is at rest.

In: the settings, and whether anything is due. Out: progress, until all is done or it is stopped.
Does not know what is measured.

A process of its own is less important to the system than all else, holds no lock that the screen's
thread needs, takes its memory and its libraries along when it ends, and can be ended at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from threading import Lock

from docsearch.domain.settings import Settings
from docsearch.domain.tuning import TuningProgress


class IdleTuning:
    """`run` blocks the thread that iterates it; `stop` may be called from any other."""

    def __init__(self, command: Sequence[str], is_due: Callable[[], bool]) -> None:
        """`command` writes lines of progress; it is started where `is_due` says so."""
        self._command = command
        self._is_due = is_due
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def run(self) -> Iterator[TuningProgress]:
        """Every progress of the process; nothing where nothing is due, or one is at it already.

        What ends early, for whatever reason, is due again.
        """
        process = self._started() if self._is_due() else None
        if process is None or process.stdout is None:
            return
        try:
            for line in process.stdout:
                progress = _parsed(line)
                if progress is not None:
                    yield progress
        finally:
            self._end(process)

    def stop(self) -> None:
        """End the process at once; the measurements in hand are lost."""
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Stop, for good."""
        with self._lock:
            self._closed = True
        self.stop()

    def _started(self) -> subprocess.Popen[str] | None:
        with self._lock:
            if self._closed or self._process is not None:
                return None
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own module
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    # Ctrl-C is for the screen, which ends the process itself.
                    start_new_session=True,
                )
            except OSError:
                return None
            return self._process

    def _end(self, process: subprocess.Popen[str]) -> None:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
        with self._lock:
            self._process = None


def command(settings: Settings) -> tuple[str, ...]:
    """The process of `child`; with -P nothing is imported from the folder that is searched."""
    every = asdict(settings)
    told = json.dumps({name: every[name] for name in ("data_dir", "reranker", "offline")})
    return (sys.executable, "-P", "-m", "docsearch.runtime.tuning.child", told)


def as_line(progress: TuningProgress) -> str:
    """One progress, without the tuning: that is in the file."""
    return json.dumps([progress.model, progress.doing, progress.done, progress.total])


def _parsed(line: str) -> TuningProgress | None:
    """The progress of a line, None for what is none."""
    with suppress(ValueError):
        match json.loads(line):
            case [str(model), str(doing), int(done), int(total)]:
                return TuningProgress(model, doing, done, total)
    return None
