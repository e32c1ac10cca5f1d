"""A real folder and a pipeline over it, with everything else in memory."""

from __future__ import annotations

import itertools
import os
import pickle
import re
import signal
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from threading import Event

from docsearch.domain.document import ExtractedText, Location, Segment, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.domain.progress import IndexProgress
from docsearch.domain.settings import Settings
from docsearch.ingest.pipeline import IngestPipeline, Preparing
from docsearch.ingest.prepare import Preparer
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.library import MemoryLibrary
from tests.fakes.preparing import PreparingHere
from tests.fakes.token_counter import FakeTokenCounter

SETTINGS = Settings(chunk_tokens=32, overlap_tokens=0, max_file_bytes=10_000)


class Foreign:
    """Would run a command where it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch sprung",)


def _framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(8, "big") + payload


FORGERIES = {
    "pickle": _framed(b"S" + pickle.dumps(Foreign())),
    "other": _framed(b'S["prepared",[1,1,1,1,0],"00","x",[null,[],null,[]],[],[]]'),
    "length": (1 << 62).to_bytes(8, "big") + b"S",
    "truncated": (1000).to_bytes(8, "big") + b'S["gone"]',
}
"""What a worker that a file has taken over may say, by name; see `say_to_the_keeper`."""


def say_to_the_keeper(what: bytes) -> None:
    """Write it to every pipe of this process in place of an answer, and do not come back."""
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if stat.S_ISFIFO(each.stat().st_mode) and int(each.name) > 2:
                os.write(int(each.name), what)
    Event().wait()


class ParagraphReaders:
    """Text with a segment for each paragraph; `read_names` records what it was given."""

    fingerprint = "paragraphs-1"

    def __init__(self) -> None:
        self.read_names: list[str] = []

    def read(self, data: bytes, name: str) -> tuple[str, ExtractedText]:
        self.read_names.append(name)
        if data.startswith(b"BROKEN"):
            raise ReaderError("broken on purpose")
        if data.startswith(b"BUG"):
            raise ZeroDivisionError("oh")
        if data.startswith(b"CRASH"):
            os.kill(os.getpid(), signal.SIGSEGV)
        if data.startswith(b"HANG"):
            Event().wait()
        if data.startswith(b"BUSY"):
            re.fullmatch("(a|a)*b", "a" * 64)
        if data.startswith(b"GREEDY"):
            bytearray(10**12)
        if data.startswith(b"GROWING"):
            kept = []
            while True:
                kept.append(bytearray(10_000_000))
        if data.startswith(b"LEAVE"):
            sys.exit(3)
        if data.startswith(b"CHATTY"):
            os.write(1, b"a library has something to say\n")
        if data.startswith(b"FORGE"):
            say_to_the_keeper(FORGERIES[data.decode().partition("FORGE ")[2]])
        if data.startswith(b"HUGE"):
            raise MemoryError
        text = data.decode("utf-8", "surrogateescape")
        segments, start = [], 0
        for paragraph in text.split("\n\n"):
            place = Location(line=text.count("\n", 0, start) + 1)
            end = start + len(paragraph)
            segments.append(Segment(start, end, SegmentKind.PARAGRAPH, (), place))
            start = end + 2
        return "paragraphs", ExtractedText(text, tuple(segments))


class Workshop:
    """`folder` and what is built from it; small chunks, so that a paragraph makes one.

    Every file is `age_ns` old when it is read.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], float] | None = None,
        pool: Preparing | None = None,
    ) -> None:
        self.folder = folder
        self.age_ns = 60_000_000_000
        self.readers = ParagraphReaders()
        self.embedder = FakeEmbedder()
        self.library = MemoryLibrary()
        self.reports: list[IndexProgress] = []
        ticks = itertools.count()
        self.here = PreparingHere(
            Preparer(folder, self.readers, FakeTokenCounter(), SETTINGS, self._later)
        )
        self.pipeline = IngestPipeline(
            folder,
            pool or self.here,
            self.embedder,
            self.library,
            SETTINGS,
            clock or (lambda: float(next(ticks))),
            self._later,
            lambda path: PurePosixPath(path).suffix,
        )

    def _later(self) -> int:
        return time.time_ns() + self.age_ns

    def write(self, path: str, text: str | bytes) -> Path:
        target = Path(os.path.join(self.folder, path))  # noqa: PTH118 - odd names stay as they are
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def catch_up(self, stop: Callable[[], bool] = lambda: False) -> list[str]:
        """What had to be embedded."""
        return self._embedded_by(lambda: self.pipeline.catch_up(stop, self.reports.append))

    def apply(self, *paths: str) -> list[str]:
        """What had to be embedded."""
        return self._embedded_by(
            lambda: self.pipeline.apply(set(paths), lambda: False, self.reports.append)
        )

    def _embedded_by(self, work: Callable[[], None]) -> list[str]:
        before = len(self.embedder.embedded)
        work()
        return sorted(self.embedder.embedded[before:])

    def index(self) -> dict[str, list[str]]:
        """The text of each file's chunks."""
        ids = [int(each) for batch, _ in self.library.vectors() for each in batch]
        texts: dict[str, list[str]] = {path: [] for path in self.library.files()}
        for stored in sorted(self.library.chunks(ids), key=lambda each: each.chunk.ordinal):
            texts[stored.path].append(stored.chunk.text)
        return texts

    def reasons(self) -> dict[str, str]:
        return {each.path: each.reason for each in self.library.skipped()}


def paragraph(word: str, length: int = 24) -> str:
    """One that fills a chunk, so that the next paragraph is a chunk of its own."""
    return " ".join([word] * length) + "."
