"""What tuning does and finds, as a person or a program reads it.

In: progress and tunings. Out: a bar or lines on standard error; a table, or data. Does not know how
anything is measured.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from docsearch.cli.terminal import console, is_terminal
from docsearch.domain.safe_text import safe_line
from docsearch.domain.tuning import Trial, Tuning, TuningProgress
from docsearch.serving.tunings import trial_as_data

Show = Callable[[TuningProgress], None]

_HEADINGS = ("choice", "seconds", "times as fast", "agreement", "")


@contextmanager
def shown_tuning() -> Iterator[Show]:
    """A listener that shows what is being measured while the context lasts."""
    if not is_terminal(sys.stderr):
        yield TuningLines(lambda line: click.echo(line, err=True))
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        console=console(sys.stderr),
        transient=True,
    )
    task = bar.add_task("", total=None)

    def show(progress: TuningProgress) -> None:
        bar.update(
            task, description=in_words(progress), completed=progress.done, total=progress.total
        )

    with bar:
        yield show


class TuningLines:
    """Writes a line whenever something else is being done."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._last = ""

    def __call__(self, progress: TuningProgress) -> None:
        """Tell this."""
        line = in_words(progress)
        if line != self._last and progress.tuning is None:
            self._last = line
            self._write(line)


def in_words(progress: TuningProgress) -> str:
    """What is being done to which model."""
    return f"{safe_line(progress.model)}: {progress.doing}"


def table(tuning: Tuning) -> Iterator[str]:
    """A line for the model and one for each choice."""
    yield safe_line(tuning.model)
    rows = [_HEADINGS, *(_row(tuning, each) for each in tuning.trials)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()


def agreement_in_words(trial: Trial) -> str:
    """How near it is to the reference, in what was measured of it."""
    near = trial.agreement
    if near is None:
        return ""
    told = (
        ("overlap {:.4f}", near.overlap),
        ("NDCG@10 {:+.4f}", near.ndcg_change),
        ("cosine at least {:.4f}", near.least_cosine),
    )
    return ", ".join(words.format(value) for words, value in told if value is not None)


def kept_in_words(tuning: Tuning) -> str:
    """The choice, how fast it is and how near: for a line about the model."""
    kept = tuning.kept
    if kept.choice == tuning.trials[0].choice:
        return str(kept.choice)
    told = (f"{kept.times_as_fast:.1f} × as fast", agreement_in_words(kept))
    return ", ".join((str(kept.choice), *filter(None, told)))


def as_data(tuning: Tuning) -> dict[str, Any]:
    """For a program."""
    return {
        "model": tuning.model,
        "kept": str(tuning.kept.choice),
        "choices": [
            {**trial_as_data(each), "why_not": tuning.why_not(each)} for each in tuning.trials
        ],
    }


def _row(tuning: Tuning, trial: Trial) -> tuple[str, ...]:
    return (
        str(trial.choice),
        "" if trial.seconds is None else f"{trial.seconds:.2f}",
        "" if trial.times_as_fast is None else f"{trial.times_as_fast:.2f}",
        agreement_in_words(trial),
        safe_line(tuning.why_not(trial) or "kept"),
    )
