"""A judging session, as lines.

In: a session. Out: its title, its words where there is no passage, and its keys. Tells nothing of
who ranked a passage, nor where.
"""

from __future__ import annotations

import textwrap

from docsearch.domain.document import StoredChunk
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.wording import plural
from docsearch.presentation.cells import one_line, spread
from docsearch.presentation.pieces import Line, Piece, Role, width_of
from docsearch.presentation.titles import Title, title_line
from docsearch.tui.grades import Mark
from docsearch.tui.judge.state import JudgeState
from docsearch.tui.keys import key_pieces
from docsearch.tui.widgets.passage_lines import in_words, place_line, role_of

_KEYS = (
    ("-", "not relevant"),
    ("+", "relevant"),
    ("*", "highly"),
    ("Space", "skip"),
    ("⌫", "back"),
    ("/", "query"),
    ("Esc", "leave"),
    ("PgDn", "more"),
    ("F1", "help"),
)
_WHAT_THEN = (
    "docsearch eval --own FOLDER tells what each reranker is worth by all of your judgments, "
    "and so does F10 on the search screen."
)
_WAITING = (("/", "query"), ("Esc", "leave"))
_TYPING = (("↵", "judge what it finds"), ("Esc", "leave"))
_TYPING_ANOTHER = (("↵", "judge what it finds"), ("Esc", "back to the passage"))


def session_title(now: JudgeState, cells: int) -> Line:
    """`judge  7 of 20, query 2 of 5`, and how many were judged here."""
    where = ""
    if now.query is not None:
        of_queries = f"query {now.at + 1} of {len(now.queries)}"
        pool = now.pool
        here = f"{now.place + 1} of {len(pool.passages)}, " if pool else ""
        where = here + of_queries
    count = _count(now, "judged")
    return title_line(Title("judge", where, count, walked=True), cells)


def _count(now: JudgeState, what: str) -> str:
    """How many were judged in this session, and how many of its passages before it."""
    before = len(now.grades.keys() - now.given)
    return f"{len(now.given)} {what}" + (f", {before} before" if before else "")


def query_lines(now: JudgeState, cells: int) -> tuple[Line, ...]:
    """The query that the passage is judged for."""
    if now.query is None or now.asks:
        return ()
    rows = textwrap.wrap(one_line(now.query), max(20, cells))[:3]
    return tuple((Piece(row, Role.STRONG),) for row in rows)


def place_lines(passage: StoredChunk | None, now: JudgeState, cells: int) -> tuple[Line, ...]:
    """Where the passage is from, and the grade that it has."""
    if passage is None:
        return ()
    grade = now.grade
    mark = (Piece(f"  {in_words(Mark(grade))}", role_of(grade)),) if grade is not None else ()
    return (spread(place_line(passage, max(0, cells - width_of(mark) - 1)), mark, cells),)


def blank_lines(now: JudgeState, progress: IndexProgress, cells: int) -> tuple[Line, ...]:
    """What stands where a passage would: what is being done, or what to do."""
    room = max(20, min(cells - 4, 84))
    lines: list[Line] = [()]
    for text, role in _said(now, progress):
        lines += [(Piece(f"  {row}", role),) for row in textwrap.wrap(one_line(text), room)]
        lines.append(())
    return tuple(lines)


def _said(now: JudgeState, progress: IndexProgress) -> list[tuple[str, Role]]:
    if now.asks or not now.queries:
        return [
            ("Type a query that you would ask of this folder.", Role.STRONG),
            (
                "What the bi-encoder and every reranker put on top for it is then shown, one "
                "passage at a time, in an order that does not tell who ranked what. Say of each "
                "whether it answers the query: one key each, kept at once.",
                Role.MUTED,
            ),
        ]
    if now.query is not None:
        return [(_gathering(now, progress), Role.STRONG)]
    judged = _count(now, "passage judged" if len(now.given) == 1 else "passages judged")
    said = [(f"All there is has been gone through: {judged}.", Role.STRONG)]
    found = sum(len(pool.passages) for pool in now.pools.values())
    if not found and not now.lost:
        said = [("Nothing was found to judge.", Role.WARNING)]
        if not progress.chunks:
            said.append(("No file of this folder is indexed: put some in.", Role.MUTED))
    empty = [query for query, pool in now.pools.items() if not pool.passages]
    if empty and found:
        told = plural(len(empty), "query", "queries")
        said.append((f"Nothing was found for {told}, such as: {empty[-1]}", Role.WARNING))
    if now.lost:
        lost = plural(len(now.lost), "query", "queries")
        said.append((f"{lost} could not be searched: {next(iter(now.lost.values()))}", Role.ERROR))
    if now.grades:
        said.append((_WHAT_THEN, Role.MUTED))
    said.append(("Type another query, or leave with Esc.", Role.MUTED))
    return said


def _gathering(now: JudgeState, progress: IndexProgress) -> str:
    if progress.phase is Phase.INDEXING:
        done, total = progress.files_done, progress.files_total
        return f"The index is being brought up to date: {done:,} of {plural(total, 'file')} …"
    if now.step is not None:
        step = now.step
        return f"{step.what} reads what was found: {step.done} of {step.total} …"
    return "Searching …"


def session_keys(now: JudgeState, cells: int) -> Line:
    """The keys that do something now."""
    if now.asks and now.query is not None:
        return key_pieces(_TYPING_ANOTHER, cells)
    if now.is_typing:
        return key_pieces(_TYPING, cells)
    return key_pieces(_KEYS if now.passage else _WAITING, cells)


def session_notice(now: JudgeState, cells: int) -> tuple[Line, ...]:
    """An error that concerns the passage, or what was left out of its pool."""
    if now.query is None:
        return ()
    if now.error is not None:
        text, role = f"✗ {now.error.title}: {now.error}", Role.ERROR
    elif now.pool is not None and now.pool.notices:
        text, role = f"! {'; '.join(now.pool.notices)}", Role.WARNING
    else:
        return ()
    rows = textwrap.wrap(one_line(text), max(20, cells))
    return tuple((Piece(row, role),) for row in rows)
