"""The keys: a line of the most useful ones, and the whole table for the help screen.

In: nothing. Out: lines. The bindings themselves are the screen's.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.tui.rendering.cells import fit
from docsearch.tui.rendering.marked_text import CLOSE, OPEN
from docsearch.tui.rendering.pieces import Line, Piece, Role, width_of

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
    ("type", "the query; the search follows every keystroke"),
    ("↑ ↓  ^P ^N", "select the result above or below"),
    ("Tab", "walk the other list (before or after)"),
    ("+  -", "after such a key: judge it, again: highly, or clear; Alt-+ and Alt-- always"),
    ("PgUp PgDn", "scroll the passage"),
    ("Enter", "open in $VISUAL or $EDITOR at the line; a PDF at its page"),
    ("^Y", "copy path:line"),
    ("^↑ ^↓", "earlier and later queries"),
    ("^R", "search again"),
    ("^T", "candidates from: dense, BM25, hybrid"),
    ("F2", "next reranker, or none; Shift-F2 lists them all"),
    ("Alt-1 to 9, 0", "the reranker of that number on this machine; 0: none"),
    ("F3", "after list by biggest mover, and back"),
    ("F4  Enter twice", "why the result stands where it stands, measured from its models"),
    ("F7", "the whole list: what moved, how deep it had to read, what it missed"),
    ("F6", "rerankers side by side: their ranks, and where they disagree"),
    ("F8", "mark a result; F4 on one of two marked: why is one above the other?"),
    ("F9  F10", "keep the answer in a case file; what is judged so far"),
    ("F5", "weigh reranker, first stage and recency"),
    ("F1  ?  ^O", "this help (? when the query is empty); command palette"),
    ("Esc  ^Q  ^C", "Esc clears the query, and leaves when it is empty; ^Q and ^C leave"),
)

SYNTAX = (
    ("path:ops", "only files whose path has it; patterns work: path:ops/*.md"),
    ("ext:md", "only files with this suffix"),
    ("tag:recipe", "only documents with this tag"),
    ("after:2026-01-31", "documents of that day or later; before: for earlier"),
    ('"two words"', "passages with exactly these words"),
    ("-word", "no passage with this word"),
)

EXPLAINING = (
    ("Tab  ← →", "the next heat: words, sentences, bi-encoder; or the other passage"),
    ("↑ ↓", "the result above or below, without leaving"),
    ("1 to 9, 0", "another reranker's reading in place of the bi-encoder's, and back"),
    ("underlined", "speaks for the result, bold most; by the change in its score without it"),
    (f"{OPEN}brackets{CLOSE}", "speaks against it; in a contrast: without these the order turns"),
    ("+2.10  -0.31", "beside a row: the weight of its strongest word, or of its sentence"),
    ("do not believe", "the marks: without these its score falls no more than without other words"),
    ("jitter", "how far half precision moves the score: less than that tells nothing"),
    ("chance", "its score among those of passages drawn at random from the folder"),
    ("tau", "of two orders: 1 the same, 0 unrelated, -1 reversed"),
    ("RBO", "the same with the top counting most: 1 alike, 0 nothing in common"),
    ("S", "in the whole list: save the slope graph as SVG"),
)

COMPARING = (
    ("← →  1 to 9, 0", "order the passages by another reranker, or by the first stage"),
    ("D", "most disputed first: × is the worst place over the best"),
    ("X", "leave this reranker out, and back"),
    ("Shift-F2", "add one: from all there are, four at most"),
    ("τ RBO", "how alike two orders are: Kendall's tau -1 to 1, overlap by rank 0 to 1"),
)

JUDGING = (
    ("-  0", "this passage is not relevant"),
    ("+  1", "it is relevant"),
    ("*  =  2", "it is highly relevant"),
    ("Space", "leave it for another time"),
    ("Backspace", "back to the passage before"),
    ("/", "another query"),
    ("↑ ↓  PgUp PgDn", "scroll the passage"),
    ("Esc", "leave; every judgment is kept, and is not asked again"),
    ("C", "behind F10: figures of what is judged alone, and back"),
)

READING = (
    ("▲6  ▼1  =", "moved up 6 places, down 1, not at all"),
    ("new", "came in from below what the before list shows"),
    ("·", "not reranked yet, or the reranker is off"),
    ("++  +  -", "judged highly relevant, relevant, not relevant; ≈ of an earlier cut"),
    ("score", "left: cosine, BM25 or fused rank; right: the reranker's own number"),
    ("order", "above the passage: what places it, and what each voice gave"),
    ("would enter", "at rest, ranks 51 to 200 are read too: these belong on top, F7 lists them"),
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
