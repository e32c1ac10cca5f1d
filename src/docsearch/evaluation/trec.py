"""TREC's files: judgments (qrels) and runs, as text.

In: the text of a file and its name, for messages. Out: grades and rankings; and back. Reads the
TSV of BEIR as well, whose first line names its columns. A line that cannot be read is an error that
names it; what is only odd is told and kept. Does not know what the ids stand for.

An id may hold no white space there, and a path may: blanks and `%` are written as `%20` and `%25`,
as in an URL, where the columns are not separated by tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from docsearch.domain.errors import EvaluationError
from docsearch.domain.judgment import Grades
from docsearch.domain.safe_text import safe_line
from docsearch.evaluation.metrics import Rankings, scored

# Every white space that `str.split` knows, and the sign itself.
_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# What a terminal would obey is escaped, too.
_OBEYED = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F))))
_ESCAPES = {each: quote(each) for each in _BLANKS + _OBEYED + "%"}
_TABLE = {ord(blank): escape for blank, escape in _ESCAPES.items()}
_PLAIN = {escape: blank for blank, escape in _ESCAPES.items()}
_ESCAPED = re.compile("|".join(map(re.escape, sorted(_PLAIN, key=len, reverse=True))))
# What trec_eval makes of a grade takes time and memory that grow with it.
_GRADE = re.compile(r"[+-]?0*[0-9]{1,3}")
_HEADER = ("query-id", "corpus-id", "score")

TWICE_TOLD = 3
"""So many documents that are judged twice are named, the others counted."""


@dataclass(frozen=True, slots=True)
class Qrels:
    """Grades as a file has them, and the line of each; `notices` tell what was odd."""

    name: str
    grades: Grades
    lines: Mapping[tuple[str, str], int]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Rankings as a file has them; `tag` is what it calls itself."""

    tag: str
    rankings: Rankings


def read_qrels(text: str, name: str) -> Qrels:
    """`query 0 document grade`, or BEIR's `query document grade`, in columns of tabs or blanks.

    Of two grades of one document the later counts. Raises EvaluationError.
    """
    grades: dict[str, dict[str, int]] = {}
    lines: dict[tuple[str, str], int] = {}
    notices = []
    for number, columns in _rows(text):
        if not lines and tuple(columns) == _HEADER:
            continue
        query, document, grade = _qrel(columns, f"{safe_line(name)}:{number}")
        before = grades.setdefault(query, {}).get(document)
        if before is not None:
            at = lines[query, document]
            told = f"{safe_line(document)} is judged twice for {safe_line(query)}"
            differs = f"{grade} here and {before} on line {at}; the later counts"
            same = f"the same on line {at}"
            notices.append(
                f"{safe_line(name)}:{number}: {told}, {differs if before != grade else same}"
            )
        grades[query][document] = grade
        lines[query, document] = number
    if not lines:
        raise EvaluationError(
            f"{safe_line(name)} holds no judgments: write `query 0 document grade` a line."
        )
    more = len(notices) - TWICE_TOLD
    if more > 0:
        told = f"{safe_line(name)}: {more:,} more are judged twice; the later grade counts"
        notices = [*notices[:TWICE_TOLD], told]
    return Qrels(name, grades, lines, tuple(notices))


def read_run(text: str, name: str) -> Run:
    """`query Q0 document rank score tag`, ordered by score as trec_eval does it.

    Equal scores go by document id, the last in the alphabet first. Raises EvaluationError.
    """
    scores: dict[str, dict[str, float]] = {}
    tag = ""
    for number, columns in _rows(text):
        place = f"{safe_line(name)}:{number}"
        if len(columns) not in {5, 6}:
            raise EvaluationError(
                f"{place}: a line of a run is `query Q0 document rank score tag`, "
                f"and this one has {len(columns)} columns."
            )
        query, _, document, _, score, *named = columns
        own = scores.setdefault(query, {})
        if document in own:
            raise EvaluationError(
                f"{place}: {safe_line(document)} is ranked twice for {safe_line(query)}."
            )
        own[document] = _score(score, place)
        tag = tag or (named[0] if named else "")
    if not scores:
        raise EvaluationError(
            f"{safe_line(name)} holds no ranking: a line is `query Q0 document rank score tag`."
        )
    rankings = {
        query: sorted(own, key=lambda each, own=own: (own[each], each), reverse=True)  # type: ignore[misc]
        for query, own in scores.items()
    }
    return Run(tag or name, rankings)


def write_qrels(grades: Grades) -> str:
    """The judgments, a line each."""
    return "".join(
        f"{_escaped(query)} 0 {_escaped(document)} {grade}\n"
        for query, own in grades.items()
        for document, grade in own.items()
    )


def write_run(rankings: Rankings, tag: str) -> str:
    """The rankings; scores only fall from place to place, so that every program keeps the order."""
    return "".join(
        f"{_escaped(query)} Q0 {_escaped(document)} {rank} {score:g} {_escaped(tag) or 'run'}\n"
        for query, ranking in rankings.items()
        for rank, (document, score) in enumerate(scored(ranking).items(), start=1)
    )


def _rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Each line that is not empty with its number; a tab keeps the blanks of an id."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            if "\t" in line:
                yield number, [column.strip() for column in line.split("\t")]
            else:
                yield number, [_unescaped(column) for column in line.split()]


def _qrel(columns: Sequence[str], place: str) -> tuple[str, str, int]:
    if len(columns) not in {3, 4}:
        raise EvaluationError(
            f"{place}: a judgment is `query 0 document grade` or `query document grade`, "
            f"and this line has {len(columns)} columns."
        )
    query, document, grade = columns[0], columns[-2], columns[-1]
    if not query or not document:
        raise EvaluationError(f"{place}: the query's or the document's id is empty.")
    if not _GRADE.fullmatch(grade):
        raise EvaluationError(
            f"{place}: the grade is {safe_line(grade)!r}; it must be a whole number from "
            "-999 to 999."
        )
    return query, document, int(grade)


def _score(text: str, place: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = float("nan")
    if score != score:  # noqa: PLR0124 - nan alone differs from itself
        raise EvaluationError(f"{place}: the score is {safe_line(text)!r}; it must be a number.")
    return score


def _escaped(field: str) -> str:
    """One column; characters that are neither white space nor `%` stay as they are."""
    return field.translate(_TABLE)


def _unescaped(field: str) -> str:
    """What `_escaped` was given; any other `%` is the id's own."""
    return _ESCAPED.sub(lambda found: _PLAIN[found[0]], field)
