"""What people said of passages: how well they answer a query.

In: nothing. Out: `Judgment`, where it stands now (`Placed`), and `Judged`, queries with the grades
of what was judged for them. Does not know where judgments are kept, or what is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from docsearch.domain.document import StoredChunk, content_hash


class Grade(IntEnum):
    """How well a passage answers; its number is the gain that NDCG counts."""

    NOT_RELEVANT = 0
    RELEVANT = 1
    HIGHLY_RELEVANT = 2

    @property
    def sign(self) -> str:
        """`-`, `+` or `++`, as it is typed and shown."""
        return ("-", "+", "++")[self]


def query_key(typed: str) -> str:
    """What a query is kept under: the words as typed, each white space one blank."""
    return " ".join(typed.split())


@dataclass(frozen=True, slots=True)
class Judgment:
    """One person's grade of one passage for one query, by the passage's text.

    `query` is a `query_key`. `text` is the whole passage as it was read, `path` the file it was in:
    so the judgment outlives the chunk.
    """

    query: str
    text: str
    path: str
    grade: Grade

    @classmethod
    def of(cls, typed: str, passage: StoredChunk, grade: Grade) -> Judgment:
        """The judgment of a passage of the index."""
        return cls(query_key(typed), passage.chunk.text, passage.path, grade)

    @property
    def content_hash(self) -> bytes:
        """The 32-byte hash of the passage; with the query, what the judgment is kept under."""
        return content_hash(self.text)


@dataclass(frozen=True, slots=True)
class Placed:
    """A judgment and the passage that it is of now; None where none is like it.

    `overlap` is the share of the shorter of the two texts that both have, in [0, 1]; below 1 the
    passage was cut or written otherwise since, and the judgment has been moved to it.
    """

    judgment: Judgment
    passage: StoredChunk | None
    overlap: float = 1.0
    is_moved: bool = False


class Level(StrEnum):
    """What a judgment grades: a passage of the index, or a whole document."""

    PASSAGE = "passage"
    DOCUMENT = "document"


Grades = Mapping[str, Mapping[str, int]]
"""By query id, then by document id: a grade of at least 1 is relevant."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Queries by id and the grades of each; only queries that have grades are in `grades`.

    At the level of passages an id is the passage's content hash in hex; at that of documents it is
    the file's path, or the collection's own name for it. `syntax` is whether the queries were typed
    into the query line, so that `path:` and the like mean something. `notices` say what was left
    out, for a person.
    """

    origin: str
    level: Level
    queries: Mapping[str, str]
    grades: Grades
    syntax: bool = False
    notices: tuple[str, ...] = field(default=())

    @property
    def judgments(self) -> int:
        """How many (query, document) pairs have a grade."""
        return sum(map(len, self.grades.values()))
