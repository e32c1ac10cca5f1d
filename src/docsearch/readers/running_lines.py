"""Running heads and page numbers, which stand between the words of two pages.

In: the lines of each page. Out: the same without them. A line counts as one only where nothing is
lost: its text is the same on many pages, or its number is that of the page. Each is kept on the
first page that shows it. Pure; knows no file format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from docsearch.readers.page_layout import PageLine

_ROUNDS = 3
"""Rows of a head or foot that are looked at."""

_PAGE_WORDS = (
    "page|pages|pag|pg|pp|p|seite|s|blatt|página|pagina|pág|folio|sida|side|sivu|strona|str|strana"
    "|стр|страница|oldal|sayfa|σελίδα|trang|halaman|頁|页|ページ|쪽"
)
_OF_WORDS = "of|von|de|sur|di|van|av|af|z|из|/"
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_NUMBER = r"\d{1,5}"
_NUMBER_OF = re.compile(
    rf"(?:^|[^\w\s]\s|(?<!\w)(?:{_PAGE_WORDS})[.:]?\s*)(?<![\w.,-])({_NUMBER})"
    rf"\s*(?:{_OF_WORDS})\s*({_NUMBER})(?=$|\s[^\w\s])",
    re.I,
)
"""Words right beside it say what else is counted: "Patient 3 of 9"."""
_PAGE_AND_NUMBER = re.compile(rf"(?<!\w)(?:{_PAGE_WORDS})[.:]?\s*({_NUMBER})(?![\w,-])", re.I)
_ONLY_NUMBER = re.compile(rf"\W*(?:第\s*)?({_NUMBER})\W*(?:{_PAGE_WORDS})?\W*", re.I)
_ONLY_ROMAN = re.compile(r"\W*([ivxlc]{1,9})\W*", re.I)

_Mark = tuple[str, int | None, int]
"""What two pages share of a line: its words, its number less that of the page, its height."""


def without_running_lines(pages: Mapping[int, Sequence[PageLine]]) -> dict[int, list[PageLine]]:
    """The lines of each page, by its index, but for those that only run along with the pages.

    No page loses all of its lines.
    """
    enough = max(3, 0.4 * len(pages))
    inner = {index: (0, len(lines)) for index, lines in pages.items()}
    dropped: dict[int, set[int]] = {index: set() for index in pages}
    for _ in range(_ROUNDS):
        rows = {index: _outer_rows(pages[index], *inner[index]) for index in inner}
        marks = {
            (index, at): set(_marks(pages[index][at], index))
            for index, two in rows.items()
            for at in {*two[0], *two[1]}
        }
        counts = Counter(mark for each in marks.values() for mark in each)
        shared = {line: {m for m in each if counts[m] >= enough} for line, each in marks.items()}
        seen: set[_Mark] = set()
        for line, common in shared.items():
            if common & seen:
                dropped[line[0]].add(line[1])
            seen |= common
        further = {}
        for index, (head, foot) in rows.items():
            start, end = inner[index]
            start += len(head) if all(shared[index, at] for at in head) else 0
            end -= len(foot) if all(shared[index, at] for at in foot) else 0
            if (start, end) != inner[index]:
                further[index] = start, end
        inner = further
    return {
        index: [line for at, line in enumerate(lines) if at not in dropped[index]]
        if len(dropped[index]) < len(lines)
        else list(lines)
        for index, lines in pages.items()
    }


def _outer_rows(lines: Sequence[PageLine], start: int, end: int) -> tuple[list[int], list[int]]:
    """The positions of the lines in the first and in the last row of `[start, end)`."""
    if start >= end:
        return [], []
    top, bottom = lines[start], lines[end - 1]
    down, up = range(start, end), range(end - 1, start - 1, -1)
    return (
        list(takewhile(lambda at: _beside(lines[at], top), down)),
        list(takewhile(lambda at: _beside(lines[at], bottom), up)),
    )


def _beside(line: PageLine, other: PageLine) -> bool:
    return line is other or line.on_row_of(other)


def _marks(line: PageLine, index: int) -> Iterator[_Mark]:
    """Ways in which the line may be the same as one of another page."""
    place = round(line.bottom)
    yield line.text, None, place
    for number, words in _page_numbers(line.text):
        yield words, number - index, place


def _page_numbers(text: str) -> Iterator[tuple[int, str]]:
    """Numbers that may be the page's, each with the words around it."""
    if found := _NUMBER_OF.search(text):
        if int(found[1]) <= int(found[2]):
            yield int(found[1]), _around(text, found)
    elif found := _PAGE_AND_NUMBER.search(text) or _ONLY_NUMBER.fullmatch(text):
        yield int(found[1]), _around(text, found)
    elif found := _ONLY_ROMAN.fullmatch(text):
        yield _roman(found[1].casefold()), "roman"


def _around(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start(1)]}#{text[found.end(1) :]}"


def _roman(digits: str) -> int:
    values = [_ROMAN_DIGITS[digit] for digit in digits]
    return sum(
        -value if value < max(values[at + 1 :], default=0) else value
        for at, value in enumerate(values)
    )
