"""The keys: a line of the most useful ones, and the whole table for the help screen.

In: nothing. Out: lines. The bindings themselves are the screen's.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.presentation.cells import fit
from docsearch.presentation.marked_text import CLOSE, OPEN
from docsearch.presentation.pieces import Line, Piece, Role, width_of

FOOTER = (
    ("↵", "open"),
    ("F4", "why"),
    ("⇥", "other list"),
    ("F2", "reranker"),
    ("F6", "compare"),
    ("F7", "whole list"),
    ("F1", "help"),
    ("^O", "commands"),
    ("^T", "source"),
    ("F3", "movers"),
    ("F5", "weights"),
    ("F8", "mark"),
    ("^Y", "copy path:line"),
    ("PgDn", "passage"),
    ("^R", "again"),
    ("^↑", "history"),
    ("Esc", "clear, leave"),
)

JUDGE = ("+ -", "judge")

KEYS = (
    ("type", "search; it follows every keystroke"),
    ("↑ ↓  ^P ^N", "select the result above or below"),
    ("Tab", "switch to the other list (before or after)"),
    ("+  -", "after those keys: judge it; again: highly, or clear. Alt-+ and Alt-- at any time"),
    ("PgUp PgDn", "scroll the passage"),
    ("Enter", "open in $VISUAL or $EDITOR at the line; a PDF at its page"),
    ("^Y", "copy path:line"),
    ("^↑ ^↓", "earlier and later queries"),
    ("^R", "search again; hosted rerankers run only then"),
    ("^T", "candidates from: dense, BM25, hybrid"),
    ("F2", "next reranker, or none; Shift-F2 lists them all"),
    ("Alt-1 to 9, 0", "the reranker of that number on this machine; 0: none"),
    ("F3", "sort the after list by biggest mover, and back"),
    ("F4  Enter twice", "why is this result here? Measured from the models that ran"),
    ("F7", "the whole list: what moved, how many candidates it took, what they missed"),
    ("F6", "rerankers side by side: their ranks, and where they disagree"),
    ("F8", "mark a result; F4 on one of two marked: why is one above the other?"),
    ("F9  F10", "save the answer as a case file; your judgments so far"),
    ("F5", "adjust the weights of reranker, first stage and recency"),
    ("F1  ?  ^O", "this help (? when the query is empty); command palette"),
    ("Esc  ^Q  ^C", "Esc clears the query, and leaves when it is empty; ^Q and ^C leave"),
)

SYNTAX = (
    ("path:ops", "paths that contain it; patterns work: path:ops/*.md"),
    ("ext:md", "only files with this suffix"),
    ("tag:recipe", "only documents with this tag"),
    ("after:2026-01-31", "documents of that day or later; before: for earlier"),
    ('"two words"', "passages with exactly these words"),
    ("-word", "no passage with this word"),
)

EXPLAINING = (
    ("Tab  ← →", "the next heat map: words, sentences, bi-encoder; or the other passage"),
    ("↑ ↓", "the result above or below, without leaving"),
    ("1 to 9, 0", "another reranker in place of the bi-encoder, and back"),
    ("underlined", "speaks for the result, bold most: the score falls without it"),
    (f"{OPEN}brackets{CLOSE}", "speaks against it; in a contrast: without these the order turns"),
    ("+2.10  -0.31", "beside a row: the weight of its strongest word, or of its sentence"),
    ("unreliable", "the marks: without them the score falls no more than without random words"),
    ("jitter", "how far half precision moves the score; smaller differences mean nothing"),
    ("random", "its score among those of random passages of the folder"),
    ("tau", "agreement of two orders: 1 the same, 0 unrelated, -1 reversed"),
    ("RBO", "agreement where the top counts most: 1 alike, 0 nothing in common"),
    ("S", "in the whole list: save the slope graph as SVG"),
)

COMPARING = (
    ("← →  1 to 9, 0", "order by another reranker, or by the first stage"),
    ("D", "most disputed first: × is the worst rank over the best"),
    ("X", "leave this reranker out, and back"),
    ("Shift-F2", "add a reranker, four at most"),
    ("τ RBO", "agreement of two orders: Kendall's tau -1 to 1, rank-biased overlap 0 to 1"),
)

JUDGING = (
    ("-  0", "not relevant"),
    ("+  1", "relevant"),
    ("*  =  2", "highly relevant"),
    ("Space", "leave it for later"),
    ("Backspace", "back to the previous passage"),
    ("/", "another query"),
    ("↑ ↓  PgUp PgDn", "scroll the passage"),
    ("Esc", "leave; every judgment is saved, and not asked again"),
    ("C", "in F10: leave unjudged passages out of the figures, and back"),
)

READING = (
    ("▲6  ▼1  =", "moved up 6 places, down 1, not at all"),
    ("new", "came in from below what the before list shows"),
    ("·", "not reranked yet, or the reranker is off"),
    ("++  +  -", "judged highly relevant, relevant, not relevant; ≈ re-cut since"),
    ("score", "left: cosine, BM25 or fused score; right: the reranker's raw score"),
    ("order", "above the passage: what makes its rank, and how much each part adds"),
    ("would enter", "while idle, ranks 51 to 200 are reranked: these belong on top, F7 lists them"),
    ("bar", "left: the score; right: its 0-1 form. Compare orders, not models' scores"),
)


Offer = tuple[str, str]
"""A key, and what it would show just now."""


def keys_line(cells: int, offer: Offer | None = None, *, judges: bool = False) -> Line:
    """As many of the footer's keys as fit whole, after the offer of one of them.

    `judges` is whether the signs + and - judge just now.
    """
    footer = (JUDGE, *FOOTER) if judges else FOOTER
    if offer is None:
        return key_pieces(footer, cells)
    key, what = offer
    head: Line = (Piece(f" {key} ", Role.KEY), Piece(f"{what} ", Role.TEXT))
    rest = tuple(each for each in footer if each[0] != key)
    return fit((*head, *key_pieces(rest, max(0, cells - width_of(head)))), cells)


def key_pieces(keys: Sequence[tuple[str, str]], cells: int) -> Line:
    """As many of these keys as fit whole, each with what it does."""
    line: Line = ()
    for key, what in keys:
        more: Line = (Piece(f" {key} ", Role.KEY), Piece(f"{what} ", Role.MUTED))
        if width_of(line) + width_of(more) > cells:
            break
        line = (*line, *more)
    return fit(line, cells)
