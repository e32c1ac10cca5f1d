"""Lines of a rendering, printed: in colours for a terminal, bare for a pipe.

In: lines of pieces that are safe to show. Out: rich text, or text on standard output. Does not know
what they say.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from docsearch.cli.terminal import console, is_plain, is_terminal
from docsearch.presentation.pieces import Line, Role, text_of

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {
    Role.UP: "green",
    Role.DOWN: "red",
    Role.MUTED: "dim",
    Role.FAINT: "dim",
    Role.STRONG: "bold",
    Role.FILE: "bold",
    Role.MATCH: "bold yellow",
    Role.GOOD: "green",
    Role.WARNING: "yellow",
    Role.NEW: "bold cyan",
    Role.BEFORE: "cyan",
    Role.AFTER: "yellow",
    Role.BEFORE_STRONG: "bold underline cyan",
    Role.BEFORE_MIDDLE: "underline cyan",
    Role.BEFORE_WEAK: "cyan",
    Role.AFTER_STRONG: "bold underline yellow",
    Role.AFTER_MIDDLE: "underline yellow",
    Role.AFTER_WEAK: "yellow",
    Role.AGAINST: "magenta",
    Role.AGAINST_WEAK: "magenta",
}

PIPE_CELLS = 100
"""How wide lines are where no terminal says it."""


def width() -> int:
    """Of standard output, in cells."""
    return console().width if is_terminal(sys.stdout) else PIPE_CELLS


def print_lines(lines: Iterable[Line]) -> None:
    """Each on a line of its own."""
    if is_plain(sys.stdout, os.environ):
        for line in lines:
            click.echo(text_of(line).rstrip())
        return
    out = console()
    for line in lines:
        # A line was made to fit; a narrow terminal wraps it by itself.
        out.print(styled(line), soft_wrap=True)


def styled(line: Line) -> Text:
    """The line for rich."""
    from rich.text import Text

    return Text.assemble(*((piece.text, _STYLES.get(piece.role, "")) for piece in line))
