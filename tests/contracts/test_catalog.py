"""What every catalog promises: the fake, SQLite, and the library around it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from docsearch.domain.document import Skipped, SourceFile, content_hash
from docsearch.domain.query import Filters
from docsearch.ports import Catalog as CatalogPort
from docsearch.ports import ChunkChange
from docsearch.storage.catalog import SqliteCatalog
from tests.fakes.catalog import MemoryCatalog
from tests.fakes.contents import DAY_NS, NOON_2024_NS, contents, source
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.library import MemoryLibrary
from tests.storage.libraries import RECIPE, open_library


class Catalog(CatalogPort, Protocol):
    """The port, and what indexing asks of a library besides."""

    def skipped_sources(self) -> dict[str, SourceFile]: ...

    def broken(self) -> dict[str, bytes]: ...

    def stale_paths(self) -> set[str]: ...

    def same_files(self, file_ids: Collection[tuple[int, int]]) -> set[str]: ...


STRANGE_NAME = "not utf-8 \udcff\udc80\n\x1b[2J.md"
STRANGE_TEXT = 'lone \ud800 surrogate, NUL \x00 inside, "quoted" ünïcode 🎉'


@pytest.fixture(params=["memory", "memory library", "sqlite", "library"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    match request.param:
        case "memory":
            yield MemoryCatalog(RECIPE.dimension)
        case "memory library":
            yield MemoryLibrary(RECIPE.dimension)
        case "sqlite":
            opened = SqliteCatalog(tmp_path / "index.sqlite", RECIPE)
            yield opened
            opened.close()
        case _:
            library = open_library(tmp_path)
            yield library
            library.close()


def texts_of(catalog: Catalog, ids: list[int]) -> list[str]:
    return [stored.chunk.text for stored in catalog.chunks(ids)]


def matched(catalog: Catalog, filters: Filters) -> list[str]:
    ids = catalog.matching(filters)
    assert ids is not None
    return texts_of(catalog, ids.tolist())


def ids_of(change: ChunkChange) -> tuple[list[int], list[int]]:
    return change.removed.tolist(), change.added.tolist()


class TestFiles:
    def test_a_new_catalog_is_empty(self, catalog: Catalog) -> None:
        assert catalog.files() == {}
        assert catalog.skipped() == []
        assert catalog.counts() == (0, 0, 0)
        assert catalog.text_length() == 0
        assert catalog.stale_paths() == set()
        assert list(catalog.vectors()) == []
        assert catalog.newest(5) == []

    def test_what_is_put_is_told_again(self, catalog: Catalog) -> None:
        put = contents("a/b.md", "first words", "second words", title="Words", headings=("A", "B"))
        added = catalog.put_file(put).added.tolist()
        file = catalog.files()["a/b.md"]
        assert (file.source, file.content_hash, file.chunk_count, file.reader) == (
            put.source,
            put.content_hash,
            2,
            put.reader,
        )
        assert catalog.counts() == (1, 2, 0)
        assert catalog.text_length() == put.chunks[-1].end
        stored = catalog.chunks(added)
        assert tuple(each.chunk for each in stored) == put.chunks
        assert {(each.path, each.title, each.modified_ns) for each in stored} == {
            ("a/b.md", "Words", put.source.modified_ns)
        }

    def test_what_was_lost_of_a_file_is_told_until_it_is_read_whole(self, catalog: Catalog) -> None:
        losses = ("page 2 cannot be read", STRANGE_TEXT)
        catalog.put_file(contents("a.pdf", "words", losses=losses))
        catalog.touch_file(source("a.pdf", inode=2))
        catalog.move_file("a.pdf", source("b.pdf", inode=2))
        assert catalog.files()["b.pdf"].losses == losses
        catalog.put_file(contents("b.pdf", "words", "and more"))
        assert catalog.files()["b.pdf"].losses == ()

    def test_files_are_told_of_some_areas_alone(self, catalog: Catalog) -> None:
        paths = ["a", "a b", "a-/x", "a/x", "a/y/z", "a0", "b/x", f"{STRANGE_NAME}/x"]
        for path in paths:
            catalog.put_file(contents(path, path))
        assert catalog.files(["a"]).keys() == {"a", "a/x", "a/y/z"}
        assert catalog.files({"a/x", "b", "nothing"}).keys() == {"a/x", "b/x"}
        assert catalog.files([STRANGE_NAME]).keys() == {f"{STRANGE_NAME}/x"}
        assert list(catalog.files()) == list(catalog.files([""])) == sorted(paths)
        assert catalog.files([]) == {}

    def test_files_put_together_are_one_change(self, catalog: Catalog) -> None:
        old = catalog.put_file(contents("b.md", "gone", "kept")).added.tolist()
        catalog.skip_file(source("c.md"), "broken")
        before = catalog.generation
        change = catalog.put_files(
            [contents("a.md", "one", "two"), contents("b.md", "kept", "three"), contents("c.md")]
        )
        assert catalog.generation == before + 1
        assert change.removed.tolist() == [old[0]]
        assert texts_of(catalog, change.added.tolist()) == ["one", "two", "three"]
        assert np.array_equal(
            change.vectors, FakeEmbedder().embed_passages(["one", "two", "three"])
        )
        assert {path: file.chunk_count for path, file in catalog.files().items()} == {
            "a.md": 2,
            "b.md": 2,
            "c.md": 0,
        }
        assert catalog.skipped() == []
        assert catalog.chunk_ids("b.md") == [old[1], change.added[2]]

    def test_names_and_texts_of_any_kind_come_back_as_they_were(self, catalog: Catalog) -> None:
        put = contents(
            STRANGE_NAME,
            STRANGE_TEXT,
            title=STRANGE_TEXT,
            tags=(STRANGE_TEXT,),
            headings=(STRANGE_TEXT, "\x1f", ""),
        )
        added = catalog.put_file(put).added.tolist()
        assert list(catalog.files()) == [STRANGE_NAME]
        [stored] = catalog.chunks(added)
        assert (stored.path, stored.title, stored.chunk) == (
            STRANGE_NAME,
            STRANGE_TEXT,
            put.chunks[0],
        )
        catalog.skip_file(source(STRANGE_NAME), STRANGE_TEXT)
        assert catalog.skipped() == [Skipped(STRANGE_NAME, STRANGE_TEXT)]
        assert ids_of(catalog.remove_file(STRANGE_NAME)) == ([], [])
        assert catalog.skipped() == []

    def test_numbers_too_large_for_sqlite_come_back_as_they_were(self, catalog: Catalog) -> None:
        put = contents("far.md", "text", modified_ns=2**63 + 5)
        far = replace(source("far.md", 2**63 + 5, inode=2**64 - 1), changed_ns=2**63 + 7)
        catalog.put_file(put)
        catalog.touch_file(far)
        assert catalog.files()["far.md"].source == far
        assert matched(catalog, Filters(after=date(2200, 1, 1))) == ["text"]

    def test_a_file_without_chunks_is_a_file(self, catalog: Catalog) -> None:
        assert ids_of(catalog.put_file(contents("empty.md"))) == ([], [])
        assert catalog.counts() == (1, 0, 0)
        assert catalog.newest(5) == []

    def test_every_write_moves_the_generation_on_by_one(self, catalog: Catalog) -> None:
        before = catalog.generation
        catalog.put_file(contents("a.md", "text"))
        catalog.touch_file(source("a.md", inode=2))
        catalog.move_file("a.md", source("b.md"))
        catalog.skip_file(source("b.md"), "broken")
        catalog.remove_file("b.md")
        assert catalog.generation == before + 5


class TestChange:
    def test_a_passage_that_stays_keeps_its_id_and_its_vector(self, catalog: Catalog) -> None:
        first = catalog.put_file(contents("a.md", "one", "two", "three")).added.tolist()
        change = catalog.put_file(contents("a.md", "zero", "three", "one"))
        assert change.removed.tolist() == [first[1]]
        assert change.added.tolist() == [max(first) + 1]
        assert np.array_equal(change.vectors, FakeEmbedder().embed_passages(["zero"]))
        assert texts_of(catalog, [first[0], first[2], *change.added.tolist()]) == [
            "one",
            "three",
            "zero",
        ]
        [moved] = catalog.chunks([first[0]])
        assert moved.chunk == contents("a.md", "zero", "three", "one").chunks[2]

    def test_equal_passages_are_each_their_own(self, catalog: Catalog) -> None:
        first = catalog.put_file(contents("a.md", "same", "same")).added.tolist()
        assert len(set(first)) == 2
        assert ids_of(catalog.put_file(contents("a.md", "same", "same", "same")))[0] == []
        assert catalog.counts() == (1, 3, 0)

    def test_ids_are_never_given_twice(self, catalog: Catalog) -> None:
        first = catalog.put_file(contents("a.md", "one")).added.tolist()
        catalog.remove_file("a.md")
        assert catalog.put_file(contents("a.md", "one")).added.tolist()[0] > first[0]

    def test_the_names_of_one_file_are_told(self, catalog: Catalog) -> None:
        for path, inode in (("a.md", 1), ("b.md", 2), ("c.md", 2)):
            catalog.put_file(contents(path, "text"))
            catalog.touch_file(source(path, inode=inode))
        catalog.skip_file(source("d.md", inode=2), "broken")
        assert catalog.same_files({(7, 2), (8, 1)}) == {"b.md", "c.md", "d.md"}
        assert catalog.same_files(set()) == set()

    def test_a_move_keeps_the_chunks(self, catalog: Catalog) -> None:
        added = catalog.put_file(contents("a.md", "text")).added.tolist()
        later = source("sub/b.md", NOON_2024_NS + 1, inode=9)
        assert ids_of(catalog.move_file("a.md", later)) == ([], [])
        assert catalog.files().keys() == {"sub/b.md"}
        assert catalog.files()["sub/b.md"].source == later
        assert [each.path for each in catalog.chunks(added)] == ["sub/b.md"]

    def test_a_file_that_is_to_be_read_again_under_its_new_name_is_stale_until_it_is(
        self, catalog: Catalog
    ) -> None:
        first = catalog.put_file(contents("a.md", "one", "two")).added.tolist()
        catalog.skip_file(source("b.md", inode=2), "broken")
        catalog.move_file("a.md", source("a.txt"), read_again=True)
        catalog.move_file("b.md", source("b.txt", inode=2), read_again=True)
        assert catalog.chunk_ids("a.txt") == first
        assert catalog.stale_paths() == {"a.txt", "b.txt"}
        catalog.move_file("a.txt", source("sub/a.txt"))
        assert catalog.stale_paths() == {"sub/a.txt", "b.txt"}
        catalog.put_file(contents("sub/a.txt", "one", "two"))
        catalog.skip_file(source("b.txt", inode=2), "broken")
        assert catalog.stale_paths() == set()

    def test_a_move_onto_another_file_takes_its_place(self, catalog: Catalog) -> None:
        kept = catalog.put_file(contents("a.md", "mover")).added.tolist()
        gone = catalog.put_file(contents("b.md", "moved over")).added.tolist()
        assert ids_of(catalog.move_file("a.md", source("b.md"))) == (gone, [])
        assert texts_of(catalog, kept + gone) == ["mover"]

    def test_a_skipped_file_can_move(self, catalog: Catalog) -> None:
        catalog.skip_file(source("a.pdf"), "encrypted")
        assert catalog.skipped_sources() == {"a.pdf": source("a.pdf")}
        moved = source("b.pdf", inode=3)
        catalog.move_file("a.pdf", moved)
        assert catalog.skipped() == [Skipped("b.pdf", "encrypted")]
        assert catalog.skipped_sources() == {"b.pdf": moved}

    def test_the_bytes_that_broke_are_known_wherever_the_file_goes(self, catalog: Catalog) -> None:
        catalog.skip_file(source("a.pdf"), "broken", b"bytes of a")
        catalog.skip_file(source("unread.pdf"), "refused")
        catalog.move_file("a.pdf", source("b.pdf"))
        catalog.touch_file(source("b.pdf", inode=3))
        assert catalog.broken() == {"b.pdf": b"bytes of a"}
        catalog.skip_file(source("b.pdf"), "refused")
        assert catalog.broken() == {}

    def test_an_unknown_file_can_neither_move_nor_be_touched(self, catalog: Catalog) -> None:
        catalog.put_file(contents("there.md", "text"))
        before = catalog.generation
        with pytest.raises(KeyError):
            catalog.move_file("a.md", source("there.md"))
        with pytest.raises(KeyError):
            catalog.touch_file(source("a.md"))
        assert catalog.generation == before
        assert catalog.counts() == (1, 1, 0)

    def test_what_is_skipped_loses_its_chunks_until_it_can_be_read(self, catalog: Catalog) -> None:
        added = catalog.put_file(contents("a.pdf", "text")).added.tolist()
        assert ids_of(catalog.skip_file(source("a.pdf"), "broken")) == (added, [])
        assert catalog.counts() == (0, 0, 1)
        assert catalog.search_text("text", 5) == []
        catalog.skip_file(source("a.pdf"), "still broken")
        assert catalog.skipped() == [Skipped("a.pdf", "still broken")]
        catalog.put_file(contents("a.pdf", "text"))
        assert catalog.skipped() == []

    def test_removing_what_is_unknown_changes_nothing(self, catalog: Catalog) -> None:
        catalog.put_file(contents("a.md", "text"))
        assert ids_of(catalog.remove_file("b.md")) == ([], [])
        assert catalog.counts() == (1, 1, 0)


class TestVectors:
    def test_known_vectors_are_found_by_content(self, catalog: Catalog) -> None:
        catalog.put_file(contents("a.md", "one", "two"))
        _, two, three = contents("b.md", "one", "two", "three").chunks
        known = catalog.known_vectors([two, three])
        assert known.keys() == {content_hash("two")}
        assert np.array_equal(known[content_hash("two")], FakeEmbedder().embed_passages(["two"]))

    def test_a_vector_is_known_for_a_text_under_the_name_it_was_made_with(
        self, catalog: Catalog
    ) -> None:
        named = contents("Gate repair.md", "two bolts", name="Gate repair")
        catalog.put_file(named)
        (plain,) = contents("a.md", "two bolts").chunks
        assert catalog.known_vectors([plain, *named.chunks]).keys() == {
            named.chunks[0].reading_hash
        }
        (stored,) = catalog.chunks(catalog.chunk_ids())
        assert stored.chunk.name == "Gate repair"

    def test_another_name_replaces_the_vectors_of_that_file(self, catalog: Catalog) -> None:
        first = catalog.put_file(contents("a.md", "two bolts", "three nuts", name="Gate"))
        again = catalog.put_file(contents("a.md", "two bolts", "three nuts", name="Fence"))
        assert again.removed.tolist() == first.added.tolist()
        stored = np.concatenate([vectors for _, vectors in catalog.vectors()])
        texts = ["Fence\ntwo bolts", "Fence\nthree nuts"]
        assert np.array_equal(stored, FakeEmbedder().embed_passages(texts))

    def test_all_vectors_come_in_batches_by_id(self, catalog: Catalog) -> None:
        words = ("one", "two", "three", "four", "five")
        added = catalog.put_file(contents("a.md", *words)).added
        batches = list(catalog.vectors(batch=2))
        assert [len(ids) for ids, _ in batches] == [2, 2, 1]
        assert np.array_equal(np.concatenate([ids for ids, _ in batches]), added)
        stored = np.concatenate([vectors for _, vectors in batches])
        assert stored.dtype == np.float32
        assert np.array_equal(stored, FakeEmbedder().embed_passages(words))

    def test_chunks_that_are_gone_are_left_out(self, catalog: Catalog) -> None:
        one = catalog.put_file(contents("a.md", "one")).added.tolist()
        two = catalog.put_file(contents("b.md", "two")).added.tolist()
        catalog.remove_file("a.md")
        assert texts_of(catalog, [*two, *one, 999, *two]) == ["two", "two"]
        assert catalog.chunks([]) == []


class TestFilters:
    def test_no_filter_is_no_restriction(self, catalog: Catalog) -> None:
        catalog.put_file(contents("a.md", "text"))
        assert catalog.matching(Filters()) is None

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(paths=("TRAVEL",)), ["rome"]),
            (Filters(paths=("travel", "cook")), ["rome", "soup"]),
            (Filters(paths=("*.T?T",)), ["soup"]),
            (Filters(paths=("Travel/*.md",)), ["rome"]),
            (Filters(paths=("travel/*.md",)), []),
            (Filters(paths=("[a-r]ome.md",)), ["rome"]),
            (Filters(paths=("nowhere",)), []),
            (Filters(extensions=("txt",)), ["soup"]),
            (Filters(extensions=("txt", "md")), ["rome", "soup"]),
            (Filters(extensions=("ome.md",)), []),
            (Filters(tags=("Italy",)), ["rome", "soup"]),
            (Filters(tags=("italy", "food")), ["soup"]),
            (Filters(after=date(2024, 1, 1)), ["rome"]),
            (Filters(before=date(2024, 1, 1)), ["rome", "soup"]),
            (Filters(before=date(2023, 12, 31)), ["soup"]),
            (Filters(after=date(2020, 5, 1), before=date(2020, 5, 1)), ["soup"]),
            (Filters(tags=("italy",), extensions=("md",)), ["rome"]),
        ],
    )
    def test_conditions_on_the_file(
        self, catalog: Catalog, filters: Filters, expected: list[str]
    ) -> None:
        catalog.put_file(contents("Travel/rome.md", "rome", tags=("italy",)))
        catalog.put_file(
            contents("cooking/soup.TXT", "soup", tags=("ITALY", "food"), day=date(2020, 5, 1))
        )
        assert matched(catalog, filters) == expected

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(excluded=("BLUE",)), [1, 2, 3, 4, 5]),
            (Filters(excluded=("blu",)), [0, 1, 2, 3, 4, 5]),
            (Filters(excluded=("resume",)), [0, 1, 4, 5]),
            (Filters(excluded=("🎉",)), [0, 1, 2, 3, 4]),
            (Filters(phrases=("red Bicycle",)), [0, 1]),
            (Filters(phrases=("red bicycle", "large")), [1]),
            (Filters(phrases=("bicycle red",)), []),
            (Filters(phrases=("icycle",)), []),
            (Filters(phrases=("C++",)), [4]),
            (Filters(phrases=("c",)), [4]),
            (Filters(phrases=("snake_case",)), [3]),
            (Filters(phrases=("snake case",)), []),
            (Filters(phrases=("résumé",)), [2, 3]),
            (Filters(phrases=("🎉",)), [5]),
            (Filters(phrases=('say "hi"',)), [5]),
            (Filters(phrases=("red bicycle",), excluded=("large",)), [0]),
        ],
    )
    def test_conditions_on_the_words(
        self, catalog: Catalog, filters: Filters, expected: list[int]
    ) -> None:
        texts = (
            "a red bicycle, a blue car",
            "a large red\n  **bicycle**",
            "please resume",
            "my RESUME\u0301 as re\u0301sume\u0301.pdf in snake_case",
            "written in C++ by hand",
            '🎉 they say "hi" there',
        )
        catalog.put_file(contents("a.md", *texts))
        assert matched(catalog, filters) == [texts[row] for row in expected]

    def test_only_text_counts_not_headings(self, catalog: Catalog) -> None:
        catalog.put_file(contents("a.md", "text", title="kept", headings=("kept",)))
        assert matched(catalog, Filters(excluded=("kept",))) == ["text"]
        assert matched(catalog, Filters(phrases=("kept",))) == []

    def test_a_filter_that_is_asked_again_sees_what_has_changed(self, catalog: Catalog) -> None:
        filters = Filters(extensions=("md",))
        catalog.put_file(contents("a.md", "one", "two"))
        assert matched(catalog, filters) == ["one", "two"]
        assert matched(catalog, filters) == ["one", "two"]
        catalog.put_file(contents("b.md", "other"))
        catalog.put_file(contents("a.md", "two", "three"))
        assert sorted(matched(catalog, filters)) == ["other", "three", "two"]
        catalog.move_file("b.md", source("b.txt"))
        assert sorted(matched(catalog, filters)) == ["three", "two"]


class TestChunkIds:
    def test_of_one_file_they_come_in_the_order_of_its_text(self, catalog: Catalog) -> None:
        catalog.put_file(contents(STRANGE_NAME, "one", "two"))
        catalog.put_file(contents("other.md", "three"))
        # "two" keeps its id, which is now lower than that of what comes before it.
        catalog.put_file(contents(STRANGE_NAME, "new", "two", "last"))
        assert texts_of(catalog, catalog.chunk_ids(STRANGE_NAME)) == ["new", "two", "last"]
        assert catalog.chunk_ids("nowhere.md") == []

    def test_of_all_files_each_is_there_once(self, catalog: Catalog) -> None:
        assert catalog.chunk_ids() == []
        catalog.put_file(contents("a.md", "one", "two"))
        catalog.put_file(contents("b.md", "three"))
        ids = catalog.chunk_ids()
        assert ids == sorted(ids)
        assert sorted(texts_of(catalog, ids)) == ["one", "three", "two"]


class TestNewest:
    def test_newest_files_come_first(self, catalog: Catalog) -> None:
        old, later = NOON_2024_NS - 9 * DAY_NS, NOON_2024_NS + 1
        catalog.put_file(contents("old.md", "old", "old again", modified_ns=old))
        catalog.put_file(contents("b.md", "b", "b again"))
        catalog.put_file(contents("a.md", "a"))
        catalog.put_file(contents("later.md", "later", modified_ns=later))
        catalog.put_file(contents("dated.md", "dated", day=date(2030, 1, 1), modified_ns=old))
        catalog.put_file(contents("empty.md", modified_ns=later + DAY_NS))
        assert texts_of(catalog, catalog.newest(9)) == ["dated", "later", "a", "b", "old"]
        assert texts_of(catalog, catalog.newest(2)) == ["dated", "later"]
        among = catalog.matching(Filters(phrases=("again",)))
        assert texts_of(catalog, catalog.newest(9, among)) == ["b again", "old again"]
        assert catalog.newest(9, np.array([], dtype=np.int64)) == []


class TestSearchText:
    def test_any_word_will_do_and_more_is_better(self, catalog: Catalog) -> None:
        catalog.put_file(contents("a.md", "the cat sat here", "cat and dog and cat dog", "a bird"))
        hits = catalog.search_text("Dog CAT", 10)
        assert texts_of(catalog, [chunk_id for chunk_id, _ in hits]) == [
            "cat and dog and cat dog",
            "the cat sat here",
        ]
        assert hits[0][1] > hits[1][1]
        assert catalog.search_text("dog cat", 1) == hits[:1]
        assert catalog.search_text("fish", 10) == []

    def test_stop_words_are_words(self, catalog: Catalog) -> None:
        catalog.put_file(contents("a.md", "to be or not to be", "another"))
        hits = catalog.search_text("not", 10)
        assert texts_of(catalog, [chunk_id for chunk_id, _ in hits]) == ["to be or not to be"]

    def test_headings_and_title_are_searched(self, catalog: Catalog) -> None:
        catalog.put_file(contents("a.md", "text", title="Gardening", headings=("Über Rosen",)))
        assert len(catalog.search_text("gardening", 5)) == 1
        assert len(catalog.search_text("rosen", 5)) == 1
        catalog.put_file(contents("a.md", "text", title="Cooking", headings=("Tulpen",)))
        assert catalog.search_text("gardening rosen", 5) == []
        assert len(catalog.search_text("cooking", 5)) == len(catalog.search_text("tulpen", 5)) == 1

    def test_only_among(self, catalog: Catalog) -> None:
        added = catalog.put_file(contents("a.md", "cat one", "cat two", "cat three")).added
        hits = catalog.search_text("cat", 10, among=added[1:2])
        assert [chunk_id for chunk_id, _ in hits] == added[1:2].tolist()
        assert catalog.search_text("cat", 10, among=added[:0]) == []

    def test_equal_scores_come_by_id(self, catalog: Catalog) -> None:
        added = catalog.put_file(contents("a.md", *["cat"] * 5)).added.tolist()
        assert [chunk_id for chunk_id, _ in catalog.search_text("cat", 3)] == added[:3]

    @pytest.mark.parametrize(
        "words",
        [
            "",
            "   \t\n",
            "🎉🎉🎉",
            '" OR NOT ( ) * ^ : + - NEAR(x, y) AND',
            "text:needle title:* needle* ^needle {text}:x",
            "\x00needle\x00",
            "_ __ _",
            "\udcff\ud800",
            "'; DROP TABLE chunks; --",
            pytest.param("word " * 20_000, id="100000 characters of words"),
            pytest.param("x" * 100_000, id="one word of 100000 characters"),
            pytest.param(" ".join(map(str, range(20_000))), id="20000 different words"),
            pytest.param('"' * 100_000, id="100000 quotes"),
        ],
    )
    def test_no_query_is_an_error(self, catalog: Catalog, words: str) -> None:
        catalog.put_file(contents("a.md", "a needle in the hay"))
        found = catalog.search_text(words, 5)
        assert bool(found) == ("needle" in words)
        assert catalog.counts() == (1, 1, 0)
