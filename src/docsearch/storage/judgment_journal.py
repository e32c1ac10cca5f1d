"""The journal of judgments: a text file, a line of JSON for each, that any program can read.

In: numbered changes. Out: the same, as many as can be read. Does not know SQLite.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path

from docsearch.domain.errors import IndexStoreError
from docsearch.domain.foreign import json_value
from docsearch.domain.judgment import Grade, Judgment
from docsearch.files import FILE_MODE, read_file, replace_file, sync_folder
from docsearch.storage.failures import may_pass

_GRADES = frozenset(Grade)
_START = b'{"number": '
"""How each line begins. Within a line it cannot stand: there, quotes have a backslash."""


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


@dataclass(frozen=True, slots=True)
class Appended:
    """Where in the journal some lines stand: bytes from `start` to `end`."""

    start: int
    end: int


class JudgmentJournal:
    """One file; whoever writes it holds the catalog's write lock."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Held:
        """All that can be read; a file that is not there holds nothing. Raises IndexStoreError."""
        try:
            data = read_file(self._path, None)
        except FileNotFoundError:
            return Held()
        except OSError as error:
            raise self._refused(error) from error
        entries, number, is_torn = [], 0, bool(data) and not data.endswith(b"\n")
        for line in data.split(b"\n"):
            if not line.strip():  # taken back, see `take_back`
                continue
            found = _entry(line)
            if found is None:
                is_torn = True
                found = _entry(line[max(0, line.rfind(_START)) :])
            if found is None:
                continue
            number = max(number, found.number)
            if found.query:
                entries.append(found)
        return Held(tuple(entries), number, is_torn)

    def append(self, entries: Sequence[Entry]) -> Appended:
        """Add these, and see them onto the disk; all or none. Raises IndexStoreError."""
        data = b"".join(map(_line, entries))
        try:
            is_new = not self._path.exists()
            self._path.touch(FILE_MODE)
            # Not buffered: what could not be written would be tried again by closing.
            with self._path.open("r+b", buffering=0) as file:
                start = file.seek(0, os.SEEK_END)
                if start:
                    file.seek(start - 1)
                    # A line that was left half written is not gone on with.
                    data = data if file.read(1) == b"\n" else b"\n" + data
                try:
                    unwritten = memoryview(data)
                    while unwritten:
                        unwritten = unwritten[file.write(unwritten) :]
                    os.fsync(file.fileno())
                except OSError:
                    _cut(file, start)
                    raise
            if is_new:
                sync_folder(self._path.parent)
        except OSError as error:
            raise self._refused(error) from error
        return Appended(start, start + len(data))

    def take_back(self, appended: Appended) -> None:
        """These lines were refused after all: they must not come back. Raises IndexStoreError.

        Blanked where others have been added behind them.
        """
        try:
            with self._path.open("r+b") as file:
                if file.seek(0, os.SEEK_END) == appended.end:
                    file.truncate(appended.start)
                else:
                    file.seek(appended.start)
                    file.write(b" " * (appended.end - appended.start - 1) + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._refused(error) from error

    def rewrite(self, entries: Sequence[Entry], number: int) -> None:
        """Hold exactly these, as of change `number`. What it held until then is kept beside it.

        Raises IndexStoreError.
        """
        # A line without a query: only up to where the journal reaches.
        data = b"".join(map(_line, [*entries, Entry(number, "", "", "", None)]))
        try:
            with suppress(FileNotFoundError):
                before = read_file(self._path, None)
                replace_file(self._path.with_name(f"{self._path.name}.before"), before)
            replace_file(self._path, data)
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> IndexStoreError:
        return IndexStoreError(
            f"The journal of judgments {self._path} cannot be read or written: {error.strerror}. "
            "Make it and its directory writable, free some space, or use another --data-dir.",
            passing=may_pass(error),
        )


def _cut(file: FileIO, length: int) -> None:
    """Back to its length before; where that fails too, the next line at least begins with one."""
    with suppress(OSError):
        file.truncate(length)
        os.fsync(file.fileno())


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
        facts = json_value(line)
        found = Entry(facts["number"], facts["query"], facts["text"], facts["path"], facts["grade"])
    except (ValueError, KeyError, TypeError):
        return None
    texts = (found.query, found.text, found.path)
    whole = type(found.number) is int and all(isinstance(each, str) for each in texts)
    graded = found.grade is None or (type(found.grade) is int and found.grade in _GRADES)
    return found if whole and graded else None
