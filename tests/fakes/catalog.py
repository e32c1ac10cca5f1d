"""The book of record in memory: dictionaries in place of SQLite."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from docsearch.domain.document import Chunk, Skipped, SourceFile, StoredChunk
from docsearch.domain.normal_form import normal
from docsearch.domain.query import Filters
from docsearch.ports import ChunkChange, ChunkIds, FileContents, IndexedFile, Vectors
from docsearch.storage.filters import admits_file, effective_day, finder


@dataclass(frozen=True)
class _Passage:
    chunk_id: int
    chunk: Chunk
    vector: Vectors


@dataclass(frozen=True)
class _Entry:
    contents: FileContents
    passages: tuple[_Passage, ...]


class MemoryCatalog:
    """`dimension` is the length of its vectors; scores of `search_text` are word frequencies.

    `stale` is what `stale_paths` tells, until a path is put in or forgotten.
    """

    def __init__(self, dimension: int = 64) -> None:
        self.generation = 0
        self._dimension = dimension
        self._entries: dict[str, _Entry] = {}
        self._skipped: dict[str, tuple[SourceFile, str, bytes | None]] = {}
        self._last_id = 0
        self.stale: set[str] = set()

    def files(self, areas: Collection[str] = ("",)) -> dict[str, IndexedFile]:
        return {
            path: IndexedFile(
                entry.contents.source,
                entry.contents.content_hash,
                len(entry.passages),
                entry.contents.reader,
                entry.contents.extracted.losses,
            )
            for path, entry in sorted(self._entries.items())
            if any(not area or f"{path}/".startswith(f"{area}/") for area in areas)
        }

    def skipped(self) -> list[Skipped]:
        return [Skipped(path, reason) for path, (_, reason, _) in sorted(self._skipped.items())]

    def same_files(self, file_ids: Collection[tuple[int, int]]) -> set[str]:
        indexed = {path: each.contents.source for path, each in self._entries.items()}
        sources = indexed | self.skipped_sources()
        return {path for path, each in sources.items() if each.file_id in file_ids}

    def stale_paths(self) -> set[str]:
        return set(self.stale)

    def skipped_sources(self) -> dict[str, SourceFile]:
        return {path: source for path, (source, _, _) in sorted(self._skipped.items())}

    def broken(self) -> dict[str, bytes]:
        return {path: found for path, (_, _, found) in self._skipped.items() if found}

    def counts(self) -> tuple[int, int, int]:
        return len(self._entries), len(list(self._passages())), len(self._skipped)

    def text_length(self) -> int:
        return sum(
            max((each.chunk.end for each in entry.passages), default=0)
            for entry in self._entries.values()
        )

    def put_file(self, contents: FileContents) -> ChunkChange:
        return self.put_files([contents])

    def put_files(self, files: Sequence[FileContents]) -> ChunkChange:
        changes = [self._put(file) for file in files]
        self.generation += 1
        return self._change(
            [each for left, _ in changes for each in left],
            [each for _, added in changes for each in added],
        )

    def _put(self, contents: FileContents) -> tuple[list[_Passage], list[_Passage]]:
        path = contents.source.path
        self.stale.discard(path)
        old = self._entries.pop(path, None)
        left = list(old.passages) if old is not None else []
        passages, added = [], []
        for chunk, vector in zip(contents.chunks, contents.vectors, strict=True):
            kept = next((each for each in left if each.chunk.reading == chunk.reading), None)
            if kept is None:
                self._last_id += 1
                kept = _Passage(self._last_id, chunk, vector)
                added.append(kept)
            else:
                left.remove(kept)
            passages.append(replace(kept, chunk=chunk))
        self._entries[path] = _Entry(contents, tuple(passages))
        self._skipped.pop(path, None)
        return left, added

    def move_file(
        self, old_path: str, source: SourceFile, *, read_again: bool = False
    ) -> ChunkChange:
        left: Sequence[_Passage] = ()
        if source.path != old_path:
            if old_path not in self._entries and old_path not in self._skipped:
                raise KeyError(old_path)
            left = self._forget(source.path)
            if old_path in self.stale:
                self.stale.remove(old_path)
                self.stale.add(source.path)
        if read_again:
            self.stale.add(source.path)
        if old_path in self._skipped:
            _, reason, broken = self._skipped.pop(old_path)
            self._skipped[source.path] = source, reason, broken
        else:
            entry = self._entries.pop(old_path)
            self._entries[source.path] = replace(
                entry, contents=replace(entry.contents, source=source)
            )
        self.generation += 1
        return self._change(left, ())

    def touch_file(self, source: SourceFile) -> None:
        self.move_file(source.path, source)

    def remove_file(self, path: str) -> ChunkChange:
        self.generation += 1
        return self._change(self._forget(path), ())

    def skip_file(
        self, source: SourceFile, reason: str, content_hash: bytes | None = None
    ) -> ChunkChange:
        change = self.remove_file(source.path)
        self._skipped[source.path] = source, reason, content_hash
        return change

    def known_vectors(self, chunks: Iterable[Chunk]) -> dict[bytes, Vectors]:
        stored = {each.chunk.reading_hash: each.vector[None, :] for _, each in self._passages()}
        wanted = [each.reading_hash for each in chunks]
        return {each: stored[each] for each in wanted if each in stored}

    def with_content(self, hashes: Iterable[bytes]) -> dict[bytes, list[int]]:
        held: dict[bytes, list[int]] = {}
        for _, each in self._passages():
            held.setdefault(each.chunk.content_hash, []).append(each.chunk_id)
        return {each: sorted(held[each]) for each in hashes if each in held}

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        stored = {
            each.chunk_id: StoredChunk(
                each.chunk_id,
                entry.contents.source.path,
                each.chunk,
                entry.contents.extracted.title,
                entry.contents.source.modified_ns,
            )
            for entry, each in self._passages()
        }
        return [stored[each] for each in ids if each in stored]

    damaged: frozenset[str] = frozenset()

    def chunk_ids(self, path: str | None = None) -> list[int]:
        if path is None:
            return sorted(each.chunk_id for _, each in self._passages())
        entry = self._entries.get(path)
        return [each.chunk_id for each in entry.passages] if entry is not None else []

    def matching(self, filters: Filters) -> ChunkIds | None:
        if not filters:
            return None
        return _ids(
            each.chunk_id
            for entry, each in self._passages()
            if admits_file(
                filters,
                entry.contents.source.path,
                entry.contents.extracted.tags,
                entry.contents.extracted.day,
                entry.contents.source.modified_ns,
            )
            and _admits_text(filters, each.chunk.text)
        )

    def search_text(
        self, words: str, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        wanted = set(_words(words))
        found = []
        for entry, each in self._passages():
            title = entry.contents.extracted.title or ""
            held = _words(" ".join((each.chunk.text, *each.chunk.headings, title)))
            score = sum(word in wanted for word in held) / max(1, len(held))
            if score and (among is None or each.chunk_id in among):
                found.append((each.chunk_id, score))
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def newest(self, k: int, among: ChunkIds | None = None) -> list[int]:
        def age(entry: _Entry) -> tuple[int, int, str]:
            modified = entry.contents.source.modified_ns
            day = effective_day(entry.contents.extracted.day, modified)
            return -day.toordinal(), -modified, entry.contents.source.path

        firsts = []
        for entry in sorted(self._entries.values(), key=age):
            ids = [each.chunk_id for each in entry.passages]
            firsts += [each for each in ids if among is None or each in among][:1]
        return firsts[:k]

    def vectors(self, batch: int = 4096) -> Iterator[tuple[ChunkIds, Vectors]]:
        stored = sorted((each for _, each in self._passages()), key=lambda each: each.chunk_id)
        for start in range(0, len(stored), batch):
            part = stored[start : start + batch]
            yield _ids(each.chunk_id for each in part), np.stack([each.vector for each in part])

    def _passages(self) -> Iterator[tuple[_Entry, _Passage]]:
        return ((entry, each) for entry in self._entries.values() for each in entry.passages)

    def _forget(self, path: str) -> tuple[_Passage, ...]:
        self.stale.discard(path)
        self._skipped.pop(path, None)
        entry = self._entries.pop(path, None)
        return entry.passages if entry is not None else ()

    def _change(self, removed: Sequence[_Passage], added: Sequence[_Passage]) -> ChunkChange:
        vectors = np.empty((len(added), self._dimension), dtype=np.float32)
        for row, each in enumerate(added):
            vectors[row] = each.vector
        return ChunkChange(
            _ids(each.chunk_id for each in removed), _ids(each.chunk_id for each in added), vectors
        )


def _ids(ids: Iterable[int]) -> ChunkIds:
    return np.array(sorted(ids), dtype=np.int64)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", normal(text))


def _admits_text(filters: Filters, text: str) -> bool:
    return all(finder(phrase)(text) for phrase in filters.phrases) and not any(
        finder(word)(text) for word in filters.excluded
    )
