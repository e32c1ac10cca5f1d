"""The parts of the inspector that stand around the passage: titles, progress, keys.

In: an inspection, and which heat is shown. Out: lines. Does not know how wide the screen is cut.
"""

from __future__ import annotations

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Attribution, Inspection
from docsearch.domain.ranking import RankedHit
from docsearch.tui.rendering.bars import rule
from docsearch.tui.rendering.cells import one_line
from docsearch.tui.rendering.heat import Heat, Scale, heat_lines, split_line, voices_line
from docsearch.tui.rendering.keys import key_pieces
from docsearch.tui.rendering.list_titles import Title, title_line
from docsearch.tui.rendering.marked_text import CLOSE, OPEN
from docsearch.tui.rendering.passage import passage_title
from docsearch.tui.rendering.pieces import Line, Piece, Role
from docsearch.tui.rendering.score_facts import faithfulness_line

_BAR_CELLS = 20
_LEGEND = f"underlined: for it · {OPEN}brackets{CLOSE}: against it · margin: strongest of the row"
_KEYS = (("Esc", "back"), ("↵", "open"), ("PgDn", "scroll"), ("F9", "case file"), ("F1", "help"))


def inspector_title(hit: RankedHit, cells: int) -> Line:
    """Which passage it is, and its place in both orders."""
    return (Piece(" "), *passage_title(hit, cells - 1))


def heat_head(
    hit: RankedHit, inspection: Inspection, heat: Heat, found: Attribution | None, cells: int
) -> tuple[Line, ...]:
    """Whose view of the passage it is, its strongest words, and what they are worth."""
    role = Role.BEFORE if heat is Heat.SPLIT else Role.AFTER
    title = title_line(Title(heat, count=_count(found, heat), role=role), cells)
    if found is None:
        gone = inspection.doing is None and bool(inspection.reasons)
        return (title, (Piece(" cannot be measured here" if gone else " …", Role.MUTED),), ())
    text = hit.passage.chunk.text
    strongest = voices_line(text, found, scale_of(inspection, heat, found), cells - 1)
    lines = (title, (Piece(" "), *strongest))
    if heat is Heat.SPLIT:
        return (*lines, (Piece(" "), *split_line(found)))
    if inspection.faithfulness is not None:
        return (*lines, (Piece(" "), *faithfulness_line(inspection.faithfulness)))
    return (*lines, (Piece(" what its marks are worth: …", Role.MUTED),))


def heat_body(
    hit: RankedHit, inspection: Inspection, heat: Heat, found: Attribution | None, cells: int
) -> tuple[Line, ...]:
    """The passage, marked as far as it has been measured."""
    known = found or Attribution("", 0.0, (), 0)
    text = hit.passage.chunk.text
    return heat_lines(text, known, scale_of(inspection, heat, known), cells)


def scale_of(inspection: Inspection, heat: Heat, found: Attribution) -> Scale:
    """The scale of a heat: what the model's arithmetic cannot tell from nothing is not marked."""
    jitter = inspection.standing.jitter if inspection.standing else 0.0
    return Scale.of(found, heat, 0.0 if heat is Heat.SPLIT else jitter)


def progress_line(inspection: Inspection, error: DocsearchError | None, running: bool) -> Line:
    """What is being measured, or what the marks mean."""
    if error is not None:
        return failure_line(error)
    if not running:
        return (Piece(f" {_LEGEND}", Role.MUTED),)
    doing = f"measuring: {inspection.doing}" if inspection.doing else "waiting for the models"
    return (
        Piece(f" {doing} ", Role.MUTED),
        *rule(_BAR_CELLS, inspection.done),
        Piece(" leaving cancels", Role.FAINT),
    )


def failure_line(error: DocsearchError) -> Line:
    """Why something could not be measured."""
    return (Piece(f" ✗ {error.title}: {one_line(str(error))}", Role.ERROR),)


def inspector_keys(beside: bool, cells: int) -> Line:
    """The inspector's keys."""
    others = "by sentence" if beside else "by sentence, bi-encoder"
    return key_pieces((("↑↓", "other results"), ("⇥", others), *_KEYS), cells)


def _count(found: Attribution | None, heat: Heat) -> str:
    """How much of the passage was taken apart, where that is not all of it."""
    if found is None or len(found.effects) == found.pieces:
        return ""
    pieces = "sentences" if heat is Heat.SENTENCES else "words"
    return f"{len(found.effects)} of {found.pieces} {pieces} weighed"
