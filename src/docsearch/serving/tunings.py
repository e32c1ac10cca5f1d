"""How each model is run on this machine, kept between sessions in a small file.

In: the outcome of tuning. Out: the choice for a model by name, the reference where there is none.
What another machine, other weights or other libraries were measured with does not count here and
stays in the file. The file may be deleted at any time, and whatever cannot be read of it is
measured anew. Does not know how anything is measured.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from docsearch.domain.errors import ModelError
from docsearch.domain.fingerprint import fingerprint
from docsearch.domain.foreign import json_value
from docsearch.domain.model import ModelFile
from docsearch.domain.runtime import REFERENCE, RuntimeChoice
from docsearch.domain.tuning import Agreement, Trial, Tuning
from docsearch.files import make_folder, read_file, replace_file
from docsearch.models.cores import usable_cores

LIBRARIES = ("torch", "sentence-transformers", "transformers", "openvino")

_CPU_INFO = Path("/proc/cpuinfo")
_TELLING = ("model name", "flags", "Features", "CPU implementer", "CPU part")


@cache
def machine_fingerprint() -> str:
    """Of the processor's name and abilities, the cores there are to use, and the libraries."""
    libraries = {name: _version(name) for name in LIBRARIES}
    return fingerprint(
        system=platform.system(),
        machine=platform.machine(),
        processor=_processor(),
        cores=usable_cores(),
        **libraries,
    )


def _processor() -> str:
    """What Linux tells of the first core; elsewhere the name that Python knows."""
    try:
        first, *_ = _CPU_INFO.read_text("utf-8", errors="replace").split("\n\n")
    except OSError:
        return platform.processor()
    return "\n".join(line for line in first.splitlines() if line.startswith(_TELLING))


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


MOST_KEPT = 200
"""Older ones go: of models, machines and libraries that have been replaced."""

_FORMAT = 2
"""Raise it when what was measured before is to be measured anew."""

FilesOf = Callable[[str], tuple[ModelFile, ...]]
"""The files of a model with their hashes, by its name. Raises ModelError where it is not here."""


class Tunings:
    """Any thread may use it. Several processes may share the file: what one keeps, all see."""

    def __init__(self, file: Path, files_of: FilesOf) -> None:
        self._file = file
        self._files_of = files_of

    def of(self, name: str) -> Tuning | None:
        """What was measured of this very model on this very machine, None where nothing was."""
        try:
            row = _rows(self._file).get(self._key(name))
        except ModelError:
            return None
        return _tuning(row)

    def choice(self, name: str) -> RuntimeChoice:
        """How to run the model: the reference until something else is known to be better."""
        tuning = self.of(name)
        return REFERENCE if tuning is None else tuning.kept.choice

    def keep(self, tuning: Tuning) -> None:
        """Use what was measured from now on. Raises ModelError where it cannot be written."""
        key = self._key(tuning.model)
        others = {each: row for each, row in _rows(self._file).items() if each != key}
        kept = dict([*others.items(), (key, _row(tuning))][-MOST_KEPT:])
        try:
            make_folder(self._file.parent)
            replace_file(self._file, json.dumps(kept, indent=1).encode())
        except OSError as error:
            raise ModelError(
                f"What was measured of {tuning.model} cannot be kept in {self._file}: "
                f"{error.strerror or error}."
            ) from error

    def _key(self, name: str) -> str:
        hashes = {f"file {file.name}": file.sha256 for file in self._files_of(name)}
        return fingerprint(format=_FORMAT, model=name, machine=machine_fingerprint(), **hashes)


def _rows(file: Path) -> dict[str, Any]:
    try:
        stored = json_value(read_file(file))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _row(tuning: Tuning) -> dict[str, Any]:
    return {"model": tuning.model, "trials": [trial_as_data(each) for each in tuning.trials]}


def trial_as_data(trial: Trial) -> dict[str, Any]:
    """A trial as it is kept, and shown as JSON; what was not measured is None."""
    agreement = trial.agreement or Agreement()
    return {
        "choice": str(trial.choice),
        "seconds": trial.seconds,
        "times_as_fast": trial.times_as_fast,
        "compared": trial.agreement is not None,
        "overlap": agreement.overlap,
        "ndcg_change": agreement.ndcg_change,
        "least_cosine": agreement.least_cosine,
        "problem": trial.problem,
    }


def _tuning(row: object) -> Tuning | None:
    match row:
        case {"model": str(model), "trials": [_, *_] as rows}:
            trials = tuple(_trial(each) for each in rows)
            known = tuple(each for each in trials if each is not None)
            if len(known) == len(trials) and known[0].choice == REFERENCE:
                return Tuning(model, known)
    return None


def _trial(row: object) -> Trial | None:
    if not isinstance(row, dict):
        return None
    numbers = [
        row.get(name)
        for name in ("seconds", "times_as_fast", "overlap", "ndcg_change", "least_cosine")
    ]
    finite = all(
        each is None or (isinstance(each, float) and math.isfinite(each)) for each in numbers
    )
    match row:
        case {
            "choice": str(choice),
            "compared": bool(compared),
            "problem": None | str() as problem,
        } if finite:
            with suppress(ValueError):
                seconds, speed, *agreement = numbers
                return Trial(
                    RuntimeChoice.parse(choice),
                    seconds,
                    speed,
                    Agreement(*agreement) if compared else None,
                    problem,
                )
    return None
