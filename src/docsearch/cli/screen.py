"""The screen, run to its end for a command.

In: an app. Out: its exit code, once all that it was told to keep is kept. Does not know what is on
the screen.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from docsearch.cli.interrupts import INTERRUPTED, INTERRUPTS, SCREEN_RESET
from docsearch.cli.terminal import is_terminal
from docsearch.domain.errors import UsageError

if TYPE_CHECKING:
    from docsearch.tui.app import DocsearchApp

HISTORY = "history.json"
"""The queries that were made in a folder, beside its index."""

LEAVING_SECONDS = 1.0
"""How long a screen that was left waits for what is being read and computed behind it."""


def require_terminal(otherwise: str) -> None:
    """Raise UsageError where there is no screen to draw on."""
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        raise UsageError(f"The screen needs a terminal; {otherwise} works without one.")


def run_screen(app: DocsearchApp) -> int:
    """The exit code; raises what kept the engine from opening."""
    if hasattr(signal, "SIGHUP"):
        # A closed terminal ends the screen, also where whoever started it ignores the signal: it
        # would go on drawing for nobody, and hold the index. What was committed is kept.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        asyncio.run(_running(app))
        app.finish_cases(lambda line: click.echo(line, err=True))
    finally:
        app.stop_engine(LEAVING_SECONDS)
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


async def _running(app: DocsearchApp) -> None:
    """The app until it is left, by a signal as by a key."""

    def leave() -> None:
        INTERRUPTS.begin(SCREEN_RESET)
        app.exit(return_code=INTERRUPTED)

    for each in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows
            asyncio.get_running_loop().add_signal_handler(each, leave)
    await app.run_async()
