"""Which files and passages a query's filters let through.

In: filters, and the facts of a file or the text of a passage. Out: yes or no. Pure: knows nothing
of SQL, so what a filter means is written down once, here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import cache
from itertools import pairwise

from docsearch.domain.normal_form import (
    normal,
    spaced_letter,
    unit,
    vowel_signs,
    without_readings,
    written_on,
)
from docsearch.domain.query import Filters

NANOSECONDS = 1_000_000_000


def admits_file(
    filters: Filters, path: str, tags: Collection[str], day: date | None, modified_ns: int
) -> bool:
    """Whether every condition on the file holds; `day` is the document's own."""
    if filters.paths and not any(path_matches(each, path) for each in filters.paths):
        return False
    if filters.extensions and not any(has_extension(path, each) for each in filters.extensions):
        return False
    if not all(any(is_tagged(tag, held) for held in tags) for tag in filters.tags):
        return False
    age = effective_day(day, modified_ns)
    return (filters.after is None or filters.after <= age) and (
        filters.before is None or age <= filters.before
    )


def is_tagged(wanted: str, held: str) -> bool:
    """Whether a tag is the wanted one or below it: `projects` is found in `projects/alpha`."""
    wanted, held = (normal(tag).removeprefix("#").strip("/") for tag in (wanted, held))
    return held == wanted or held.startswith(f"{wanted}/")


def path_matches(pattern: str, path: str) -> bool:
    """Whether a shell pattern fits the path or its last parts, or stands in it as plain text.

    `*` crosses slashes. Plain text is found in any case, a pattern only in its own.
    """
    if normal(pattern) in normal(path):
        return True
    path, pattern = _same_letters(path), _same_letters(pattern)
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")


def has_extension(path: str, extension: str) -> bool:
    """Whether the name ends in a dot and `extension`, with something before the dot."""
    name, ending = normal(path.rpartition("/")[2]), f".{normal(extension)}"
    return name.endswith(ending) and len(name) > len(ending)


def effective_day(day: date | None, modified_ns: int) -> date:
    """The document's own day, else that of the file's modification in local time."""
    if day is not None:
        return day
    try:
        return datetime.fromtimestamp(modified_ns // NANOSECONDS).astimezone().date()
    except (OverflowError, ValueError, OSError):
        # A clock gone wild, or a file system's sentinel: as far off as a date can be.
        return date.max if modified_ns > 0 else date.min


def finder(phrase: str) -> Callable[[str], bool]:
    """What tells whether the phrase stands in a text as whole words, both in their normal form.

    Between two words the text may have anything that is no word ("a, b" for "a b"); the phrase's
    own marks must stand as they are ("C++" is not "C"). In a script without spaces between words
    every character is a word, and spaces and ends of lines do not count. A reading in brackets
    behind a Japanese word may be left out.
    """
    parts = list(_parts(normal(phrase)))
    if not parts:
        return lambda _: True
    # A class of all vowel signs takes a millisecond to compile, once a word: few texts need it.
    quick = _pattern(parts, r"\W")

    @cache
    def whole() -> re.Pattern[str]:
        return _pattern(parts, rf"[^\w{vowel_signs()}]")

    def found_in(form: str) -> bool:
        has_signs = not form.isascii() and re.search(_sign(), form) is not None
        return (whole() if has_signs else quick).search(form) is not None

    def occurs_in(text: str) -> bool:
        form = normal(text)
        if found_in(form):
            return True
        bare = without_readings(form)
        return bare != form and found_in(bare)

    return occurs_in


def _pattern(parts: Sequence[tuple[bool, str]], gap: str) -> re.Pattern[str]:
    """The parts one after the other; `gap` is a character that is no word."""
    (_, first), (_, last) = parts[0], parts[-1]
    pattern = re.escape(first)
    for (_, before), (apart, part) in pairwise(parts):
        pattern += _between(before, part, gap, apart=apart) + re.escape(part)
    if re.match(spaced_letter(), first):
        # No word before it; said behind the piece, so that `re` looks for the piece itself first,
        # which is five times quicker.
        begins = re.escape(first)
        pattern = rf"{begins}(?<!{spaced_letter()}{begins})" + pattern.removeprefix(begins)
    if _is_word(last[-1]):
        pattern += f"(?!{written_on() if unit().match(last) else spaced_letter()})"
    return re.compile(pattern)


def _parts(form: str) -> Iterator[tuple[bool, str]]:
    """What must stand as it is, and whether a space is before it; units are each their own."""
    for piece in form.split():
        at, apart = 0, True
        for each in () if piece.isascii() else unit().finditer(piece):
            if at < each.start():
                yield apart, piece[at : each.start()]
                apart = False
            yield apart, each[0]
            at, apart = each.end(), False
        if at < len(piece):
            yield apart, piece[at:]


def _between(before: str, part: str, gap: str, *, apart: bool) -> str:
    """What may stand between two parts. Beside a mark never what could match the mark, too."""
    if not (_is_word(before[-1]) and _is_word(part[0])):
        return r"\s+" if apart else ""
    spaced = not (unit().match(before) or unit().match(part))
    return gap + ("+" if spaced else "*") if apart else r"\s*"


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_" or re.match(_sign(), character) is not None


@cache
def _sign() -> str:
    return f"[{vowel_signs()}]"


def _same_letters(text: str) -> str:
    """However a name's letters are encoded: file systems differ."""
    return unicodedata.normalize("NFC", text)
