"""Which files and passages a query's filters let through.

In: filters, and the facts of a file or the text of a passage. Out: yes or no. Pure: knows nothing
of SQL, so what a filter means is written down once, here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date, datetime
from fnmatch import fnmatchcase
from itertools import pairwise

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
    held = {_folded(tag) for tag in tags}
    if not all(_folded(tag) in held for tag in filters.tags):
        return False
    age = effective_day(day, modified_ns)
    return (filters.after is None or filters.after <= age) and (
        filters.before is None or age <= filters.before
    )


def path_matches(pattern: str, path: str) -> bool:
    """Whether a shell pattern fits the path or its last parts, or stands in it as plain text.

    `*` crosses slashes. Plain text is found in any case, a pattern only in its own.
    """
    if _folded(pattern) in _folded(path):
        return True
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")


def has_extension(path: str, extension: str) -> bool:
    """Whether the name ends in a dot and `extension`, with something before the dot."""
    name = path.rpartition("/")[2].lower()
    return name.endswith(f".{extension}") and len(name) > len(extension) + 1


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
    """What tells whether the phrase stands in a text, in any case and as whole words.

    Between two words the text may have anything that is no word ("a, b" for "a b"); the phrase's
    own marks must stand as they are ("C++" is not "C").
    """
    pieces = _lowered(phrase).split()
    if not pieces:
        return lambda _: True
    first, last = pieces[0], pieces[-1]
    pattern = re.escape(first)
    for before, piece in pairwise(pieces):
        # \W+ beside a mark could match it too, and fail in ever more ways.
        between_words = _is_word(before[-1]) and _is_word(piece[0])
        pattern += (r"\W+" if between_words else r"\s+") + re.escape(piece)
    if _is_word(first[0]):
        # No word before it; said behind the piece, so that `re` looks for the piece itself first,
        # which is five times quicker.
        begins = re.escape(first)
        pattern = rf"{begins}(?<!\w{begins})" + pattern.removeprefix(begins)
    if _is_word(last[-1]):
        pattern += r"(?!\w)"
    search = re.compile(pattern).search
    return lambda text: search(_lowered(text)) is not None


def _is_word(character: str) -> bool:
    return re.match(r"\w", character) is not None


def _lowered(text: str) -> str:
    # Lower case, not folded: the full-text index, which is asked first, keeps "ß" apart from "ss".
    return unicodedata.normalize("NFC", text).lower()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
