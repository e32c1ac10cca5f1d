"""How long models took, kept beside the index: a score from the cache takes no time to measure.

In: seconds. Out: the same, in a later run as well. The file may be deleted at any time. Does not
know what was done in them.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from docsearch.domain.fingerprint import fingerprint
from docsearch.domain.foreign import finite, json_value
from docsearch.files import read_file, replace_file

_log = logging.getLogger(__name__)


class KeptTimes:
    """Seconds by `time_key`; written by `save` alone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seconds = _read(file)
        self._is_new = False

    def get(self, key: str) -> float | None:
        """The seconds, None where they were never measured."""
        return self._seconds.get(key)

    def put(self, key: str, seconds: float) -> None:
        """Remember these, in place of what was measured before."""
        self._seconds[key] = seconds
        self._is_new = True

    def save(self) -> None:
        """Write what is new; a disk that cannot be written loses it, no more."""
        if not self._is_new:
            return
        try:
            replace_file(self._file, json.dumps(_read(self._file) | self._seconds).encode())
            self._is_new = False
        except OSError as error:
            _log.warning("The times of rerankings are not kept: %s", error)


def time_key(model: str, query: str) -> str:
    """What is kept of a model and a query: seconds of embedding it, or of a pair with it.

    `model` is the model's fingerprint.
    """
    return fingerprint(model=model, query=query)


def _read(file: Path) -> dict[str, float]:
    try:
        stored = json_value(read_file(file))
    except (OSError, ValueError):
        return {}
    if not isinstance(stored, dict):
        return {}
    numbers = {key: finite(value) for key, value in stored.items()}
    return {key: number for key, number in numbers.items() if number is not None}
