"""One passage followed through a search: where it was lost, or where it ended.

In: a target, a finished search, and the index it was made on. Out: its whereabouts. What the stages
are called is said in `explain/whereabouts.py`; this gathers the facts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from docsearch.domain.document import Location, Skipped, SourceFile, StoredChunk
from docsearch.domain.errors import UsageError
from docsearch.domain.fusion import Fusion
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.explain.whereabouts import Facts
from docsearch.runtime.explaining import Explaining, order_of
from docsearch.runtime.target import Target, line_count


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
