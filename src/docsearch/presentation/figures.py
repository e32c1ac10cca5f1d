"""The figures of one query while it is judged: each measure before and after, and the difference.

In: figures. Out: a line, or two where it is narrow. Does not know how a measure is computed.
"""

from __future__ import annotations

from docsearch.domain.evaluation import MEASURES
from docsearch.domain.judged_result import Live
from docsearch.presentation.cells import fit
from docsearch.presentation.pieces import Line, Piece, Role, width_of

_GAP = Piece("  ")

RECIPROCAL = "RR@10"
"""Its mean over queries goes by another name."""


def figure_lines(figures: Live, cells: int, *, reranked: bool, condensed: bool) -> tuple[Line, ...]:
    """One line where everything fits, else the measures above how much of it is judged."""
    measures = measure_line(figures, reranked=reranked)
    judged = judged_line(figures, condensed=condensed)
    if width_of((*measures, _GAP, *judged)) <= cells:
        return (fit((*measures, _GAP, *judged), cells),)
    return (fit(measures, cells), fit(judged, cells))


def measure_line(figures: Live, *, reranked: bool, means: bool = False) -> Line:
    """`NDCG@10 .61→.83 +.22  RR@10 …`; one value each where nothing was reranked.

    `means` is whether they are means over queries.
    """
    if not figures.measures:
        return (Piece("no figures until something relevant is judged", Role.MUTED),)
    line: list[Piece] = []
    for name in MEASURES:
        before, after = figures.measures[name]
        line += [_GAP] if line else []
        line += [
            Piece(f"{'M' * (means and name == RECIPROCAL)}{name} ", Role.MUTED),
            Piece(share(before), Role.BEFORE),
        ]
        if reranked:
            line += [Piece("→", Role.MUTED), Piece(share(after), Role.AFTER), Piece(" ")]
            line.append(difference(after - before))
    return tuple(line)


def judged_line(figures: Live, *, condensed: bool) -> Line:
    """How much of the tops has a grade, and what to think of it."""
    line: list[Piece] = [
        Piece(f"judged {figures.judged} of {figures.shown} in the top 10s", Role.MUTED)
    ]
    # Beside what is gone there is no room at 80 cells to say what follows from the rest.
    if figures.gone:
        line.append(Piece(f" · {figures.gone} gone from the index", Role.MUTED))
    if condensed:
        rest = "" if figures.gone else ": the rest is left out"
        line.append(Piece(f" · condensed{rest}", Role.MUTED))
    elif figures.warning is not None:
        rest = "" if figures.gone else ": the rest counts as not relevant"
        line.append(Piece(f" · too few{rest}", Role.WARNING))
    return tuple(line)


def share(value: float) -> str:
    """A number in [0, 1] with two digits: `.83`, `1.0`."""
    text = f"{value:.2f}"
    return text[1:] if text.startswith("0") else "1.0"


def difference(value: float) -> Piece:
    """`+.22`, `-.08`, or `=`; its sign says what its colour says."""
    shown = round(value, 2)
    if not shown:
        return Piece("=", Role.MUTED)
    return Piece(
        ("+" if shown > 0 else "-") + share(abs(shown)), Role.UP if shown > 0 else Role.DOWN
    )
