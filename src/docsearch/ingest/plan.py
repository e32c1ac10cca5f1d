"""What the library knows + what the scan found -> what has to be read, and in what order.

In: values of the library and of the scan. Out: values for the pipeline. Reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from docsearch.domain.document import Chunk, ExtractedText, Skipped, SourceFile
from docsearch.ingest.areas import is_within
from docsearch.ingest.compare import Changes
from docsearch.ingest.extract import Snapshot
from docsearch.ports import FileContents, IndexedFile, Vectors

CHUNKS_TOGETHER = 32
"""Files are prepared until they have so many chunks, or are so many; then they are embedded."""


@dataclass(frozen=True, slots=True)
class Known:
    """The library's entries in the areas that are looked through."""

    indexed: Mapping[str, IndexedFile]
    skipped: Mapping[str, SourceFile]
    reasons: Mapping[str, str]

    @classmethod
    def of(
        cls,
        files: Mapping[str, IndexedFile],
        skipped_sources: Mapping[str, SourceFile],
        skipped: Iterable[Skipped],
        areas: set[str],
    ) -> Known:
        """`files` are those of the areas; of the skipped, the part that is in them."""
        return cls(
            files,
            {path: file for path, file in skipped_sources.items() if is_within(path, areas)},
            {each.path: each.reason for each in skipped},
        )

    def not_yet_skipped(self, skipped: Iterable[Skipped]) -> Iterator[Skipped]:
        """Those that the library does not list for this reason already."""
        return (each for each in skipped if self.reasons.get(each.path) != each.reason)

    def sources(self, left_out: Collection[str]) -> dict[str, SourceFile]:
        """Every file, indexed or skipped, as the library last saw it."""
        indexed = {path: file.source for path, file in self.indexed.items()}
        every = {**self.skipped, **indexed}
        return {path: source for path, source in every.items() if path not in left_out}


@dataclass(frozen=True, slots=True)
class Plan:
    """`work` is to be read, the latest edit first; `lost` is gone for good.

    `held` are paths gone, by content hash: one of the files to read may turn out to be the same
    file under another name, on a disk that does not keep identities. `as_indexed` are content
    hashes by path of files whose chunks are good if the hash still holds.
    """

    work: tuple[SourceFile, ...]
    lost: tuple[str, ...]
    held: dict[bytes, str]
    as_indexed: Mapping[str, bytes]

    @classmethod
    def of(
        cls,
        found: Iterable[SourceFile],
        changes: Changes,
        known: Known,
        stale: Collection[str],
        areas: Collection[str],
    ) -> Plan:
        """Read what is new, changed or stale, and what is named by an area itself."""
        moved_to = {move.source.path for move in changes.moved}
        moved_from = {move.origin for move in changes.moved}
        again = [
            source
            for source in found
            if source.path in stale or (source.path in areas and source.path not in moved_to)
        ]
        work = {source.path: source for source in (*changes.new, *changes.changed, *again)}
        sizes = {source.size for source in work.values()}
        held = {
            known.indexed[path].content_hash: path
            for path in changes.gone
            if path in known.indexed
            and path not in stale
            and known.indexed[path].source.size in sizes
        }
        return cls(
            work=tuple(sorted(work.values(), key=lambda each: (-each.modified_ns, each.path))),
            lost=tuple(path for path in changes.gone if path not in held.values()),
            held=held,
            as_indexed={
                path: known.indexed[path].content_hash
                for path in work
                if path in known.indexed and path not in stale and path not in moved_from
            },
        )

    def is_as_indexed(self, snapshot: Snapshot) -> bool:
        """Whether the file's chunks are already those of these bytes."""
        return self.as_indexed.get(snapshot.source.path) == snapshot.content_hash


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that waits for its vectors."""

    snapshot: Snapshot
    reader: str
    extracted: ExtractedText
    chunks: tuple[Chunk, ...]

    def contents(self, vectors: Vectors) -> FileContents:
        """What its transaction writes; `vectors` has a row for each chunk."""
        return FileContents(
            self.snapshot.source,
            self.snapshot.content_hash,
            self.reader,
            self.extracted,
            self.chunks,
            vectors,
        )


def unread(path: str) -> SourceFile:
    """What is noted of a path that could not be read: like no file, so that it is tried again.

    What kept it from being read, a permission for one, can change without a trace in size or time.
    """
    return SourceFile(path, 0, 0, (0, 0))


def in_batches(files: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    """The files in groups of about `CHUNKS_TOGETHER` chunks; a large file is a group of its own."""
    batch: list[Prepared] = []
    for each in files:
        batch.append(each)
        if max(len(batch), sum(len(file.chunks) for file in batch)) >= CHUNKS_TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch
