"""Running another program beside, or instead of, the screen for a while.

In: an `Opening`. Out: the program runs, or an error in words. Does not choose the program.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Thread

from docsearch.domain.errors import ConfigurationError
from docsearch.tui.opening import Opening


def launch(opening: Opening, stepped_aside: AbstractContextManager[None]) -> None:
    """Run it: in the terminal, with the screen stepped aside until it ends, or on its own.

    Raises ConfigurationError where the program cannot be run.
    """
    try:
        if opening.takes_terminal:
            with stepped_aside, _interrupts_are_its_own():
                subprocess.run(opening.arguments, check=False)  # noqa: S603 - a list, no shell
        else:
            process = subprocess.Popen(  # noqa: S603 - a list, no shell
                opening.arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            # Its end is of no interest, but someone must take note of it.
            Thread(target=process.wait, name="opened", daemon=True).start()
    except OSError as error:
        program = opening.arguments[0]
        raise ConfigurationError(f"{program} cannot be run: {error.strerror}.") from error


@contextmanager
def _interrupts_are_its_own() -> Iterator[None]:
    """Ctrl-C reaches the whole terminal; meanwhile it is meant for the other program alone."""
    previous = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
