"""Any history of files leaves SQLite, the fake and FAISS with the same to show."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from docsearch.domain.query import Filters
from docsearch.ports import ChunkChange, FileContents
from docsearch.storage.vectors import FaissIndex
from tests.fakes.catalog import MemoryCatalog
from tests.fakes.contents import DAY_NS, NOON_2024_NS, contents, source
from tests.fakes.embedder import FakeEmbedder
from tests.storage.libraries import FORM_CHANGES, RECIPE, layout_in, open_library

PATHS = st.sampled_from(["a.md", "b.txt", "sub/a.md", "Sub/c.MD", "odd \udcff\n.md"])
TEXTS = st.lists(
    st.sampled_from(["red cat", "red dog", "Blue CAT", "naïve \ud800", "NUL \x00 cat", "🎉", ""]),
    max_size=5,
)
HEADINGS = st.sampled_from([(), ("Cats",), ("Dogs", "red")])
TITLES = st.sampled_from([None, "On cats"])
TAGS = st.sampled_from([(), ("pets",), ("pets", "old")])
DAYS = st.sampled_from([None, date(2020, 2, 2), date(2024, 1, 1)])
TIMES = st.integers(-5, 5).map(lambda days: NOON_2024_NS + days * DAY_NS)
FILTERS = (
    Filters(paths=("SUB",)),
    Filters(paths=("*.md",), tags=("Pets",)),
    Filters(extensions=("md",), excluded=("cat",)),
    Filters(after=date(2023, 12, 31), before=date(2024, 1, 3)),
    Filters(phrases=("red cat",)),
    Filters(phrases=("🎉",)),
    Filters(excluded=("red", "naive")),
)


class SideBySide(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.memory = MemoryCatalog(RECIPE.dimension)
        self.library = open_library(Path(self.folder.name))

    def teardown(self) -> None:
        self.library.close()
        self.folder.cleanup()

    @rule(path=PATHS, texts=TEXTS, headings=HEADINGS, title=TITLES, tags=TAGS, day=DAYS, time=TIMES)
    def put(
        self,
        path: str,
        texts: list[str],
        headings: tuple[str, ...],
        title: str | None,
        tags: tuple[str, ...],
        day: date | None,
        time: int,
    ) -> None:
        file = contents(
            path, *texts, headings=headings, title=title, tags=tags, day=day, modified_ns=time
        )
        self.same(self.memory.put_file(file), self.library.put_file(file))

    @rule(
        files=st.dictionaries(PATHS, TEXTS, max_size=4).map(
            lambda drawn: [contents(path, *texts) for path, texts in drawn.items()]
        )
    )
    def put_together(self, files: list[FileContents]) -> None:
        self.same(self.memory.put_files(files), self.library.put_files(files))

    @rule(path=PATHS)
    def remove(self, path: str) -> None:
        self.same(self.memory.remove_file(path), self.library.remove_file(path))

    @rule(
        path=PATHS,
        reason=st.sampled_from(["broken", "\udc80 \x1b[0m"]),
        broken=st.sampled_from([None, b"bytes"]),
    )
    def skip(self, path: str, reason: str, broken: bytes | None) -> None:
        file = source(path)
        self.same(
            self.memory.skip_file(file, reason, broken),
            self.library.skip_file(file, reason, broken),
        )

    @precondition(lambda self: self.known())
    @rule(data=st.data(), new=PATHS, time=TIMES)
    def move(self, data: st.DataObject, new: str, time: int) -> None:
        old = data.draw(st.sampled_from(self.known()))
        moved = source(new, time, inode=5)
        self.same(self.memory.move_file(old, moved), self.library.move_file(old, moved))

    @precondition(lambda self: self.known())
    @rule(data=st.data(), time=TIMES)
    def touch(self, data: st.DataObject, time: int) -> None:
        touched = source(data.draw(st.sampled_from(self.known())), time, inode=6)
        self.memory.touch_file(touched)
        self.library.touch_file(touched)

    @rule(keep_vectors=st.booleans())
    def reopen(self, keep_vectors: bool) -> None:
        self.library.close()
        folder = Path(self.folder.name)
        if not keep_vectors:
            layout_in(folder).vectors.unlink(missing_ok=True)
        self.library = open_library(folder)

    @invariant()
    def shows_the_same(self) -> None:
        memory, library = self.memory, self.library
        assert library.files() == memory.files()
        assert library.skipped() == memory.skipped()
        assert library.skipped_sources() == memory.skipped_sources()
        assert library.broken() == memory.broken()
        assert library.counts() == memory.counts()
        assert library.generation == memory.generation
        everything = range(1, 200)
        assert library.chunks(everything) == memory.chunks(everything)
        assert library.newest(3) == memory.newest(3)
        for filters in FILTERS:
            ours, theirs = library.matching(filters), memory.matching(filters)
            assert ours is not None
            assert theirs is not None
            assert ours.tolist() == theirs.tolist()
            assert library.newest(9, ours) == memory.newest(9, theirs)
        for words in ("cat", "DOGS red", "on"):
            assert {hit[0] for hit in library.search_text(words, 99)} == {
                hit[0] for hit in memory.search_text(words, 99)
            }

    @invariant()
    def vectors_are_in_step(self) -> None:
        stored = list(self.memory.vectors())
        for (ids, vectors), (expected_ids, expected) in zip(
            self.library.vectors(), stored, strict=True
        ):
            assert np.array_equal(ids, expected_ids)
            assert np.array_equal(vectors, expected)
        assert self.library.integrity() == []
        nearest = self.library.search_vectors(FakeEmbedder().embed_query("red cat"), 999)
        assert sorted(chunk_id for chunk_id, _ in nearest) == [
            chunk_id for ids, _ in stored for chunk_id in ids.tolist()
        ]

    def known(self) -> list[str]:
        return sorted(self.memory.files()) + sorted(self.memory.skipped_sources())

    @staticmethod
    def same(ours: ChunkChange, theirs: ChunkChange) -> None:
        assert ours.removed.tolist() == theirs.removed.tolist()
        assert ours.added.tolist() == theirs.added.tolist()
        assert np.array_equal(ours.vectors, theirs.vectors)


@pytest.mark.parametrize("most_whole_bytes", [FaissIndex.most_whole_bytes, FORM_CHANGES])
def test_any_history_looks_the_same(monkeypatch: pytest.MonkeyPatch, most_whole_bytes: int) -> None:
    monkeypatch.setattr(FaissIndex, "most_whole_bytes", most_whole_bytes)
    run_state_machine_as_test(
        SideBySide,
        settings=settings(
            max_examples=15,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
