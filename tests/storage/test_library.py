from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from docsearch.domain.errors import IndexGoneError, IndexStoreError
from docsearch.domain.query import Filters
from docsearch.storage.connections import Access, connect
from docsearch.storage.library import Library
from docsearch.storage.vectors import FaissIndex
from tests.fakes.contents import contents, source
from tests.fakes.embedder import FakeEmbedder
from tests.storage.libraries import FORM_CHANGES, layout_in, open_library

QUERY = FakeEmbedder().embed_query("red cat")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = open_library(tmp_path)
    yield opened
    opened.close()


def nearest(library: Library, k: int = 99) -> list[str]:
    hits = library.search_vectors(QUERY, k)
    return [each.chunk.text for each in library.chunks([chunk_id for chunk_id, _ in hits])]


class TestView:
    @pytest.fixture(autouse=True, params=[FaissIndex.most_whole_bytes, FORM_CHANGES, 0])
    def _form(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(FaissIndex, "most_whole_bytes", request.param)

    def test_vectors_are_searched_as_soon_as_they_are_put(self, library: Library) -> None:
        library.put_file(contents("a.md", "a blue house", "a red cat"))
        assert nearest(library) == ["a red cat", "a blue house"]
        library.put_file(contents("a.md", "a red house"))
        assert nearest(library) == ["a red house"]
        library.remove_file("a.md")
        assert nearest(library) == []

    def test_vectors_are_searched_among_what_filters_let_through(self, library: Library) -> None:
        library.put_file(contents("a.md", "a red cat"))
        other = library.put_file(contents("b.md", "a blue house")).added.tolist()
        among = library.matching(Filters(paths=("b.md",)))
        assert [hit[0] for hit in library.search_vectors(QUERY, 5, among)] == other

    @pytest.mark.parametrize("loss", ["missing", "empty", "torn", "older", "other"])
    def test_the_file_is_made_again_without_a_model(self, tmp_path: Path, loss: str) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "a red cat", "gone later"))
        library.save()
        file = layout_in(tmp_path).vectors
        older = file.read_bytes()
        library.put_file(contents("a.md", "a red cat", "a red house"))
        library.close()
        match loss:
            case "missing":
                file.unlink()
            case "empty":
                file.write_bytes(b"")
            case "torn":
                whole = file.read_bytes()
                file.write_bytes(whole[: len(whole) // 2] + bytes(len(whole) // 2))
            case "older":
                file.write_bytes(older)
            case _:
                elsewhere = open_library(tmp_path / "other")
                elsewhere.put_file(contents("a.md", "not mine", "nor this"))
                elsewhere.close()
                file.write_bytes(layout_in(tmp_path / "other").vectors.read_bytes())
        again = open_library(tmp_path)
        assert nearest(again) == ["a red cat", "a red house"]
        assert again.integrity() == []
        again.close()

    def test_a_file_of_commits_that_a_power_cut_took_is_not_believed(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "kept"))
        library.close()
        catalog = layout_in(tmp_path).catalog
        before = catalog.read_bytes()
        library = open_library(tmp_path)
        library.put_file(contents("b.md", "lost with the power"))
        library.close()
        catalog.write_bytes(before)
        library = open_library(tmp_path)
        assert nearest(library) == ["kept"]
        library.put_file(contents("c.md", "a red cat"))
        assert nearest(library) == ["a red cat", "kept"]
        assert library.integrity() == []
        library.close()

    def test_ids_of_lost_commits_that_were_given_again_have_their_new_vectors(
        self, tmp_path: Path
    ) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "kept"))
        library.close()
        catalog = layout_in(tmp_path).catalog
        before = catalog.read_bytes()
        library = open_library(tmp_path)
        library.put_file(contents("b.md", "lost, one", "lost, two"))
        library.close()
        newer = layout_in(tmp_path).vectors.read_bytes()
        catalog.write_bytes(before)
        # As many commits as were lost, with as many passages: numbers and ids are the same.
        library = open_library(tmp_path)
        assert not layout_in(tmp_path).vectors.exists()
        library.put_file(contents("c.md", "a red cat", "a blue house"))
        library.close()
        layout_in(tmp_path).vectors.write_bytes(newer)
        library = open_library(tmp_path)
        assert sorted(nearest(library)) == ["a blue house", "a red cat", "kept"]
        assert library.integrity() == []
        library.close()

    def test_a_reader_starts_again_where_commits_were_lost(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "kept"))
        library.close()
        catalog = layout_in(tmp_path).catalog
        before = catalog.read_bytes()
        library = open_library(tmp_path)
        library.put_file(contents("b.md", "lost with the log"))
        library.close()
        reader = open_library(tmp_path, read_only=True)
        assert "lost with the log" in nearest(reader)
        catalog.write_bytes(before)
        library = open_library(tmp_path)
        library.put_file(contents("c.md", "a red cat"))
        assert reader.refresh()
        assert nearest(reader) == ["a red cat", "kept"]
        reader.close()
        library.close()

    def test_it_is_saved_from_time_to_time(self, library: Library, tmp_path: Path) -> None:
        file = layout_in(tmp_path).vectors
        for number in range(4):
            library.put_file(contents(f"{number}.md", *(f"{number} {n}" for n in range(501))))
        assert file.exists()
        saved = file.stat().st_mtime_ns, file.stat().st_ino
        library.put_file(contents("small.md", "one more"))
        assert (file.stat().st_mtime_ns, file.stat().st_ino) == saved

    def test_nothing_is_written_where_nothing_has_changed(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "text"))
        library.close()
        before = layout_in(tmp_path).vectors.stat().st_ino
        open_library(tmp_path).close()
        assert layout_in(tmp_path).vectors.stat().st_ino == before

    def test_searching_goes_on_while_files_are_put(self, library: Library) -> None:
        library.put_file(contents("always.md", "a red cat"))
        done = Event()

        def search() -> int:
            rounds = 0
            while not done.is_set() or not rounds:
                assert nearest(library)[0] == "a red cat"
                assert library.search_text("red", 5)
                rounds += 1
            return rounds

        with ThreadPoolExecutor(4) as pool:
            searches = [pool.submit(search) for _ in range(4)]
            try:
                for number in range(60):
                    library.put_file(contents(f"{number % 7}.md", f"blue {number}", "a house"))
                    if number % 5 == 0:
                        library.remove_file(f"{number % 7}.md")
                        library.save()
            finally:
                done.set()
            assert all(each.result(timeout=60) for each in searches)
        assert library.integrity() == []


