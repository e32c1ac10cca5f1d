"""Judgments on today's index: the face of judging for every front end.

In: what was typed, a passage, and a grade. Out: the grades of passages, and where judged passages
stand now. Everything blocks for a short while at most, and raises DocsearchError. Does not know who
judges, nor what is made of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from docsearch.domain.document import StoredChunk
from docsearch.domain.judged_result import JudgedResult
from docsearch.domain.judgment import Grade, Judged, Judgment, Level, Placed
from docsearch.domain.ranking import SearchResult
from docsearch.domain.wording import plural
from docsearch.evaluation.live import live
from docsearch.evaluation.overlap import best_match
from docsearch.explain.subject import quoted, shortened
from docsearch.serving.parts import Parts

LOOKED_AT = 20
"""Passages of other files, by the words they share, among which a judged one is looked for."""

ORIGIN = "your judgments"

QUERIES_NAMED = 3
"""So many queries with judged passages that are gone are named."""


class Judging:
    """May be asked from any thread; `opened` blocks until the index is open."""

    def __init__(self, opened: Callable[[], Parts]) -> None:
        self._opened = opened

    def judge(self, typed: str, passage: StoredChunk, grade: Grade | None) -> None:
        """Keep this grade of the passage for this query, in place of one it had; None clears it.

        A judgment that was moved to the passage is replaced, or cleared, as well.
        """
        store = self._opened().judgments
        moved = [
            each.judgment
            for each in self.placed(typed)
            if each.is_moved and each.passage is not None
            and each.passage.chunk_id == passage.chunk_id
        ]  # fmt: skip
        if grade is not None:
            store.put([Judgment.of(typed, passage, grade)])
            store.clear(moved)
        else:
            store.clear([Judgment.of(typed, passage, Grade.NOT_RELEVANT), *moved])

    def placed(self, typed: str) -> tuple[Placed, ...]:
        """Every judgment of this query with the passage it is of now, None where that is gone."""
        return self._place(self._opened().judgments.of(typed))

    def grades(self, typed: str, passages: Iterable[StoredChunk]) -> Mapping[int, Placed]:
        """The judgments of these passages for this query, by chunk id; for rows of a list."""
        return _of_passages(self.placed(typed), passages)

    def look(self, result: SearchResult, *, condense: bool = False) -> JudgedResult:
        """What is judged of this result, and its figures: its order against the first stage's."""
        placed = self.placed(result.query.typed)
        if not placed:
            return JudgedResult({})
        own: dict[str, int] = {}
        for each in sorted(placed, key=lambda each: each.is_moved):
            if each.passage is not None:
                own.setdefault(_id(each.passage), int(each.judgment.grade))
        before = list(dict.fromkeys(_id(hit.passage) for hit in result.before))
        after = list(dict.fromkeys(_id(hit.passage) for hit in result.hits))
        passages = [hit.passage for hit in result.hits]
        gone = sum(each.passage is None for each in placed)
        figures = live(before, after, own, condense=condense, gone=gone)
        return JudgedResult(_of_passages(placed, passages), figures)

    def queries(self) -> tuple[str, ...]:
        """Every judged query, in the order in which they were first judged."""
        return tuple(dict.fromkeys(each.query for each in self._opened().judgments.all()))

    def judged(self) -> Judged:
        """All of them as an evaluation takes them: an id is the content hash of the passage now.

        A moved judgment gives way to one that was made of the very text. What is gone is told; a
        query of which all is gone has no grades.
        """
        by_query: dict[str, list[Judgment]] = {}
        for each in self._opened().judgments.all():
            by_query.setdefault(each.query, []).append(each)
        ids = {query: f"q{at}" for at, query in enumerate(by_query, start=1)}
        grades: dict[str, dict[str, int]] = {}
        gone: Counter[str] = Counter()
        moved = 0
        for query, judgments in by_query.items():
            own = grades.setdefault(ids[query], {})
            # Those that were moved come last: what is there already was judged as it stands.
            for placed in sorted(self._place(judgments), key=lambda each: each.is_moved):
                moved += placed.is_moved
                if placed.passage is None:
                    gone[query] += 1
                else:
                    own.setdefault(_id(placed.passage), int(placed.judgment.grade))
        notices = [
            *([f"{plural(moved, 'judgment')} moved to a re-cut passage"] if moved else []),
            *([_told_gone(gone)] if gone else []),
        ]  # fmt: skip
        kept = {query: own for query, own in grades.items() if own}
        texts = {ids[query]: query for query in by_query}
        return Judged(ORIGIN, Level.PASSAGE, texts, kept, syntax=True, notices=tuple(notices))

    def _place(self, judgments: Iterable[Judgment]) -> tuple[Placed, ...]:
        judgments = tuple(judgments)
        library = self._opened().library
        held = library.with_content([each.content_hash for each in judgments])
        placed = []
        for each in judgments:
            ids = held.get(each.content_hash, [])
            passages = library.chunks(ids)
            own = [passage for passage in passages if passage.path == each.path]
            if passages:
                placed.append(Placed(each, (own or passages)[0]))
            else:
                placed.append(self._moved(each))
        return tuple(placed)

    def _moved(self, judgment: Judgment) -> Placed:
        library = self._opened().library
        near = library.search_text(judgment.text, LOOKED_AT)
        ids = [*library.chunk_ids(judgment.path), *(chunk_id for chunk_id, _ in near)]
        match = best_match(judgment.text, judgment.path, library.chunks(list(dict.fromkeys(ids))))
        if match is None:
            return Placed(judgment, None, 0.0)
        return Placed(judgment, match.passage, match.overlap, is_moved=True)


def _told_gone(gone: Counter[str]) -> str:
    """How many judged passages are gone, and of which queries; the judgments themselves stay."""
    named = [
        f"{count:,} of {quoted([shortened(query)])}"
        for query, count in gone.most_common(QUERIES_NAMED)
    ]
    others = len(gone) - len(named)
    more = [f"others of {plural(others, 'more query', 'more queries')}"] if others else []
    return (
        f"{plural(gone.total(), 'judged passage')} no longer in the index: "
        f"kept, not counted ({', '.join([*named, *more])})"
    )


def _of_passages(placed: Iterable[Placed], passages: Iterable[StoredChunk]) -> dict[int, Placed]:
    placed = tuple(placed)
    by_text = {each.judgment.content_hash: each for each in placed if not each.is_moved}
    by_chunk = {each.passage.chunk_id: each for each in placed if each.is_moved and each.passage}
    found = {}
    for passage in passages:
        own = by_text.get(passage.chunk.content_hash) or by_chunk.get(passage.chunk_id)
        if own is not None:
            found[passage.chunk_id] = own
    return found


def _id(passage: StoredChunk) -> str:
    return passage.chunk.content_hash.hex()
