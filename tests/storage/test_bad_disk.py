"""A torn file, a full disk, a directory that cannot be written: what is said, and what is kept."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from docsearch.domain.errors import DamagedIndexError, IndexStoreError
from docsearch.storage.library import Library
from tests.fakes.contents import contents
from tests.fakes.embedder import FakeEmbedder
from tests.storage.libraries import layout_in, open_library
from tests.storage.limits import file_size_limit, open_to_all, unwritable

TOLD = r"index\.sqlite is damaged\. Your documents are not: move that file away"


def make_index(folder: Path) -> Path:
    library = open_library(folder)
    for number in range(40):
        library.put_file(contents(f"{number}.md", *(f"cat {number} {n}" for n in range(30))))
    library.close()
    return layout_in(folder).catalog


def use_all(library: Library) -> None:
    try:
        library.files()
        library.chunks(range(2000))
        library.search_text("cat", 2000)
        list(library.vectors())
        library.put_file(contents("new.md", "text"))
    finally:
        library.close()


class TestTornCatalog:
    @pytest.mark.parametrize("damage", ["random", "text", "truncated", "header only"])
    def test_it_is_told_and_left_as_it_is(self, tmp_path: Path, damage: str) -> None:
        catalog = make_index(tmp_path)
        whole = catalog.read_bytes()
        torn = {
            "random": random.Random(1).randbytes(len(whole)),
            "text": b"This is no database.\n" * 100,
            "truncated": whole[: len(whole) // 3],
            "header only": whole[:100],
        }[damage]
        catalog.write_bytes(torn)
        with pytest.raises(DamagedIndexError, match=TOLD):
            use_all(open_library(tmp_path))
        assert catalog.read_bytes()[100:] == torn[100:]

    @pytest.mark.parametrize("seed", range(6))
    def test_damage_inside_is_told_when_it_is_met(self, tmp_path: Path, seed: int) -> None:
        catalog = make_index(tmp_path)
        whole = bytearray(catalog.read_bytes())
        chance = random.Random(seed)
        for start in range(4096, len(whole), 4096):
            whole[start : start + 600] = chance.randbytes(600)
        catalog.write_bytes(whole)
        with pytest.raises(DamagedIndexError, match=TOLD):
            use_all(open_library(tmp_path))

    def test_doctor_hears_of_it(self, tmp_path: Path) -> None:
        catalog = make_index(tmp_path)
        library = open_library(tmp_path)
        with catalog.open("r+b") as file:
            for start in range(8192, catalog.stat().st_size, 4096):
                file.seek(start)
                file.write(b"\xff" * 600)
        assert library.integrity() != []
        library.close()

    def test_an_empty_file_is_a_new_index(self, tmp_path: Path) -> None:
        catalog = make_index(tmp_path)
        catalog.write_bytes(b"")
        library = open_library(tmp_path)
        assert library.counts() == (0, 0, 0)
        library.put_file(contents("a.md", "a red cat"))
        assert library.integrity() == []
        library.close()


class TestFullDisk:
    def test_what_was_committed_stays_and_work_goes_on_later(self, tmp_path: Path) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "a red cat"))
        large = contents("b.md", *(f"word {number} " * 20 for number in range(400)))
        log = layout_in(tmp_path).folder / "index.sqlite-wal"
        with (
            file_size_limit(log.stat().st_size + 100_000),
            pytest.raises(IndexStoreError, match=r"index\.sqlite.*disk.*--data-dir"),
        ):
            library.put_files([contents("c.md", "a blue cat"), large])
        assert library.counts() == (1, 1, 0)
        assert library.integrity() == []
        library.put_files([contents("c.md", "a blue cat"), large])
        assert library.counts() == (3, 402, 0)
        assert library.integrity() == []
        library.close()

    def test_a_new_index_cannot_be_made(self, tmp_path: Path) -> None:
        with file_size_limit(2000), pytest.raises(IndexStoreError, match="disk"):
            open_library(tmp_path)
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "text"))
        assert library.integrity() == []
        library.close()

    def test_vectors_that_cannot_be_saved_do_not_keep_it_from_closing(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", *(f"text {number}" for number in range(400))))
        with file_size_limit(5000):
            with pytest.raises(IndexStoreError, match="disk"):
                library.save()
            library.close()
        assert "disk" in caplog.text
        again = open_library(tmp_path)
        assert again.counts() == (1, 400, 0)
        assert again.integrity() == []
        again.close()


class TestUnwritableDirectory:
    def test_an_index_that_is_there_is_read(self) -> None:
        with open_to_all() as folder:
            make_index(folder)
            with unwritable(folder):
                library = open_library(folder)
                try:
                    assert library.read_only
                    assert library.notice == "the index cannot be written: Permission denied"
                    assert library.counts() == (40, 1200, 0)
                    assert len(library.search_text("cat", 5)) == 5
                    query = FakeEmbedder().embed_query("cat")
                    assert len(library.search_vectors(query, 5)) == 5
                    assert library.integrity() == []
                    assert not library.refresh()
                    assert not library.try_promote()
                    with pytest.raises(IndexStoreError, match=r"only reads .*Permission denied"):
                        library.remove_file("1.md")
                    library.save()
                finally:
                    library.close()

    def test_what_another_user_writes_there_is_followed(self) -> None:
        with open_to_all() as folder:
            make_index(folder)
            with unwritable(folder):
                reader = open_library(folder)
                assert reader.counts() == (40, 1200, 0)
            writer = open_library(folder)
            for number in range(30):
                writer.remove_file(f"{number}.md")
            writer.put_file(contents("dog.md", *(f"dog {n}" for n in range(300))))
            writer.close()
            with unwritable(folder):
                try:
                    assert reader.refresh()
                    assert reader.counts() == (11, 600, 0)
                    assert len(reader.search_text("dog", 999)) == 300
                    assert reader.integrity() == []
                finally:
                    reader.close()

    def test_what_a_killed_writer_left_in_its_log_is_read(self) -> None:
        with open_to_all() as folder:
            library = open_library(folder)
            library.put_file(contents("a.md", "a red cat"))
            assert (layout_in(folder).folder / "index.sqlite-wal").stat().st_size > 0
            with unwritable(folder):
                reader = open_library(folder)
                try:
                    assert reader.counts() == (1, 1, 0)
                finally:
                    reader.close()
            library.close()

    def test_without_an_index_there_is_nothing_to_do(self) -> None:
        with (
            open_to_all() as folder,
            unwritable(folder),
            pytest.raises(IndexStoreError, match=r"cannot be made: Permission.*--data-dir"),
        ):
            open_library(folder)

    def test_with_an_empty_directory_there_is_nothing_to_do(self) -> None:
        with open_to_all() as folder:
            layout_in(folder).create()
            with (
                unwritable(folder),
                pytest.raises(IndexStoreError, match=r"no index at .*Permission denied"),
            ):
                open_library(folder)
