"""A download as a person or a log sees it: a bar on a terminal, a line for each tenth elsewhere.

In: how much of a model has arrived. Out: text on standard error. Does not know where it comes from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from docsearch.cli.terminal import console, is_terminal
from docsearch.domain.progress import DownloadProgress
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import size
from docsearch.ports import DownloadListener


@contextmanager
def shown_download() -> Iterator[DownloadListener]:
    """A listener that shows what it is told while the context lasts; a bar is gone afterwards."""
    if not is_terminal(sys.stderr):
        yield DownloadLines(lambda line: click.echo(line, err=True))
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=console(sys.stderr),
        transient=True,
    )
    task = bar.add_task("", total=None)

    def show(progress: DownloadProgress) -> None:
        name = safe_line(progress.model)
        bar.update(task, description=name, completed=progress.received, total=progress.total)

    with bar:
        yield show


class DownloadLines:
    """Writes a line at the start and one for each tenth that has arrived."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._last: tuple[str, int] | None = None

    def __call__(self, progress: DownloadProgress) -> None:
        """Take in how much has arrived."""
        tenths = 10 * progress.received // progress.total if progress.total else 0
        if (progress.model, tenths) == self._last:
            return
        self._last = progress.model, tenths
        whole = f" of {size(progress.total)}" if progress.total else ""
        self._write(f"{safe_line(progress.model)}: {size(progress.received)}{whole}")
