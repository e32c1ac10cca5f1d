"""An evaluation as data, as Markdown, and as a page that needs nothing besides itself.

In: an `Evaluation`. Out: text to print or to keep. Does not know how it was measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from docsearch import __version__
from docsearch.cases.page import document, line
from docsearch.domain.errors import EvaluationError
from docsearch.domain.evaluation import MAIN_MEASURE, MEASURES, Change, Evaluation, Row
from docsearch.domain.safe_text import safe_line
from docsearch.evaluation.figure import figure_svg, letter
from docsearch.evaluation.statistics import LEVEL, RESAMPLES, SEED
from docsearch.evaluation.wording import (
    HOW_TESTED,
    NONE,
    chance,
    changed,
    gain,
    measured_over,
    moved,
    name_of,
    outcomes,
    times,
    verdicts,
    with_bounds,
)
from docsearch.files import replace_file

Table = Sequence[Sequence[str]]


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """All of it, times in seconds, with what it takes to get the same figures again."""
    return {
        "docsearch": __version__,
        **asdict(evaluation),
        "measures": MEASURES,
        "level_of_tests": LEVEL,
        "resamples": RESAMPLES,
        "seed": SEED,
    }


def markdown(evaluation: Evaluation) -> str:
    """The whole report."""
    parts = [
        f"# {_plain(measured_over(evaluation))}",
        *(_plain(each) for each in verdicts(evaluation)),
        *(
            _markdown_table(table)
            for table in (_quality(evaluation), _against(evaluation))
            if table
        ),
        *_markdown_changes(evaluation),
        *(["\n".join(f"- {_plain(each)}" for each in evaluation.notes)] * bool(evaluation.notes)),
        HOW_TESTED,
        _made_with(evaluation),
    ]
    return "\n\n".join(parts) + "\n"


def page(evaluation: Evaluation) -> str:
    """The whole report as HTML that loads and runs nothing."""
    parts = [
        f"<h1>{line(measured_over(evaluation))}</h1>",
        *(f"<p><strong>{line(each)}</strong></p>" for each in verdicts(evaluation)),
        _html_table(_quality(evaluation)),
        _html_table(_against(evaluation)),
    ]
    drawn = figure_svg(evaluation.rows)
    if drawn is not None:
        parts += ["<h2>quality against time</h2>", drawn]
    for heading, changes in _changes(evaluation):
        parts.append(f"<h2>{line(heading)}</h2>")
        for change in changes:
            moves = "".join(f"<li>{line(moved(each))}</li>" for each in change.moved)
            parts.append(f"<p>{line(changed(change))}</p><ul>{moves}</ul>")
    if evaluation.notes:
        told = "".join(f"<li>{line(each)}</li>" for each in evaluation.notes)
        parts += ["<h2>what to know</h2>", f"<ul>{told}</ul>"]
    parts += [f"<p>{line(HOW_TESTED)}</p>", f"<p>{line(_made_with(evaluation))}</p>"]
    return document(line(measured_over(evaluation)), "\n".join(parts))


def write_report(file: Path, text: str) -> None:
    """Replace the file, or make it. Raises EvaluationError."""
    try:
        replace_file(file, text.encode(errors="replace"))
    except OSError as error:
        raise EvaluationError(
            f"{safe_line(str(file))} cannot be written: {error.strerror}."
        ) from None


def _quality(evaluation: Evaluation) -> list[list[str]]:
    rows = [["", "order", *MEASURES, "judged in top 10", "P50 / P95 / P99"]]
    for at, row in enumerate(evaluation.rows):
        measures = [with_bounds(row.measures[name]) for name in MEASURES]
        judged = f"{row.judged} of {row.shown}"
        rows.append([letter(at), name_of(row.contender), *measures, judged, times(row)])
    return rows


def _against(evaluation: Evaluation) -> list[list[str]]:
    rows = [["", "order", f"gain in {MAIN_MEASURE}", "p", "p corrected", "better / worse / same"]]
    rows += [
        _compared(at, row) for at, row in enumerate(evaluation.rows) if row.against is not None
    ]
    return rows if len(rows) > 1 else []


def _compared(at: int, row: Row) -> list[str]:
    against = row.against
    if against is None:
        return [letter(at), name_of(row.contender), *[NONE] * 4]
    p, adjusted = chance(against.p), chance(against.adjusted)
    found = outcomes(against)
    return [letter(at), name_of(row.contender), gain(against), p, adjusted, found]


def _changes(evaluation: Evaluation) -> Iterator[tuple[str, Sequence[Change]]]:
    if evaluation.changes_of is None:
        return
    name = name_of(evaluation.rows[evaluation.changes_of].contender)
    if evaluation.gained:
        yield f"gained most with {name}", evaluation.gained
    if evaluation.lost:
        yield f"lost most with {name}", evaluation.lost


def _markdown_changes(evaluation: Evaluation) -> Iterator[str]:
    for heading, changes in _changes(evaluation):
        yield f"## {_plain(heading)}"
        lines = []
        for change in changes:
            lines.append(f"- {_plain(changed(change))}")
            lines += [f"  - {_plain(moved(each))}" for each in change.moved]
        yield "\n".join(lines)


def _markdown_table(rows: Table) -> str:
    head, *rest = (["", *map(_plain, row), ""] for row in rows)
    ruled = ["", *["---"] * (len(head) - 2), ""]
    return "\n".join(" | ".join(row).strip() for row in (head, ruled, *rest))


def _html_table(rows: Table) -> str:
    if not rows:
        return ""
    lines = ("".join(f"<td>{line(cell)}</td>" for cell in row) for row in rows)
    return "<table>" + "\n".join(f"<tr>{each}</tr>" for each in lines) + "</table>"


def _made_with(evaluation: Evaluation) -> str:
    settings = ", ".join(f"{name} {value}" for name, value in evaluation.settings.items())
    seeded = f"seed {SEED}, {RESAMPLES:,} resamples"
    return f"docsearch {__version__}; {settings + '; ' if settings else ''}{seeded}"


def _plain(text: str) -> str:
    """Untrusted text that Markdown takes for nothing but text."""
    safe = safe_line(text)
    for mark in "\\`*_[]<>|#~":
        safe = safe.replace(mark, f"\\{mark}")
    return safe
