"""Files that are written where one works, under names that nothing had.

In: a folder; a picture. Out: files. Raises OSError.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from os.path import lexists
from pathlib import Path

SLOPES = "docsearch-slopes"


def unused(folder: Path, stem: str, suffixes: Sequence[str]) -> tuple[Path, ...]:
    """Files of one stem, one for each suffix, none of which is there yet."""
    for number in count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        files = tuple(folder / (name + suffix) for suffix in suffixes)
        if not any(lexists(file) for file in files):
            return files
    raise AssertionError("numbers do not end")


def export(svg: str, folder: Path) -> Path:
    """Write the picture; a file that is there already is never written over."""
    (file,) = unused(folder, SLOPES, [".svg"])
    with file.open("x", encoding="utf-8") as stream:
        stream.write(svg)
    return file
