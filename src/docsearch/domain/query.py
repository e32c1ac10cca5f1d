"""What was asked: the words, and the filters around them.

In: nothing. Out: `Query` and `Filters`. Does not know the syntax they were typed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CandidateSource(StrEnum):
    """Where the first stage takes its candidates from."""

    DENSE = "dense"
    BM25 = "bm25"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on a chunk and its file; every one that is given must hold.

    `paths` are shell-style patterns or plain parts of the relative path; `extensions` are without
    the dot, in lower case; several paths, or several extensions, are alternatives to each other.
    `after` and `before` bound the document's own day (its front matter's, else the file's
    modification), both inclusive. `excluded` words and required `phrases` are matched on the
    chunk's words, regardless of case.
    """

    paths: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    after: date | None = None
    before: date | None = None
    excluded: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether any condition is set."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Query:
    """A question, taken apart.

    `typed` is what stands in the query line; `words` is what the models read (phrases included,
    filters and exclusions not); `unparsed` lists the pieces that looked like syntax, could not be
    read as such, and are searched as plain text.
    """

    typed: str
    words: str
    filters: Filters = Filters()
    unparsed: tuple[str, ...] = ()
