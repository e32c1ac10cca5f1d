"""Long measuring as a person or a log sees it: a bar on a terminal, a line for each part elsewhere.

In: what is being done, and how far it is. Out: text on standard error. Does not know what is
measured.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from docsearch.cli.terminal import console, is_terminal

Tell = Callable[[str, float], None]
"""What is being done, in words safe to show, and the share of it that is done, in [0, 1]."""


@contextmanager
def shown_work() -> Iterator[Tell]:
    """A listener that shows what it is told while the context lasts; a bar is gone afterwards."""
    if not is_terminal(sys.stderr):
        yield _lines()
        return
    from rich.progress import BarColumn, Progress, TextColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        console=console(sys.stderr),
        transient=True,
    )
    task = bar.add_task("", total=1.0)
    with bar:
        yield lambda words, share: bar.update(task, description=words, completed=share)


def _lines() -> Tell:
    last = ""

    def tell(words: str, _: float) -> None:
        nonlocal last
        if words != last:
            last = words
            click.echo(words, err=True)

    return tell