class TestRecipe:
    def test_everything_is_fresh_with_the_same_recipe(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "text"))
        library.skip_file(source("b.md"), "broken")
        assert library.stale_paths() == set()
        library.close()
        again = open_library(tmp_path)
        assert again.stale_paths() == set()
        again.close()

    @pytest.mark.parametrize("changed", ["embedder", "chunking", "readers"])
    def test_another_recipe_makes_files_stale_until_they_are_put(
        self, tmp_path: Path, changed: str
    ) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "a red cat"))
        library.put_file(contents("b.md", "text"))
        library.skip_file(source("c.md"), "broken")
        library.close()
        library = open_library(tmp_path, **{changed: "another"})  # type: ignore[arg-type]
        assert library.stale_paths() == {"a.md", "b.md", "c.md"}
        library.touch_file(source("a.md"))
        assert library.stale_paths() == {"a.md", "b.md", "c.md"}
        library.put_file(contents("a.md", "a red cat"))
        library.skip_file(source("c.md"), "broken")
        assert library.stale_paths() == {"b.md"}
        library.close()

    def test_vectors_of_another_model_are_neither_served_nor_used(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        old = library.put_file(contents("a.md", "a red cat")).added.tolist()
        library.close()
        library = open_library(tmp_path, embedder="another")
        assert nearest(library) == []
        assert library.known_vectors(contents("b.md", "a red cat").chunks) == {}
        assert [hit[0] for hit in library.search_text("cat", 5)] == old
        change = library.put_file(contents("a.md", "a red cat"))
        assert change.removed.tolist() == old
        assert nearest(library) == ["a red cat"]
        assert library.integrity() == []
        library.close()

    def test_other_chunking_goes_on_serving_the_old_chunks(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "a red cat"))
        library.close()
        library = open_library(tmp_path, chunking="another")
        assert nearest(library) == ["a red cat"]
        assert library.known_vectors(contents("b.md", "a red cat").chunks)
        library.close()


