"""A command in a pseudo-terminal, as a person's terminal runs it: for benchmarks and tests.

In: a command, and keys. Out: the screen that it draws, and when it last drew. pexpect runs the
command, pyte keeps the screen. Needs a system with pseudo-terminals. Does not know what the screen
should show.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect
import pyte

from docsearch.domain.errors import DocsearchError

PATIENCE = 90.0
"""Seconds to wait for what should appear; generous, since machines are slow."""

_MOST_BYTES = 65536
_BETWEEN_LOOKS = 0.01


class BenchError(DocsearchError):
    """A benchmark cannot run on this system, or what it drives failed."""

    title = "Benchmark"


def require_terminals() -> None:
    """Raise BenchError on a system without pseudo-terminals, such as Windows."""
    if not hasattr(pexpect, "spawn"):
        raise BenchError(
            "this drives docsearch through a pseudo-terminal, which this system does not have; "
            "`docsearch bench rerank` runs here."
        )


class EmulatedScreen:
    """The screen from the bytes that are written to it; `raw` is all of them."""

    def __init__(self, columns: int, rows: int) -> None:
        self.raw = bytearray()
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lines = [""] * rows

    @property
    def lines(self) -> list[str]:
        """Without spaces at the ends of lines; a wide character's second cell is empty.

        Only what changed is read again, and no character is measured again as pyte's `display`
        does: a benchmark would pay for it.
        """
        for row in self._screen.dirty:
            if row < len(self._lines):
                cells = self._screen.buffer[row]
                text = "".join(cells[column].data for column in range(self._screen.columns))
                self._lines[row] = text.rstrip()
        self._screen.dirty.clear()
        return self._lines.copy()

    def feed(self, data: bytes) -> None:
        """Take in what was written, cut anywhere."""
        self.raw += data
        self._stream.feed(data)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; what fits stays."""
        self._screen.resize(rows, columns)
        self._lines = [""] * rows
        self._screen.dirty.update(range(rows))


class Terminal:
    """A command on a screen of `columns` by `rows`; use it as a context manager.

    The command is killed at the end. `drawn_at` is the `perf_counter` of the last piece drawn.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        columns: int = 100,
        rows: int = 30,
        folder: Path | None = None,
    ) -> None:
        self.drawn_at = 0.0
        self._screen = EmulatedScreen(columns, rows)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            command[0],
            list(command[1:]),
            env={"TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
            cwd=folder,
            dimensions=(rows, columns),
        )
        # By default pexpect waits 50 ms before each key.
        self._child.delaybeforesend = None
        assert self._child.pid is not None, "it has been started"
        self.pid = self._child.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child.isalive():
            os.killpg(self.pid, signal.SIGKILL)
            self._child.wait()
        self._child.close()

    @property
    def raw(self) -> bytearray:
        """All that the command has written."""
        return self._screen.raw

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
        self._child.send(text.encode())

    def send_signal(self, number: int) -> None:
        """Send the command a signal."""
        self._child.kill(number)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as a person who drags the window does."""
        self._screen.resize(columns, rows)
        self._child.setwinsize(rows, columns)

    def wait_for(self, wanted: str | Callable[[str], bool], patience: float = PATIENCE) -> str:
        """The screen, as soon as it holds `wanted`. Raises BenchError when it never does."""
        holds = wanted if callable(wanted) else lambda screen: wanted in screen
        end = time.monotonic() + patience
        while not holds(text := self.text):
            if time.monotonic() > end or not self._read(end):
                raise BenchError(f"This was never on the screen: {wanted!r}. It shows:\n{text}")
        return text

    def watch(self, seconds: float) -> None:
        """Let it draw for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._read(end):
            pass

    def wait_for_exit(self, patience: float = PATIENCE) -> int:
        """The exit code, or the negative number of the signal that ended the command.

        Raises BenchError when it goes on.
        """
        end = time.monotonic() + patience
        drawing = True
        while drawing or self._child.isalive():
            if time.monotonic() > end:
                raise BenchError(f"The command is still running. Its screen shows:\n{self.text}")
            if drawing:
                drawing = self._read(end)
            else:
                time.sleep(_BETWEEN_LOOKS)
        code, number = self._child.exitstatus, self._child.signalstatus
        return code if code is not None else -(number or 0)

    def _read(self, end: float) -> bool:
        """Take in what has been drawn; False when the command has ended."""
        try:
            left = max(0.0, end - time.monotonic())
            data = self._child.read_nonblocking(_MOST_BYTES, timeout=left)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.drawn_at = time.perf_counter()
        self._screen.feed(data)
        return True
