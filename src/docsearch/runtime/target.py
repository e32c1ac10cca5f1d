"""`FILE` or `FILE:LINE`, as a person types it -> a path in the searched folder, and a line.

In: what was typed, the folder, and where the person stands. Out: a path relative to the folder, and
what the folder has there. Does not know what the index holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from docsearch.domain.document import Skipped, SourceFile
from docsearch.domain.errors import UsageError
from docsearch.ingest.discover import look
from docsearch.ingest.safe_open import NotReadableError, read_regular

_WITH_LINE = re.compile(r"(?P<file>.+):(?P<line>[0-9]{1,9})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Target:
    """`path` is relative to the folder, with forward slashes; `line` counts from 1."""

    path: str
    line: int | None = None


def find_target(typed: str, folder: Path, here: Path, is_indexed: Callable[[str], bool]) -> Target:
    """What `typed` names: a path that is absolute, or relative to `folder` or else to `here`.

    The first reading that names something wins; where none does, it is a path in the folder that is
    not there. Raises UsageError for a folder, and for what lies outside of `folder`.
    """
    if not typed or "\0" in typed:
        raise UsageError("The target names no file.")
    inside = [
        Target(path, line)
        for base in (folder, here)
        for name, line in _readings(typed)
        if (path := _relative(base / name, folder)) is not None
    ]
    if not inside:
        raise UsageError(f"{typed} is not in the folder {folder}.")
    there = (each for each in inside if is_indexed(each.path) or _exists(folder, each.path))
    found = next(there, min(inside, key=lambda each: each.line is None))
    if found.path == "." or (folder / found.path).is_dir():
        raise UsageError(f"{typed} is a folder; name a file in it.")
    if found.line == 0:
        raise UsageError(f"{typed} names line 0; lines count from 1.")
    return found


def entry_at(folder: Path, path: str, max_file_bytes: int) -> SourceFile | Skipped | None:
    """What a scan of the folder makes of the path; None where there is nothing.

    Below a folder that is left out, it is the reason to leave that out.
    """
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        area = "/".join(parts[:depth])
        first = next(look(folder, {area}, max_file_bytes), None)
        if first is not None and first.path.rstrip("/") == area:
            below_a_file = isinstance(first, SourceFile) and area != path
            return None if below_a_file else first
    return None


def line_count(folder: Path, path: str, max_file_bytes: int) -> int | None:
    """Lines of the file at `path`; None where it cannot be read."""
    try:
        data = read_regular(folder, path, max_file_bytes).data
    except (NotReadableError, FileNotFoundError):
        return None
    return data.count(b"\n") + (not data.endswith(b"\n"))


def _readings(typed: str) -> Iterator[tuple[str, int | None]]:
    """A name may itself end in a colon and a number, so the whole comes first."""
    yield typed, None
    if match := _WITH_LINE.fullmatch(typed):
        yield match["file"], int(match["line"])


def _relative(path: Path, folder: Path) -> str | None:
    # Links are followed only where the words as they stand lead out of the folder: one inside it is
    # left out of the index for a reason that is to be told.
    for each in (os.path.normpath(path), os.path.realpath(path)):
        if Path(each).is_relative_to(folder):
            return Path(each).relative_to(folder).as_posix()
    return None


def _exists(folder: Path, path: str) -> bool:
    return os.path.lexists(folder / path)
