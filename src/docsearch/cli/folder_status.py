"""What is indexed of a folder, what was skipped, and what has changed since.

In: a folder and the settings. Out: a status, as lines or as data. Reads the index and looks at the
folder; changes neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from docsearch.domain.document import Skipped, SourceFile
from docsearch.domain.safe_text import safe_line
from docsearch.domain.settings import Settings
from docsearch.domain.wording import plural, size
from docsearch.engine.compose import open_library
from docsearch.ingest.areas import is_within
from docsearch.ingest.away import away
from docsearch.ingest.away import in_words as in_words_of_away
from docsearch.ingest.compare import Changes, compare
from docsearch.ingest.discover import look, require_folder
from docsearch.ports import IndexedFile
from docsearch.serving.paths import index_layout
from docsearch.storage.layout import IndexLayout


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """`stale` counts files that were read with other settings or by another version.

    `skipped` are the files that the index could not take in, `left_out` what the scan did not hand
    to it: ignored, or too large, or no file at all. `changes` is what indexing would find to do.
    `away` are indexed files that cannot be seen, for want of a disk or a network: they are kept.
    """

    folder: Path
    layout: IndexLayout
    exists: bool
    files: dict[str, IndexedFile]
    stale: int
    skipped: tuple[Skipped, ...]
    left_out: tuple[Skipped, ...]
    changes: Changes
    away: frozenset[str] = frozenset()

    @property
    def readers(self) -> Counter[str]:
        """How many files each reader has read."""
        return Counter(each.reader for each in self.files.values())

    @property
    def faults(self) -> list[Skipped]:
        """What is not indexed for a fault of its own, by path."""
        found = {each.path: each for each in (*self.skipped, *self.left_out) if not each.ignored}
        return [found[path] for path in sorted(found)]

    @property
    def in_part(self) -> dict[str, tuple[str, ...]]:
        """What could not be read of files that are indexed, by path."""
        return {path: file.losses for path, file in sorted(self.files.items()) if file.losses}

    @property
    def ignored(self) -> list[Skipped]:
        """What was left out on request, by path."""
        return sorted((each for each in self.left_out if each.ignored), key=lambda each: each.path)

    @property
    def bytes_on_disk(self) -> int:
        """Size of the index's files."""
        return self.layout.bytes_on_disk()


def folder_status(folder: Path, settings: Settings) -> FolderStatus:
    """How things stand. Raises FolderError and IndexStoreError."""
    folder = require_folder(folder)
    layout = index_layout(folder, settings)
    files: dict[str, IndexedFile] = {}
    known: dict[str, SourceFile] = {}
    skipped: tuple[Skipped, ...] = ()
    stale = 0
    exists = layout.exists()
    if exists:
        library = open_library(folder, settings, read_only=True)
        try:
            files, skipped = library.files(), tuple(library.skipped())
            known = {path: each.source for path, each in files.items()}
            known |= library.skipped_sources()
            stale = len(library.stale_paths())
        finally:
            library.close()
    devices: set[int] = set()
    found = list(look(folder, {""}, settings.max_file_bytes, devices))
    left_out = tuple(each for each in found if isinstance(each, Skipped))
    # As in indexing: what the scan itself skips is neither a file to read nor one that is gone.
    for each in left_out:
        if not each.ignored:
            known.pop(each.path, None)
    unseen = {each.path.rstrip("/") for each in left_out if each.may_pass}
    seen = {each.path for each in found}
    kept = away(known, seen, devices) | {path for path in files if is_within(path, unseen)}
    on_disk = {each.path: each for each in found if isinstance(each, SourceFile)}
    known = {
        path: _as_it_looks(source, on_disk.get(path))
        for path, source in known.items()
        if path not in kept
    }
    return FolderStatus(
        folder,
        layout,
        exists,
        files,
        stale,
        skipped,
        left_out,
        compare(on_disk.values(), known),
        frozenset(kept),
    )


def _as_it_looks(known: SourceFile, now: SourceFile | None) -> SourceFile:
    """A file that was read just after it changed, as it is now if it looks the same.

    The next indexing hashes it once more to be sure, which is no work that waits for you.
    """
    if now is not None and known == replace(now, changed_ns=0):
        return now
    return known


def in_words(status: FolderStatus, show_ignored: bool) -> Iterator[str]:
    """Lines for a person, safe to show."""
    yield f"folder   {safe_line(str(status.folder))}"
    if not status.exists:
        yield "index    none yet; `docsearch index` makes it"
    else:
        place = safe_line(str(status.layout.folder))
        yield f"index    {place}, {size(status.bytes_on_disk)}"
        chunks = sum(each.chunk_count for each in status.files.values())
        yield f"indexed  {plural(len(status.files), 'file')}, {plural(chunks, 'chunk')}"
        for reader, count in status.readers.most_common():
            yield f"         {count:>6,}  {reader}"
    if kept := in_words_of_away(status.away):
        yield f"away     {safe_line(kept)}"
    yield f"to do    {_to_do(status)}"
    yield from _listed("skipped", status.faults)
    if in_part := status.in_part:
        yield f"in part  {len(in_part):,}; what docsearch did not read as it stands:"
        for path, losses in in_part.items():
            yield f"  {safe_line(path)}: {safe_line('; '.join(losses))}"
    if show_ignored:
        yield from _listed("ignored", status.ignored)
    else:
        yield f"ignored  {len(status.ignored):,}; --show-ignored lists them"


def as_data(status: FolderStatus, show_ignored: bool) -> dict[str, Any]:
    """The same for a program; with `show_ignored` what is ignored is listed too."""
    changes = status.changes
    return {
        "folder": str(status.folder),
        "index": str(status.layout.folder) if status.exists else None,
        "bytes_on_disk": status.bytes_on_disk,
        "files": len(status.files),
        "chunks": sum(each.chunk_count for each in status.files.values()),
        "readers": dict(status.readers),
        "to_do": {
            "new": len(changes.new),
            "changed": len(changes.changed),
            "moved": len(changes.moved),
            "gone": len(changes.gone),
            "stale": status.stale,
        },
        "away": len(status.away),
        "skipped": [_entry(each) for each in status.faults],
        "read_in_part": [
            {"path": path, "losses": list(losses)} for path, losses in status.in_part.items()
        ],
        "ignored": [_entry(each) for each in status.ignored] if show_ignored else None,
        "ignored_count": len(status.ignored),
    }


def _to_do(status: FolderStatus) -> str:
    changes = status.changes
    counts = [
        (len(changes.new), "new"),
        (len(changes.changed), "changed"),
        (len(changes.moved), "moved"),
        (len(changes.gone), "gone"),
        (status.stale, "read with other settings or by another version"),
    ]
    words = ", ".join(f"{count:,} {what}" for count, what in counts if count)
    return words or "nothing, the index is up to date"


def _listed(what: str, entries: list[Skipped]) -> Iterator[str]:
    yield f"{what}  {len(entries):,}"
    for each in entries:
        yield f"  {safe_line(each.path)}: {safe_line(each.reason)}"


def _entry(skipped: Skipped) -> dict[str, str]:
    return {"path": skipped.path, "reason": skipped.reason}
