"""A command in a pseudo-terminal, as a person's terminal would run it.

In: a command, and keys. Out: the screen that it draws, and when it last drew. Needs a system with
pseudo-terminals. Does not know what the screen should show.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from docsearch.domain.errors import BenchError

PATIENCE = 90.0
"""Seconds until something that should appear is given up; generous, since machines are slow."""


class Screen(Protocol):
    """What becomes of the bytes that are drawn."""

    @property
    def lines(self) -> list[str]:
        """The screen as it stands."""
        ...

    def feed(self, data: bytes) -> None:
        """Take in what was drawn."""
        ...

    def resize(self, columns: int, rows: int) -> None:
        """The size is another."""
        ...


class PseudoTerminal:
    """A command on a screen of `columns` by `rows`; use it as a context manager.

    The command is killed at the end. `drawn_at` is the `perf_counter` of the last piece drawn.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        screen: Screen,
        columns: int = 100,
        rows: int = 30,
        folder: Path | None = None,
    ) -> None:
        self.drawn_at = 0.0
        self._screen = screen
        self._master, slave = os.openpty()
        self._set_size(columns, rows)
        self.process = subprocess.Popen(  # noqa: S603 - the caller's own command
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
            cwd=folder,
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._master)

    @property
    def lines(self) -> list[str]:
        """The screen as it stands."""
        return self._screen.lines

    @property
    def text(self) -> str:
        """The screen as one string."""
        return "\n".join(self.lines)

    def type(self, text: str) -> None:
        """Send these characters as keys."""
        os.write(self._master, text.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as a person who drags the window does."""
        self._screen.resize(columns, rows)
        self._set_size(columns, rows)
        os.killpg(self.process.pid, signal.SIGWINCH)

    def wait_for(self, wanted: str | Callable[[str], bool], patience: float = PATIENCE) -> str:
        """The screen, as soon as it holds `wanted`. Raises BenchError when it never does."""
        holds = wanted if callable(wanted) else lambda screen: wanted in screen
        end = time.monotonic() + patience
        while not holds(self.text):
            if time.monotonic() > end or not self._read(end):
                raise BenchError(
                    f"This was never on the screen: {wanted!r}. It shows:\n{self.text}"
                )
        return self.text

    def watch(self, seconds: float) -> None:
        """Let it draw for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._read(end):
            pass

    def wait_for_exit(self, patience: float = PATIENCE) -> int:
        """The exit code, once the command has ended. Raises BenchError when it goes on."""
        end = time.monotonic() + patience
        while self._read(end):
            if time.monotonic() > end:
                raise BenchError(f"The command is still running. Its screen shows:\n{self.text}")
        return self.process.wait(max(1.0, end - time.monotonic()))

    def _read(self, end: float) -> bool:
        """Take in what has been drawn; False when the command has ended."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.drawn_at = time.perf_counter()
        self._screen.feed(data)
        return bool(data)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
