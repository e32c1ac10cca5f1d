"""Indexing as a person or a log sees it: a bar on a terminal, now and then a line elsewhere.

In: snapshots of progress, from any thread. Out: text on standard error. Does not know who indexes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import click

from docsearch.cli.terminal import console, is_terminal
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import plural, remaining

LINE_SECONDS = 5.0
"""How often a log gets a line."""

Listener = Callable[[IndexProgress], None]


@contextmanager
def shown_progress() -> Iterator[Listener]:
    """A listener that shows what it is told while the context lasts; a bar is gone afterwards."""
    if is_terminal(sys.stderr):
        with _bar() as listener:
            yield listener
    else:
        yield ProgressLines(lambda line: click.echo(line, err=True))


def work_in_words(progress: IndexProgress) -> str:
    """How far the work is: files, chunks, pace and time left, as far as they are known."""
    words = [
        f"{progress.files_done:,} of {plural(progress.files_total, 'file')}",
        plural(progress.chunks_done, "chunk"),
    ]
    if progress.chunks_per_second is not None:
        words.append(f"{progress.chunks_per_second:.1f} chunks/s")
    if progress.seconds_left is not None:
        words.append(f"{remaining(progress.seconds_left)} left")
    return ", ".join(words)


class ProgressLines:
    """Writes a line when the phase or the notice changes, and every few seconds of indexing."""

    def __init__(
        self, write: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._write = write
        self._clock = clock
        self._lock = Lock()
        self._phase: Phase | None = None
        self._notice: str | None = None
        self._due = 0.0

    def __call__(self, progress: IndexProgress) -> None:
        """Take in a snapshot."""
        with self._lock:
            notice = _notice_of(progress)
            if notice and notice != self._notice:
                self._write(safe_line(notice))
            self._notice = notice
            changed = progress.phase is not self._phase
            self._phase = progress.phase
            if progress.phase is Phase.SCANNING and changed:
                self._write("scanning the folder")
            busy = progress.phase is Phase.INDEXING and progress.files_total > 0
            if busy and (changed or self._clock() >= self._due):
                self._due = self._clock() + LINE_SECONDS
                self._write(f"indexing: {work_in_words(progress)}")


def _notice_of(progress: IndexProgress) -> str | None:
    """What is to be told now; why indexing failed is told once, when the command ends."""
    return None if progress.phase in (Phase.FAILED, Phase.WAITING) else progress.notice


@contextmanager
def _bar() -> Iterator[Listener]:
    from rich.progress import BarColumn, Progress, TextColumn

    out = console(sys.stderr)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[words]}", markup=False),
        console=out,
        transient=True,
    )
    task = bar.add_task("opening the index", total=None, words="")
    told: set[str] = set()

    def show(progress: IndexProgress) -> None:
        notice = _notice_of(progress)
        if notice and notice not in told:
            told.add(notice)
            bar.print(safe_line(notice))
        busy = progress.phase is Phase.INDEXING and progress.files_total > 0
        bar.update(
            task,
            description=str(progress.phase),
            completed=progress.files_done,
            total=progress.files_total if busy else None,
            words=work_in_words(progress) if busy else "",
        )

    with bar:
        yield show
