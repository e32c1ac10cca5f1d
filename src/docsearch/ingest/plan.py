"""What the library knows + what the scan found -> what has to be read, and in what order.

In: values of the library and of the scan. Out: values for the pipeline. Reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from docsearch.domain.document import Skipped, SourceFile
from docsearch.ingest.areas import is_within
from docsearch.ingest.compare import Changes
from docsearch.ingest.prepare import Job, Prepared
from docsearch.ports import IndexedFile

FIRST_TOGETHER = 16
"""The first files are embedded when they have so many chunks, or are so many: soon found."""

MOST_TOGETHER = 128
"""Each group is twice the one before, up to this: of more chunks, more are of one length. Groups of
32 were padded by 4 to 14 in a hundred, these by 2 to 6, and more would be lost when killed."""


@dataclass(frozen=True, slots=True)
class Known:
    """The library's entries in the areas that are looked through."""

    indexed: Mapping[str, IndexedFile]
    skipped: Mapping[str, SourceFile]
    reasons: Mapping[str, str]
    broken: Mapping[str, bytes]
    """Content hashes of those skipped of which nothing could be made."""

    @classmethod
    def of(
        cls,
        files: Mapping[str, IndexedFile],
        skipped_sources: Mapping[str, SourceFile],
        skipped: Iterable[Skipped],
        broken: Mapping[str, bytes],
        areas: set[str],
    ) -> Known:
        """`files` are those of the areas; of the skipped, the part that is in them."""
        return cls(
            files,
            {path: file for path, file in skipped_sources.items() if is_within(path, areas)},
            {each.path: each.reason for each in skipped},
            broken,
        )

    def content_hash(self, path: str) -> bytes | None:
        """Of the bytes that were last read there, if any were."""
        entry = self.indexed.get(path)
        return self.broken.get(path) if entry is None else entry.content_hash

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
    file under another name, on a disk that does not keep identities. `as_indexed` are the entries
    by path of files whose chunks are good if the content hash still holds; `hashes` are those, and
    of files that broke: of the same bytes nothing else would come.
    """

    work: tuple[SourceFile, ...]
    lost: tuple[str, ...]
    held: dict[bytes, str]
    as_indexed: Mapping[str, IndexedFile]
    hashes: Mapping[str, bytes]

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
        same = [path for path in work if path not in stale and path not in moved_from]
        return cls(
            work=tuple(sorted(work.values(), key=lambda each: (-each.modified_ns, each.path))),
            lost=tuple(path for path in changes.gone if path not in held.values()),
            held=held,
            as_indexed={path: known.indexed[path] for path in same if path in known.indexed},
            hashes={path: each for path in same if (each := known.content_hash(path))},
        )

    def without(self, paths: Collection[str]) -> Plan:
        """The same with these left out of the work."""
        return replace(self, work=tuple(each for each in self.work if each.path not in paths))

    def jobs(self) -> Iterator[Job]:
        """The work, file by file."""
        for source in self.work:
            yield Job(source, self.hashes.get(source.path))


def in_batches(files: Iterable[Prepared | None]) -> Iterator[list[Prepared]]:
    """The files in growing groups; a large file is a group with those that wait before it.

    None, where the next file has to be waited for, ends a group too.
    """
    batch: list[Prepared] = []
    chunks, together = 0, FIRST_TOGETHER
    for each in files:
        if each is not None:
            batch.append(each)
            chunks += len(each.chunks)
        if batch and (each is None or max(len(batch), chunks) >= together):
            yield batch
            batch, chunks, together = [], 0, min(2 * together, MOST_TOGETHER)
    if batch:
        yield batch