class TestSecondDocsearch:
    def test_the_second_reads_and_follows_the_first(self, library: Library, tmp_path: Path) -> None:
        library.put_file(contents("a.md", "a red cat", "soon gone"))
        second = open_library(tmp_path)
        assert not library.read_only
        assert second.read_only
        assert second.notice == "another docsearch is indexing this folder"
        assert nearest(second) == ["a red cat", "soon gone"]
        assert not second.refresh()

        library.put_file(contents("a.md", "a red cat", "a house"))
        library.move_file("a.md", source("b.md"))
        assert second.refresh()
        assert nearest(second) == ["a red cat", "a house"]
        assert second.files().keys() == {"b.md"}
        assert not second.refresh()
        assert second.integrity() == []
        second.close()

    def test_the_second_writes_nothing(self, library: Library, tmp_path: Path) -> None:
        library.put_file(contents("a.md", "text"))
        second = open_library(tmp_path)
        for write in (
            lambda: second.put_file(contents("b.md", "text")),
            lambda: second.move_file("a.md", source("b.md")),
            lambda: second.touch_file(source("a.md")),
            lambda: second.remove_file("a.md"),
            lambda: second.skip_file(source("a.md"), "broken"),
        ):
            with pytest.raises(IndexStoreError, match="another docsearch is indexing"):
                write()
        second.save()
        second.close()
        assert not layout_in(tmp_path).vectors.exists()
        assert library.counts() == (1, 1, 0)

    def test_the_second_takes_over_when_the_first_is_gone(self, tmp_path: Path) -> None:
        first = open_library(tmp_path)
        first.put_file(contents("a.md", "a red cat"))
        second = open_library(tmp_path)
        assert not second.try_promote()
        first.put_file(contents("b.md", "a house"))
        first.close()
        assert second.try_promote()
        assert not second.read_only
        assert second.notice is None
        assert nearest(second) == ["a red cat", "a house"]
        second.put_file(contents("c.md", "a red house"))
        assert second.integrity() == []
        assert opened_read_only(tmp_path)
        second.close()
        assert not list(layout_in(tmp_path).folder.glob("*-wal"))
        assert not second.try_promote()

    @pytest.mark.parametrize("most_whole_bytes", [FaissIndex.most_whole_bytes, 0])
    def test_searches_go_on_while_it_takes_over(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_whole_bytes: int
    ) -> None:
        monkeypatch.setattr(FaissIndex, "most_whole_bytes", most_whole_bytes)
        first = open_library(tmp_path)
        first.put_file(contents("a.md", *(f"a red cat {n}" for n in range(50))))
        second = open_library(tmp_path)
        before = second._view
        first.close()
        assert second.try_promote()
        # A search that had begun with the view of the reader, and reads its vectors at the end.
        assert len(before.search(QUERY, 5)) == 5
        assert len(nearest(second, 5)) == 5
        second.close()

    def test_the_second_takes_over_when_the_first_is_killed(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "tests.storage.crash_writer", str(tmp_path), "1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
            assert first.stdout is not None
            assert first.stdout.readline() == "open\n"
            second = open_library(tmp_path)
            assert second.read_only
            assert not second.try_promote()
            first.stdout.readline()
            first.kill()
            first.stdout.read()
        assert second.try_promote()
        assert second.integrity() == []
        second.close()

    def test_one_opened_for_reading_never_takes_over(self, tmp_path: Path) -> None:
        open_library(tmp_path).close()
        reader = open_library(tmp_path, read_only=True)
        assert reader.read_only
        assert not reader.try_promote()
        with pytest.raises(IndexStoreError, match="opened for reading"):
            reader.remove_file("a.md")
        writer = open_library(tmp_path)
        assert not writer.read_only
        writer.put_file(contents("a.md", "a red cat"))
        assert reader.refresh()
        assert nearest(reader) == ["a red cat"]
        writer.close()
        reader.close()

    def test_there_must_be_something_to_read(self, tmp_path: Path) -> None:
        with pytest.raises(IndexStoreError, match=r"no index at .*docsearch index"):
            open_library(tmp_path, read_only=True)
        assert not layout_in(tmp_path).folder.exists()


def opened_read_only(folder: Path) -> bool:
    library = open_library(folder)
    read_only = library.read_only
    library.close()
    return read_only


class TestGone:
    def test_the_index_is_made_again_where_its_directory_was_deleted(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "a red cat"))
        shutil.rmtree(layout_in(tmp_path).folder.parent.parent)
        with pytest.raises(IndexGoneError, match="was deleted, moved or replaced"):
            library.put_file(contents("b.md", "a blue house"))
        with pytest.raises(IndexGoneError):
            library.counts()
        library.reopen()
        assert library.counts() == (0, 0, 0)
        library.put_file(contents("a.md", "a red cat"))
        assert nearest(library) == ["a red cat"]
        assert library.integrity() == []
        library.close()

    def test_who_comes_second_reads_what_another_has_made_meanwhile(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        shutil.rmtree(layout_in(tmp_path).folder)
        other = open_library(tmp_path)
        other.put_file(contents("a.md", "a red cat"))
        library.reopen()
        assert library.read_only
        assert nearest(library) == ["a red cat"]
        other.close()
        assert library.try_promote()
        library.close()


class TestClosing:
    def test_closing_twice_is_no_fault(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "text"))
        library.close()
        library.close()
        with pytest.raises(IndexStoreError, match="has been closed"):
            library.files()
        assert not list(layout_in(tmp_path).folder.glob("*-wal"))

    def test_an_open_that_fails_lets_the_lock_go(self, tmp_path: Path) -> None:
        layout_in(tmp_path).create()
        layout_in(tmp_path).catalog.write_bytes(b"no database" * 1000)
        with pytest.raises(IndexStoreError, match="damaged") as failure:
            open_library(tmp_path)
        layout_in(tmp_path).catalog.unlink()
        assert not opened_read_only(tmp_path)
        assert failure.traceback  # alive until here, and with it all that the failed open held

    def test_batches_of_vectors_may_be_left_half_read(self, library: Library) -> None:
        library.put_file(contents("a.md", "one", "two", "three"))
        batches = library.vectors(batch=1)
        ids, _ = next(batches)
        library.remove_file("a.md")
        assert np.array_equal(next(batches)[0], ids + 1)  # still of the same moment
        del batches
        assert library.counts() == (0, 0, 0)


