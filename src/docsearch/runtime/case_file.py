"""One answer kept in a file: what was asked, what came of it, and all that it depended on.

In: a result, what was measured of it, and the facts. Out: data for JSON, and files that are whole
or not there. Does not know how a case is run again (see `replay.py`).
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile

from docsearch.domain.errors import CaseError
from docsearch.domain.explanation import Inspection, Movement
from docsearch.domain.ranking import SearchResult
from docsearch.runtime.as_data import (
    Data,
    inspection_as_data,
    movement_as_data,
    result_as_data,
)
from docsearch.runtime.case_facts import CaseFacts
from docsearch.runtime.case_page import page

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
    if not file.parent.is_dir():
        raise CaseError(f"{file} cannot be written: there is no folder {file.parent}.")
    if not force and os.path.lexists(file):
        raise CaseError(f"{file} is there already; --force replaces it.")


def write_case(
    file: Path,
    result: SearchResult,
    inspection: Inspection | None,
    movement: Movement | None,
    facts: CaseFacts,
    *,
    with_text: bool,
    force: bool = False,
) -> None:
    """Write the case as JSON or as a page, by the file's suffix; whole or not at all.

    An existing file is replaced only with `force`. Raises CaseError.
    """
    require_place(file, force=force)
    if file.suffix.lower() == ".json":
        data = case(result, inspection, movement, facts, with_text=with_text)
        text = json.dumps(data, indent=1)
    else:
        text = page(result, inspection, movement, facts, with_text=with_text)
    _write(file, text, force)


def _write(file: Path, text: str, force: bool) -> None:
    try:
        with NamedTemporaryFile(
            "w", dir=file.parent, prefix=f".{file.name}.", encoding="utf-8", delete=False
        ) as draft:
            try:
                draft.write(text)
                draft.flush()
                os.fsync(draft.fileno())
                _put(Path(draft.name), file, force)
            finally:
                with suppress(FileNotFoundError):
                    Path(draft.name).unlink()
    except FileExistsError:
        raise CaseError(f"{file} is there already; --force replaces it.") from None
    except OSError as error:
        raise CaseError(f"{file} cannot be written: {error.strerror}.") from error


def _put(draft: Path, file: Path, force: bool) -> None:
    if not force:
        # Takes the name, and fails where it is taken, also where it was a moment ago.
        file.touch(exist_ok=False)
    draft.replace(file)
