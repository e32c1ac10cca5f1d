"""How fast each reranker reads on this machine, kept between sessions in a small file.

In: batches that were read, with the seconds they took. Out: a `Speed` for each reranker by name,
and which model of that name it was. The file may be deleted at any time, and whatever cannot be
read of it is measured anew. Does not know how a batch is read.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from docsearch.domain.foreign import json_value
from docsearch.domain.speed import Speed
from docsearch.files import make_folder, read_file, replace_file

FADE_SECONDS = 60.0
"""After so many seconds of reading, what was measured before counts half: machines change."""

SAVE_SECONDS = 5.0
"""The file is written after so many seconds of reading, and when everything ends."""

LEAST_PAIRS = 20
"""Fewer pairs tell the time of a model's first breath rather than its speed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Measured:
    fingerprint: str
    speed: Speed


class Speeds:
    """Any thread may use it. Several processes may share the file: the last one to save wins."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._measured = _read(file)
        self._mine: set[str] = set()
        self._unsaved = 0.0

    def record(self, name: str, fingerprint: str, batch: Speed) -> None:
        """A batch was read; what another model of this name did before does not count."""
        with self._lock:
            before = self._measured.get(name)
            speed = batch
            if before is not None and before.fingerprint == fingerprint:
                speed = before.speed.and_more(batch)
            if speed.seconds > FADE_SECONDS:
                speed = speed.faded()
            self._measured[name] = _Measured(fingerprint, speed)
            self._mine.add(name)
            self._unsaved += batch.seconds
            if self._unsaved >= SAVE_SECONDS:
                self._save()

    def known(self) -> Mapping[str, Speed]:
        """The speed of each reranker, by its name, that has been measured for long enough."""
        with self._lock:
            return {
                name: each.speed
                for name, each in self._measured.items()
                if each.speed.pairs >= LEAST_PAIRS
            }

    def fingerprint(self, name: str) -> str | None:
        """That of the reranker of this name when it last read; None where it never has."""
        with self._lock:
            measured = self._measured.get(name)
            return None if measured is None else measured.fingerprint

    def save(self) -> None:
        """Keep what is not kept yet; a disk that cannot be written loses it, no more."""
        with self._lock:
            if self._unsaved:
                self._save()

    def _save(self) -> None:
        self._unsaved = 0.0
        others = {name: each for name, each in _read(self._file).items() if name not in self._mine}
        merged = others | {name: self._measured[name] for name in self._mine}
        rows = {name: _row(each) for name, each in merged.items()}
        try:
            make_folder(self._file.parent)
            replace_file(self._file, json.dumps(rows).encode())
        except OSError as error:
            _log.warning("The rerankers' speeds are not kept: %s", error)


def _row(measured: _Measured) -> list[str | float]:
    speed = measured.speed
    return [measured.fingerprint, float(speed.pairs), float(speed.tokens), speed.seconds]


def _read(file: Path) -> dict[str, _Measured]:
    try:
        stored = json_value(read_file(file))
    except (OSError, ValueError):
        return {}
    if not isinstance(stored, dict):
        return {}
    read = {name: _measured(row) for name, row in stored.items()}
    return {name: each for name, each in read.items() if each is not None}


def _measured(row: object) -> _Measured | None:
    match row:
        case [str(fingerprint), float(pairs), float(tokens), float(seconds)]:
            whole = all(math.isfinite(each) and each > 0 for each in (pairs, tokens, seconds))
            return _Measured(fingerprint, Speed(pairs, tokens, seconds)) if whole else None
        case _:
            return None
