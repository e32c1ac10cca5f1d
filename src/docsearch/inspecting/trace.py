"""One passage followed through a search: where it was lost, or where it ended.

In: a target, a finished search, and the index it was made on. Out: its whereabouts. What the stages
are called is said in `explain/whereabouts.py`; this gathers the facts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from docsearch.domain.document import Location, Skipped, SourceFile, StoredChunk
from docsearch.domain.errors import UsageError
from docsearch.domain.fusion import Fusion
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.explain.whereabouts import Facts
from docsearch.ingest.discover import look
from docsearch.ingest.safe_open import NotReadableError, read_regular
from docsearch.serving.explaining import Explaining, order_of

_WITH_LINE = re.compile(r"(?P<file>.+):(?P<line>[0-9]{1,9})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Target:
    """`path` is relative to the folder, with forward slashes; `line` counts from 1."""

    path: str
    line: int | None = None


def find_target(typed: str, folder: Path, here: Path, is_indexed: Callable[[str], bool]) -> Target:
    """What `typed` names: a path that is absolute, or relative to `folder` or else to `here`.

    The first reading that names something wins; where none does, it is a path in the folder that is
    not there. Raises UsageError for a folder, and for what lies outside of `folder`.
    """
    if not typed or "\0" in typed:
        raise UsageError("The target names no file.")
    inside = [
        Target(path, line)
        for base in (folder, here)
        for name, line in _readings(typed)
        if (path := _relative(base / name, folder)) is not None
    ]
    if not inside:
        raise UsageError(f"{typed} is not in the folder {folder}.")
    there = (each for each in inside if is_indexed(each.path) or _exists(folder, each.path))
    found = next(there, min(inside, key=lambda each: each.line is None))
    if found.path == "." or (folder / found.path).is_dir():
        raise UsageError(f"{typed} is a folder; name a file in it.")
    if found.line == 0:
        raise UsageError(f"{typed} names line 0; lines count from 1.")
    return found


def entry_at(folder: Path, path: str, max_file_bytes: int) -> SourceFile | Skipped | None:
    """What a scan of the folder makes of the path; None where there is nothing.

    Below a folder that is left out, it is the reason to leave that out.
    """
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        area = "/".join(parts[:depth])
        first = next(look(folder, {area}, max_file_bytes), None)
        if first is not None and first.path.rstrip("/") == area:
            below_a_file = isinstance(first, SourceFile) and area != path
            return None if below_a_file else first
    return None


def line_count(folder: Path, path: str, max_file_bytes: int) -> int | None:
    """Lines of the file at `path`; None where it cannot be read."""
    try:
        data = read_regular(folder, path, max_file_bytes).data
    except (NotReadableError, FileNotFoundError):
        return None
    return data.count(b"\n") + (not data.endswith(b"\n"))


def _readings(typed: str) -> Iterator[tuple[str, int | None]]:
    """A name may itself end in a colon and a number, so the whole comes first."""
    yield typed, None
    if match := _WITH_LINE.fullmatch(typed):
        yield match["file"], int(match["line"])


def _relative(path: Path, folder: Path) -> str | None:
    # Links are followed only where the words as they stand lead out of the folder: one inside it is
    # left out of the index for a reason that is to be told.
    for each in (os.path.normpath(path), os.path.realpath(path)):
        if Path(each).is_relative_to(folder):
            return Path(each).relative_to(folder).as_posix()
    return None


def _exists(folder: Path, path: str) -> bool:
    return os.path.lexists(folder / path)


@dataclass(frozen=True, slots=True)
class Trace:
    """A finished search; `first_stage` is the order of the whole index as (chunk id, score)."""

    explaining: Explaining
    result: SearchResult
    first_stage: Sequence[tuple[int, float]]

    def facts(self, named: str, target: Target, entry: SourceFile | Skipped | None) -> Facts:
        """Of a target as it was named; `entry` is what the folder has there.

        For a file without a line, they are those of the best of its passages. Raises UsageError for
        a line that the file does not have.
        """
        library = self.explaining.library
        is_indexed = target.path in library.files()
        facts = Facts(
            named,
            self.result.source,
            is_there=entry is not None,
            skipped=None if is_indexed else self._skipped(target.path, entry),
            is_indexed=is_indexed,
            ranked=len(self.first_stage),
            candidates=len(self.result.hits),
            reranker=self.result.reranker,
            fusion=self.result.fusion,
        )
        ids = library.chunk_ids(target.path)
        if target.line is not None:
            ids = self._at_line(library.chunks(ids), target.path, target.line)
        among = library.matching(self.result.query.filters)
        admitted = ids if among is None else [each for each in ids if each in among]
        if not admitted:
            return replace(facts, chunk_id=next(iter(ids), None), passes_filters=not ids)
        return self._followed(facts, admitted)

    def _skipped(self, path: str, entry: SourceFile | Skipped | None) -> Skipped | None:
        if isinstance(entry, Skipped):
            return entry
        skipped = self.explaining.library.skipped()
        return next((each for each in skipped if each.path == path), None)

    def _at_line(self, passages: Sequence[StoredChunk], path: str, line: int) -> list[int]:
        explaining = self.explaining
        if any(each.chunk.location.line is not None for each in passages):
            count = line_count(explaining.folder, path, explaining.settings.max_file_bytes)
            if count is not None and line > count:
                raise UsageError(f"{path} has no line {line:,}; it ends with line {count:,}.")
        return [each.chunk_id for each in passage_at(passages, line)]

    def _followed(self, facts: Facts, ids: Collection[int]) -> Facts:
        """The best of these passages, all the way to where it ended."""
        hit = next((hit for hit in self.result.hits if hit.passage.chunk_id in ids), None)
        if hit is not None:
            return replace(
                facts,
                chunk_id=hit.passage.chunk_id,
                before_rank=hit.before_rank,
                before_score=hit.before_score,
                is_candidate=True,
                rerank=hit.rerank,
                after_rank=hit.after_rank,
                own_rank=self._own_rank(hit),
            )
        places = enumerate(self.first_stage, start=1)
        ranked = ((rank, each, score) for rank, (each, score) in places if each in ids)
        rank, chunk_id, score = next(ranked, (None, next(iter(ids)), None))
        return self._as_if_a_candidate(
            replace(facts, chunk_id=chunk_id, before_rank=rank, before_score=score), chunk_id
        )

    def _as_if_a_candidate(self, facts: Facts, chunk_id: int) -> Facts:
        """The reranker's score, and the place that the passage would have had."""
        passages = self.explaining.library.chunks([chunk_id])
        chunks = [each.chunk for each in passages]
        for scores in self.explaining.scores(self.result, chunks):
            rank, before = facts.before_rank or len(self.first_stage) + 1, facts.before_score or 0.0
            hit = RankedHit(passages[0], rank, before, rerank=scores[0])
            others = [each for each in self.result.hits if each.rerank is not None]
            ids = [each.passage.chunk_id for each in order_of(self.result)([*others, hit])]
            after_rank = ids.index(chunk_id) + 1
            own_rank = self._own_rank(hit)
            return replace(facts, rerank=scores[0], after_rank=after_rank, own_rank=own_rank)
        return facts

    def _own_rank(self, hit: RankedHit) -> int | None:
        """The place in the order of raw scores, where that is not the order that is shown."""
        if hit.rerank is None or self.result.fusion.is_alone:
            return None
        alone = order_of(replace(self.result, fusion=Fusion()))
        others = [each for each in self.result.hits if each.rerank is not None]
        others = [each for each in others if each.passage.chunk_id != hit.passage.chunk_id]
        ids = [each.passage.chunk_id for each in alone([*others, hit])]
        return ids.index(hit.passage.chunk_id) + 1


def passage_at(passages: Sequence[StoredChunk], line: int) -> list[StoredChunk]:
    """The passages that hold a line; a page or a cell in a document that has no lines.

    Where none does, it is the last that starts before, or the first of all. Several hold a page, or
    a line that tells no more than where a message of a mailbox starts. Empty where there are no
    passages.
    """
    started = [each for each in passages if _place(each.chunk.location) <= line]
    ends = [_place(each.chunk.place_at(len(each.chunk.text)).location) for each in started]
    holding = [each for each, end in zip(started, ends, strict=True) if end >= line]
    return holding or started[-1:] or list(passages[:1])


def _place(at: Location) -> int:
    return at.line or at.page or at.cell or 1
