"""A picture into a file of its own.

In: the picture and a folder. Out: the file, under a name that nothing had. Raises OSError.
"""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path

STEM, SUFFIX = "docsearch-slopes", ".svg"


def export(svg: str, folder: Path) -> Path:
    """Write the picture; a file that is there already is never written over."""
    for addition in chain([""], (f"-{number}" for number in count(2))):
        file = folder / f"{STEM}{addition}{SUFFIX}"
        try:
            with file.open("x", encoding="utf-8") as stream:
                stream.write(svg)
        except FileExistsError:
            continue
        return file
    raise AssertionError("numbers do not end")
