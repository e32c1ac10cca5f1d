"""From what was typed to a query: words, phrases and filters.

    disk full            words, for the models and for BM25
    "exact phrase"       words that must stand in the passage, in this order
    -word  -"a phrase"   must not stand in the passage
    path:ops/*.md        a pattern or a part of the file's path; several are alternatives
    ext:md,.rst          file name extensions; several are alternatives
    tag:kitchen          a tag of the document; several must all be there
    after:2024-01-31     the document's day, this day or later
    before:2024-01       this month or earlier; also a year, `today` and `yesterday`

A filter's value may be quoted: path:"my notes". Names of filters may be in any case. Typographic
quotation marks and dashes do as well: “a phrase”, «a phrase».

In: any text at all. Out: a `Query`, always: what looks like syntax and cannot be read as such is
searched as plain text, and listed in `unparsed`. `word:` of any other word is plain text, so
addresses and code (`https://…`, `std::vector`, `path::join`) need no quotes. Takes time in
proportion to the text, and bounds the work that a query can ask for. Does not know what a filter is
matched against.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from unicodedata import category

from docsearch.domain.encodable import encodable
from docsearch.domain.normal_form import normal
from docsearch.domain.query import Filters, Query
from docsearch.search.periods import Period, period

MOST_FILTERS = 100
"""What follows more filters than this is plain text: each may cost a look at every file."""

MOST_CHARACTERS = 4096
"""A longer filter is plain text, too: no path is so long, and such a pattern takes minutes."""

_QUOTES = '"“”„‟«»‹›〝〞〟「」『』\uff02'  # noqa: RUF001 - the marks as they are typed
_DASHES = "-‐‑‒–−"  # noqa: RUF001 - they look alike, and are typed for each other
_PIECE = re.compile(
    rf"""
      (?P<minus>[{_DASHES}])? [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]
    | (?P<name>path|ext|tag|after|before) : (?!:)
        (?: [{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}] | (?P<bare>\S*) )
    | (?P<plain>\S+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NEGATED_FILTER = re.compile(rf"[{_DASHES}](?:path|ext|tag|after|before):(?!:)", re.IGNORECASE)


@dataclass(slots=True)
class _Reading:
    """What has been read of the text so far."""

    words: list[str] = field(default_factory=list)
    unparsed: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    extensions: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    after: date | None = None
    before: date | None = None

    @property
    def is_full(self) -> bool:
        taken = (self.paths, self.extensions, self.tags, self.excluded, self.phrases)
        return sum(map(len, taken)) >= MOST_FILTERS

    def give_up(self, piece: str) -> None:
        self.words.append(piece)
        self.unparsed.append(piece)


def parse(typed: str, today: date | None = None) -> Query:
    """The query that `typed` says; `today` is what `today` and `yesterday` are counted from."""
    reading = _Reading()
    today = today or date.today()
    # A byte that is not UTF-8 reaches us as a lone surrogate, which no model or database takes.
    for piece in _PIECE.finditer(encodable(typed)):
        excessive = reading.is_full or len(piece[0]) > MOST_CHARACTERS
        if piece["plain"] is not None:
            _read_plain(reading, piece["plain"], excessive)
        elif excessive:
            reading.give_up(piece[0])
        elif piece["phrase"] is not None:
            _read_phrase(reading, piece)
        else:
            _read_filter(reading, piece, today)
    filters = Filters(
        paths=tuple(reading.paths),
        extensions=tuple(reading.extensions),
        tags=tuple(reading.tags),
        after=reading.after,
        before=reading.before,
        excluded=tuple(reading.excluded),
        phrases=tuple(reading.phrases),
    )
    return Query(typed, " ".join(reading.words), filters, tuple(reading.unparsed))


def _read_phrase(reading: _Reading, piece: re.Match[str]) -> None:
    phrase = " ".join(piece["phrase"].split())
    if not _has_word(phrase):
        reading.give_up(piece[0])
    elif piece["minus"]:
        reading.excluded.append(phrase)
    else:
        reading.phrases.append(phrase)
        reading.words.append(phrase)


def _read_plain(reading: _Reading, text: str, excessive: bool) -> None:
    excludes = text[0] in _DASHES and _has_word(text[1:2])
    begins = text[1:2] if text[0] in _DASHES else text[0]
    if (begins and begins in _QUOTES) or _NEGATED_FILTER.match(text) or (excludes and excessive):
        reading.give_up(text)
    elif excludes:
        reading.excluded.append(text[1:])
    else:
        reading.words.append(text)


def _read_filter(reading: _Reading, piece: re.Match[str], today: date) -> None:
    quoted, bare = piece["quoted"], piece["bare"]
    value = (quoted if quoted is not None else bare).strip()
    unclosed = quoted is None and value[:1] != "" and value[0] in _QUOTES
    if unclosed or not _take(reading, piece["name"].lower(), value, today):
        reading.give_up(piece[0])


def _take(reading: _Reading, name: str, value: str, today: date) -> bool:
    """Note one filter; False when its value cannot be read."""
    if name in {"after", "before"}:
        return _take_bound(reading, name, period(value, today))
    values = _extensions(value) if name == "ext" else [value] if value else []
    {"path": reading.paths, "ext": reading.extensions, "tag": reading.tags}[name].extend(values)
    return bool(values)


def _take_bound(reading: _Reading, name: str, named: Period | None) -> bool:
    """Of two bounds on the same side the narrower one is kept: it holds for both."""
    if named is None:
        return False
    first, last = named
    if name == "after":
        reading.after = max(first, reading.after or first)
    else:
        reading.before = min(last, reading.before or last)
    return True


def _extensions(value: str) -> list[str]:
    each = (part.strip().lower().removeprefix("*").removeprefix(".") for part in value.split(","))
    return [extension for extension in each if extension]


def _has_word(text: str) -> bool:
    """Whether there is something to find: a letter, a digit or a picture."""
    return any(each.isalnum() or category(each) == "So" for each in normal(text))
