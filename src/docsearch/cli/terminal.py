"""What the output is: a person's terminal or a pipe, with colours or without.

In: a stream and the environment. Out: a rich console that fits it. Does not know what is shown.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is looking at what is written there."""
    return stream is not None and not stream.closed and stream.isatty()


def is_plain(stream: TextIO | None, environ: Mapping[str, str]) -> bool:
    """Whether no escape sequence may be written: no terminal, a dumb one, or NO_COLOR is set."""
    dumb = environ.get("TERM") in {"dumb", "unknown"}
    return not is_terminal(stream) or dumb or bool(environ.get("NO_COLOR"))


def console(stream: TextIO | None = None) -> Console:
    """A console on `stream`, standard output unless given, that reads nothing as markup."""
    from rich.console import Console

    stream = stream or sys.stdout
    plain = is_plain(stream, os.environ)
    return Console(
        file=stream,
        color_system=None if plain else "auto",
        force_terminal=None if is_terminal(stream) else False,
        highlight=False,
        markup=False,
        emoji=False,
    )
