"""One answer kept in a file: what was asked, what came of it, and all that it depended on.

In: a result, what was measured of it, and the facts. Out: data for JSON, and files that are whole
or not there. Does not know how a case is run again (see `replay.py`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from docsearch.cases.facts import CaseFacts
from docsearch.cases.page import page
from docsearch.domain.errors import CaseError
from docsearch.domain.explanation import Inspection, Movement
from docsearch.domain.ranking import SearchResult
from docsearch.explain.slope_svg import slope_svg
from docsearch.files import draft, put_in_place
from docsearch.presentation.as_data import (
    Data,
    inspection_as_data,
    movement_as_data,
    result_as_data,
)

SUFFIXES = (".json", ".html", ".htm")

FORM = 1
"""Of the JSON. A reader refuses a form that it does not know."""


def case(
    result: SearchResult,
    inspection: Inspection | None,
    movement: Movement | None,
    facts: CaseFacts,
    *,
    with_text: bool,
) -> Data:
    """The case as data; without `with_text`, no word of any document is in it.

    Paths and the query are.
    """
    return {
        "docsearch_case": FORM,
        **asdict(facts),
        **result_as_data(result, with_text=with_text),
        "movement": movement and movement_as_data(movement),
        "inspection": inspection and inspection_as_data(inspection, with_text=with_text),
    }


def require_place(file: Path, *, force: bool) -> None:
    """Raise CaseError where `write_case` would, as far as can be told beforehand."""
    if file.suffix.lower() not in SUFFIXES:
        raise CaseError(f"{file} ends in neither .json nor .html; the name says which to make.")
    _require_free(file, force)


def _require_free(file: Path, force: bool) -> None:
    if not file.parent.is_dir():
        raise CaseError(f"{file} cannot be written: there is no folder {file.parent}.")
    if not force and os.path.lexists(file):
        raise CaseError(f"{file} is there already; --force replaces it.")


def write_case(
    files: Sequence[Path],
    result: SearchResult,
    inspection: Inspection | None,
    movement: Movement | None,
    facts: CaseFacts,
    *,
    with_text: bool,
    force: bool = False,
) -> None:
    """Write the case as JSON or as a page, by each file's suffix; all files whole, or none.

    An existing file is replaced only with `force`. Raises CaseError.
    """
    texts = {}
    for file in files:
        require_place(file, force=force)
        if file.suffix.lower() == ".json":
            data = case(result, inspection, movement, facts, with_text=with_text)
            texts[file] = json.dumps(data, indent=1)
        else:
            texts[file] = page(result, inspection, movement, facts, with_text=with_text)
    _write(texts, force)


def require_picture(file: Path, *, force: bool) -> None:
    """Raise CaseError where `write_picture` would, as far as can be told beforehand."""
    if file.suffix.lower() != ".svg":
        raise CaseError(f"{file} does not end in .svg; of a whole list its slope graph is kept.")
    _require_free(file, force)


def write_picture(files: Sequence[Path], result: SearchResult, *, force: bool = False) -> None:
    """Write the slope graph of the whole list; all files whole, or none. Raises CaseError."""
    picture = slope_svg(result)
    _write(dict.fromkeys(files, picture), force)


def _write(texts: Mapping[Path, str], force: bool) -> None:
    drafts: dict[Path, Path] = {}
    try:
        for file, text in texts.items():
            with _refusals(file):
                drafts[file] = draft(file, text.encode())
        if not force:
            _take(list(texts))
        for file, written in drafts.items():
            with _refusals(file):
                put_in_place(written, file)
    finally:
        for written in drafts.values():
            written.unlink(missing_ok=True)


def _take(files: Sequence[Path]) -> None:
    """Take every name or none: one that is taken, if only a moment ago, is left alone."""
    taken: list[Path] = []
    try:
        for file in files:
            with _refusals(file):
                file.touch(exist_ok=False)
            taken.append(file)
    except CaseError:
        for file in taken:
            file.unlink(missing_ok=True)
        raise


@contextmanager
def _refusals(file: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise CaseError(f"{file} is there already; --force replaces it.") from None
    except OSError as error:
        raise CaseError(f"{file} cannot be written: {error.strerror}.") from error
