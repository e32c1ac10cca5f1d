"""The parts of the inspector that stand around the passage: titles, progress, keys.

In: an inspection, and which heat is shown. Out: lines. Does not know how wide the screen is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Attribution, Inspection, Measure
from docsearch.domain.ranking import RankedHit
from docsearch.presentation.cells import one_line, rule
from docsearch.presentation.heat import (
    Heat,
    Scale,
    heat_lines,
    split_line,
    voices_line,
    weighed,
)
from docsearch.presentation.marked_text import CLOSE, OPEN
from docsearch.presentation.named_lines import NAME_CELLS, said
from docsearch.presentation.pieces import Line, Piece, Role, width_of
from docsearch.presentation.scores import faithfulness_line, score_lines
from docsearch.presentation.titles import Title, title_line
from docsearch.tui.keys import key_pieces
from docsearch.tui.widgets.passage_lines import passage_title

_BAR_CELLS = 20
_GONE = "file gone "
_LEGEND = f"underlined: for it · {OPEN}brackets{CLOSE}: against it · margin: strongest of the row"
_KEYS = (("Esc", "back"), ("↵", "open"), ("PgDn", "scroll"), ("F9", "case file"), ("F1", "help"))


def inspector_title(hit: RankedHit, cells: int, *, is_gone: bool = False) -> Line:
    """Which passage it is, its place in both orders, and whether its file is there no more."""
    gone = (Piece(_GONE, Role.WARNING),) if is_gone else ()
    return (Piece(" "), *passage_title(hit, cells - 1 - width_of(gone)), *gone)


@dataclass(frozen=True)
class View:
    """One model's view of the passage; `ended` where no more of it is to come.

    `is_named` where it must be told which reranker it is. `is_second` for the reranker that others
    are compared with: its score is told here, and `error` is why no more of it can be.
    """

    inspection: Inspection
    heat: Heat
    ended: bool = False
    is_named: bool = False
    is_second: bool = False
    error: DocsearchError | None = None

    @property
    def found(self) -> Attribution | None:
        """What has been measured for this heat."""
        known = self.inspection
        return {
            Heat.WORDS: known.words,
            Heat.SENTENCES: known.sentences,
            Heat.SPLIT: known.split,
        }[self.heat]


def heat_head(view: View, cells: int) -> tuple[Line, ...]:
    """Whose view of the passage it is, its strongest words, and what they are worth."""
    role = Role.BEFORE if view.heat is Heat.SPLIT else Role.AFTER
    name = one_line(view.inspection.reranker or "") if view.is_named else ""
    title = title_line(
        Title(view.heat, name, count=weighed(view.found, view.heat), role=role), cells
    )
    if view.error is not None:
        return (title, *_failure(view.error, cells), *_marks(view, cells))
    if view.is_second:
        return (title, *score_lines(view.inspection, cells), *_marks(view, cells))
    return (title, *_marks(view, cells))


def _marks(view: View, cells: int) -> tuple[Line, ...]:
    """The strongest words, and what the marks are worth."""
    inspection, heat, found = view.inspection, view.heat, view.found
    if found is None:
        gone = view.ended or view.error is not None
        return ((Piece(" cannot be measured here" if gone else " …", Role.MUTED),), ())
    text = inspection.hit.passage.chunk.text
    strongest = voices_line(text, found, scale_of(inspection, heat, found), cells - 1)
    if heat is Heat.SPLIT:
        return ((Piece(" "), *strongest), (Piece(" "), *split_line(found)))
    if inspection.faithfulness is not None:
        worth = faithfulness_line(inspection.faithfulness)
        return ((Piece(" "), *strongest), (Piece(" "), *worth))
    return ((Piece(" "), *strongest), (Piece(" what its marks are worth: …", Role.MUTED),))


def _failure(error: DocsearchError, cells: int) -> Iterator[Line]:
    for row in said(f"✗ {error.title}: {error}", cells + NAME_CELLS - 1, Role.ERROR):
        yield (Piece(" "), *row)


def heat_body(view: View, cells: int) -> tuple[Line, ...]:
    """The passage, marked as far as it has been measured."""
    known = view.found or Attribution("", 0.0, (), 0)
    text = view.inspection.hit.passage.chunk.text
    return heat_lines(text, known, scale_of(view.inspection, view.heat, known), cells)


def scale_of(inspection: Inspection, heat: Heat, found: Attribution) -> Scale:
    """The scale of a heat: what the model's arithmetic cannot tell from nothing is not marked."""
    jitter = inspection.standing.jitter if inspection.standing else 0.0
    return Scale.of(found, heat, 0.0 if heat is Heat.SPLIT else jitter)


def progress_line(
    inspection: Inspection, error: DocsearchError | None, running: bool, whose: str = ""
) -> Line:
    """What is being measured, and under which reranker if that must be told, or the legend."""
    if error is not None:
        return failure_line(error)
    if not running:
        return (Piece(f" {_LEGEND}", Role.MUTED),)
    # Nothing of the reading takes time but the loading of a model.
    waits = inspection.doing in (None, Measure.READING)
    doing = "waiting for the models" if waits else f"measuring: {inspection.doing}"
    return doing_line(f"{doing}{whose}", inspection.done)


def doing_line(doing: str, done: float) -> Line:
    """What is being done, how far it is, and how to have it stop."""
    return (
        Piece(f" {doing} ", Role.MUTED),
        *rule(_BAR_CELLS, done),
        Piece(" leaving cancels", Role.FAINT),
    )


def failure_line(error: DocsearchError) -> Line:
    """Why something could not be measured."""
    return (Piece(f" ✗ {error.title}: {one_line(str(error))}", Role.ERROR),)


def inspector_keys(beside: bool, has_second: bool, has_others: bool, cells: int) -> Line:
    """The inspector's keys; `has_others`: there are rerankers to set against the first."""
    other = "other reranker" if has_second else "bi-encoder"
    heats = "by sentence" if beside else f"by sentence, {other}"
    second = [("0", "bi-encoder")] if has_second else [("1-9", "against a reranker")] * has_others
    return key_pieces((("↑↓", "other results"), ("⇥", heats), *second, *_KEYS), cells)