class TestIntegrity:
    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            ("DELETE FROM vectors WHERE chunk_id = 1", "1 chunks have no vector."),
            ("UPDATE vectors SET vector = x'00' WHERE chunk_id = 1", "of the wrong length"),
            ("UPDATE files SET title = 'other'", "full-text index is out of step"),
            (
                "UPDATE chunks SET text = 'other' WHERE id = 1",
                "text of 1 file is not what was read",
            ),
            ("UPDATE files SET chunk_count = 9", "1 files do not have as many chunks"),
            (
                "INSERT INTO full_text (full_text) VALUES ('delete-all')",
                "2 chunks are missing in the full-text index",
            ),
            (
                "UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE chunk_id = 2)",
                "1 vectors in FAISS are not those of the catalog.",
            ),
        ],
    )
    @pytest.mark.parametrize("read_only", [False, True])
    def test_faults_are_told(
        self, tmp_path: Path, fault: str, expected: str, *, read_only: bool
    ) -> None:
        with closing(open_library(tmp_path)) as library:
            library.put_file(contents("a.md", "one", "two"))
        with closing(connect(layout_in(tmp_path).catalog, Access.WRITE)) as db:
            db.execute(fault)
        with closing(open_library(tmp_path, read_only=read_only)) as library:
            assert any(expected in problem for problem in library.integrity())


class TestDamagedText:
    """A disk that flips bits: SQLite has no sums, but each chunk has its hash."""

    DAMAGE = (
        "UPDATE chunks SET text = CAST(replace(text, 'red', {}) AS TEXT) WHERE text LIKE '%red%'"
    )

    def damaged(self, folder: Path, instead: str) -> None:
        with closing(open_library(folder)) as library:
            library.put_file(contents("a.md", "a red cat", "a blue cat"))
            library.put_file(contents("b.md", "a cat"))
        with closing(connect(layout_in(folder).catalog, Access.WRITE)) as db:
            db.execute(self.DAMAGE.format(instead))

    @pytest.mark.parametrize("instead", ["'rad'", "x'72ff64'", "x'000000'"])
    @pytest.mark.parametrize("read_only", [False, True])
    def test_it_is_left_out_and_its_file_is_read_again(
        self, tmp_path: Path, instead: str, *, read_only: bool
    ) -> None:
        self.damaged(tmp_path, instead)
        with closing(open_library(tmp_path, read_only=read_only)) as library:
            texts = {each.chunk.text for each in library.chunks(library.chunk_ids())}
            assert texts == {"a blue cat", "a cat"}
            assert library.damaged == {"a.md"}
        with closing(open_library(tmp_path)) as library:
            assert library.stale_paths() == {"a.md"}
            library.put_file(contents("a.md", "a red cat", "a blue cat"))
            assert library.stale_paths() == set()
            assert library.damaged == frozenset()
            assert len(library.chunks(library.chunk_ids())) == 3
            assert library.integrity() == []

    @pytest.mark.parametrize("instead", ["'rad'", "x'72ff64'"])
    def test_what_cannot_be_had_again_takes_no_words_with_it(
        self, tmp_path: Path, instead: str
    ) -> None:
        self.damaged(tmp_path, instead)
        with closing(open_library(tmp_path)) as library:
            library.put_file(contents("a.md", "something else"))
            assert library.search_text("red", 5) == []
            assert library.integrity() == []
            library.remove_file("b.md")
            assert library.integrity() == []
