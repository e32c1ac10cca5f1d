"""What everything read from a file promises, checked where it is read, and what reading it took.

In: how a preparer is made. Out: one that does the same, with a reason that starts with `BROKEN` in
place of an outcome that breaks a promise, and that notes seconds and peak memory of each file in
`notes`, a line of JSON each. Runs in the process that reads.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from docsearch.domain.document import Chunk, ExtractedText, Location
from docsearch.domain.encodable import encodable
from docsearch.domain.settings import Settings
from docsearch.ingest.prepare import Job, Outcome, Prepared, Preparer, Unusable
from docsearch.readers.registry import ReaderRegistry, default_readers
from tests.fakes.token_counter import FakeTokenCounter

BROKEN = "a promise is broken: "
_LINE_END = re.compile(rb"\r\n|\r|\n")


class BrokenPromiseError(Exception):
    """What a reader or the chunker gave is not what it says it gives."""


@dataclass(frozen=True, slots=True)
class MakeChecked:
    """Called where the preparer is to be. The tokenizer is a stand-in: nothing is downloaded."""

    folder: Path
    notes: Path

    def __call__(self) -> Preparer:
        """The preparer that checks."""
        return CheckedPreparer(self.folder, self.notes)


class _CheckedReaders:
    """The readers of docsearch; what they read last stays at hand."""

    def __init__(self) -> None:
        self._readers: ReaderRegistry = default_readers()
        self.data, self.extracted = b"", ExtractedText("", ())

    @property
    def fingerprint(self) -> str:
        return self._readers.fingerprint

    def read(self, data: bytes, name: str) -> tuple[str, ExtractedText]:
        form, extracted = self._readers.read(data, name)
        self.data, self.extracted = data, extracted
        check_extracted(extracted, data)
        return form, extracted


class CheckedPreparer(Preparer):
    """A preparer that keeps account."""

    def __init__(self, folder: Path, notes: Path) -> None:
        self._checked, self._limits = _CheckedReaders(), Settings()
        super().__init__(folder, self._checked, FakeTokenCounter(), self._limits)
        self._notes = notes

    def prepare(self, job: Job, in_hand: Callable[[bytes], None] = lambda _: None) -> Outcome:
        """See `Preparer`."""
        _forget_peak()
        began = time.process_time()
        outcome = super().prepare(job, in_hand)
        note = {"path": job.source.path, "seconds": time.process_time() - began, "peak": _peak()}
        with self._notes.open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(note) + "\n")
        if isinstance(outcome, Prepared):
            try:
                self._check(outcome)
            except (BrokenPromiseError, UnicodeError) as error:
                return Unusable(job.source, f"{BROKEN}{error}")
        return outcome

    def _check(self, outcome: Prepared) -> None:
        rest = outcome.extracted
        for word in (rest.title or "", *rest.tags, *rest.losses):
            word.encode()
        is_whole = not any(each.startswith("only the first ") for each in rest.losses)
        text = encodable(self._checked.extracted.text)
        check_chunks(outcome.chunks, text, is_whole=is_whole)
        for chunk in outcome.chunks:
            if chunk.token_count > self._limits.chunk_tokens and len(chunk.text) > 1:
                raise BrokenPromiseError(f"chunk {chunk.ordinal} has {chunk.token_count} tokens")
            for place in (chunk.place_at(0), chunk.place_at(len(chunk.text) - 1)):
                _check_place(place.location, self._checked.data)


def check_extracted(extracted: ExtractedText, data: bytes) -> None:
    """Segments are in order, within the text, cover it, and stand where the file is."""
    text = extracted.text
    covered = 0
    lines = 0
    for segment in extracted.segments:
        if not covered <= segment.start < segment.end <= len(text):
            raise BrokenPromiseError(
                f"a segment from {segment.start} to {segment.end} after {covered} of {len(text)}"
            )
        if text[covered : segment.start].strip():
            raise BrokenPromiseError(f"text from {covered} to {segment.start} is in no segment")
        covered = segment.end
        lines = max(lines, segment.location.line or 0)
        _check_at_least_one(segment.location)
    if text[covered:].strip():
        raise BrokenPromiseError(f"text from {covered} on is in no segment")
    if lines:
        _check_place(Location(line=lines), data)


def check_chunks(chunks: tuple[Chunk, ...], text: str, *, is_whole: bool) -> None:
    """Chunks are pieces of the text in order, cover it, and can be stored."""
    covered = 0
    for number, chunk in enumerate(chunks):
        if chunk.ordinal != number or not 0 <= chunk.start < chunk.end <= len(text):
            raise BrokenPromiseError(f"chunk {number} from {chunk.start} to {chunk.end}")
        if chunk.text != text[chunk.start : chunk.end]:
            raise BrokenPromiseError(f"chunk {number} is not the text that it says")
        if text[covered : chunk.start].strip() or chunk.end < covered:
            raise BrokenPromiseError(f"text before chunk {number} is in none")
        chunk.text.encode()
        for heading in chunk.headings:
            heading.encode()
        offsets = [place.offset for place in chunk.places]
        if offsets and (offsets[0] or any(a >= b for a, b in pairwise(offsets))):
            raise BrokenPromiseError(f"places of chunk {number} are at {offsets[:9]}")
        if offsets and offsets[-1] >= len(chunk.text):
            raise BrokenPromiseError(f"a place of chunk {number} is behind its text")
        covered = chunk.end
    if is_whole and text[covered:].strip():
        raise BrokenPromiseError(f"text from {covered} on is in no chunk")


def _check_at_least_one(location: Location) -> None:
    for name in ("line", "page", "cell"):
        number = getattr(location, name)
        if number is not None and number < 1:
            raise BrokenPromiseError(f"{name} {number}")


def _check_place(location: Location, data: bytes) -> None:
    _check_at_least_one(location)
    if location.line is not None and location.line > data.count(b"\n") + data.count(b"\r") + 1:
        raise BrokenPromiseError(
            f"line {location.line} of a file of {len(_LINE_END.findall(data)) + 1} lines"
        )


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak() -> int:
    """Most bytes in memory since it was forgotten; 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
