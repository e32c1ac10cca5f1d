"""How far indexing is, and how the folder is watched.

In: nothing. Out: snapshots that replace each other. Does not know who does the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """What the index worker is at."""

    STARTING = "starting"
    SCANNING = "scanning"
    INDEXING = "indexing"
    READY = "ready"
    READ_ONLY = "read-only"
    WAITING = "waiting"
    STOPPED = "stopped"
    FAILED = "failed"


class WatchMode(StrEnum):
    """How changes of the folder are noticed."""

    OFF = "off"
    NATIVE = "watching"
    POLLING = "polling"


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """A snapshot of the index and of the work on it.

    `files_done` and `files_total` count the files of the work at hand, `chunks_done` the chunks
    committed by it, `chunks_embedded` those of them that the model had to read. `files` and
    `chunks` are what the index holds, at `generation` of the catalog. `chunks_per_second` and
    `seconds_left` are None while too little is known. `notice` is a sentence for the user: why it
    is read-only, polling, failed, or waiting, and since when. An index that waits answers as it
    was, and is brought in step as soon as that can be.
    """

    phase: Phase = Phase.STARTING
    files_done: int = 0
    files_total: int = 0
    chunks_done: int = 0
    chunks_embedded: int = 0
    files: int = 0
    chunks: int = 0
    skipped: int = 0
    generation: int = 0
    chunks_per_second: float | None = None
    seconds_left: float | None = None
    watch: WatchMode = WatchMode.OFF
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """Bytes of a model that have arrived; `total` is None until the hub has told the size."""

    model: str
    file: str
    received: int
    total: int | None
