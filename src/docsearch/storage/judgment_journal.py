"""The journal of judgments: a text file, a line of JSON for each, that any program can read.

In: numbered changes. Out: the same, as many as can be read. Does not know SQLite.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from docsearch.domain.errors import IndexStoreError
from docsearch.domain.judgment import Grade, Judgment
from docsearch.storage.layout import FILE_MODE

_GRADES = frozenset(Grade)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: `number` counts them from 1, `grade` is None where a grade was cleared."""

    number: int
    query: str
    text: str
    path: str
    grade: int | None

    @classmethod
    def of(cls, judgment: Judgment, *, cleared: bool = False) -> Entry:
        """The change that puts or clears this; not numbered yet."""
        grade = None if cleared else int(judgment.grade)
        return cls(0, judgment.query, judgment.text, judgment.path, grade)

    def numbered(self, number: int) -> Entry:
        """The same under its number."""
        return replace(self, number=number)


@dataclass(frozen=True, slots=True)
class Held:
    """What a journal holds up to its last `number`; `is_torn` where a line could not be read."""

    entries: tuple[Entry, ...] = ()
    number: int = 0
    is_torn: bool = False


class JudgmentJournal:
    """One file; whoever writes it holds the catalog's write lock."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Held:
        """All that can be read; a file that is not there holds nothing. Raises IndexStoreError."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return Held()
        except OSError as error:
            raise self._refused(error) from error
        entries, number, is_torn = [], 0, bool(data) and not data.endswith(b"\n")
        for line in data.splitlines():
            found = _entry(line)
            if found is None:
                is_torn = True
                continue
            number = max(number, found.number)
            if found.query:
                entries.append(found)
        return Held(tuple(entries), number, is_torn)

    def append(self, entries: Sequence[Entry]) -> None:
        """Add these, and see them onto the disk. Raises IndexStoreError."""
        data = b"".join(map(_line, entries))
        try:
            with os.fdopen(os.open(self._path, _APPEND, FILE_MODE), "ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._refused(error) from error

    def rewrite(self, entries: Sequence[Entry], number: int) -> None:
        """Hold exactly these, as of change `number`. What could not be read is kept aside.

        Raises IndexStoreError.
        """
        draft = self._path.with_name(f".{self._path.name}.new")
        # A line without a query: only up to where the journal reaches.
        data = b"".join(map(_line, [*entries, Entry(number, "", "", "", None)]))
        try:
            with os.fdopen(os.open(draft, _REPLACE, FILE_MODE), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileNotFoundError):
                self._path.replace(self._path.with_name(f"{self._path.name}.before"))
            draft.replace(self._path)
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> IndexStoreError:
        return IndexStoreError(
            f"The journal of judgments {self._path} cannot be read or written: {error.strerror}. "
            "Make it and its directory writable, free some space, or use another --data-dir."
        )


_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT
_REPLACE = os.O_WRONLY | os.O_TRUNC | os.O_CREAT


def _line(entry: Entry) -> bytes:
    # With \u escapes: a lone surrogate of a path that is not UTF-8 comes back as it was.
    facts = {
        "number": entry.number,
        "query": entry.query,
        "grade": entry.grade,
        "path": entry.path,
        "text": entry.text,
    }
    return json.dumps(facts).encode() + b"\n"


def _entry(line: bytes) -> Entry | None:
    try:
        facts = json.loads(line)
        found = Entry(facts["number"], facts["query"], facts["text"], facts["path"], facts["grade"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    texts = (found.query, found.text, found.path)
    whole = type(found.number) is int and all(isinstance(each, str) for each in texts)
    graded = found.grade is None or (type(found.grade) is int and found.grade in _GRADES)
    return found if whole and graded else None
