"""Ctrl-C, SIGINT and SIGTERM: docsearch ends within two seconds, whatever it is doing.

In: a signal. Out: KeyboardInterrupt in the main thread, which unwinds the command. Where that takes
longer than the grace (a model in its own code, a library that swallows the exception) or a second
signal comes, the process ends at once. Nothing is lost by that: what was committed is in SQLite,
and the processes that read files end with this one.
"""

from __future__ import annotations

import _thread
import os
import signal
import time
from types import FrameType
from typing import Any, NoReturn

INTERRUPTED = 130
GRACE_SECONDS = 1.5
"""How long a command has to unwind; half a second less than what is promised."""

WRITING_SECONDS = 0.25
"""How long giving the terminal back may take."""

_MODES = ("?1049l", "?1000l", "?1003l", "?1015l", "?1006l", "?1004l", "?2004l", "<u", "?25h")
SCREEN_RESET = "".join(f"\x1b[{mode}" for mode in _MODES)
"""The screen's terminal as it was: the main buffer, no mouse, focus or paste reports, a cursor."""


_ENDING = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """The signals of this process, and how much time is left after the first one."""

    def __init__(self) -> None:
        self._listens = self._begun = False
        self._reset = ""
        self._attributes: list[Any] | None = None

    def listen(self) -> None:
        """Take SIGINT and SIGTERM from now on; call it in the main thread. Idempotent."""
        if self._listens:
            return
        self._listens = True
        self._attributes = _terminal_attributes()
        for each in _ENDING:
            # One that the caller has ignored, as nohup does, stays ignored.
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, _interrupt)
        arrived, arrives = os.pipe()
        os.set_blocking(arrives, False)
        signal.set_wakeup_fd(arrives, warn_on_full_buffer=False)
        # Not `threading`: this thread is no reason to wait at the end, and counts nowhere.
        _thread.start_new_thread(self._watch, (arrived,))

    def begin(self, reset: str = "") -> None:
        """End the process after the grace, or now where that has begun already.

        `reset` is written to the terminal first.
        """
        self._reset = reset
        if self._begun:
            self._end()
        self._begun = True
        _thread.start_new_thread(self._end_late, ())

    def _watch(self, arrived: int) -> None:
        """Begin as soon as a signal comes: the main thread may be in a library for seconds."""
        while numbers := os.read(arrived, 1):
            if numbers[0] in _ENDING:
                self.begin()

    def _end_late(self) -> None:
        time.sleep(GRACE_SECONDS)
        self._end()

    def _end(self) -> NoReturn:
        # Writing to a terminal that is gone fails, and to one that is not read blocks.
        _thread.start_new_thread(_leave_after, (WRITING_SECONDS,))
        try:
            if self._attributes is not None:
                import termios

                termios.tcsetattr(0, termios.TCSANOW, self._attributes)
            if self._reset:
                os.write(1, self._reset.encode())
            os.write(2, b"Stopped.\n")
        finally:
            os._exit(INTERRUPTED)


def _leave_after(seconds: float) -> NoReturn:
    time.sleep(seconds)
    os._exit(INTERRUPTED)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _terminal_attributes() -> list[Any] | None:
    """How the terminal is set; None where there is none, or no such thing on this system."""
    try:
        import termios
    except ImportError:
        return None
    try:
        return termios.tcgetattr(0)
    except termios.error:
        return None


INTERRUPTS = Interrupts()
