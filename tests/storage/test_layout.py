from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from docsearch.domain.errors import IndexStoreError
from docsearch.storage.layout import IndexLayout
from tests.fakes.contents import contents
from tests.storage.libraries import layout_in, open_library
from tests.storage.limits import open_to_all, unreadable

posix_only = pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")


def test_each_folder_has_a_place_of_its_own_with_a_readable_name(tmp_path: Path) -> None:
    one = IndexLayout.of(tmp_path / "My Notes (2024)", tmp_path / "data")
    other = IndexLayout.of(tmp_path / "other" / "My Notes (2024)", tmp_path / "data")
    assert one.folder.name.startswith("my-notes-2024-")
    assert one.folder != other.folder
    assert one.folder.parent == other.folder.parent


def test_the_same_folder_has_one_place_however_it_is_named(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (tmp_path / "link").symlink_to(notes)
    layouts = {
        IndexLayout.of(each, tmp_path / "data")
        for each in (notes, tmp_path / "x" / ".." / "notes", tmp_path / "link")
    }
    assert len(layouts) == 1


@pytest.mark.parametrize("name", ["🎉", "a" * 255, "\udcff", "-", "..."])
def test_any_name_of_a_folder_gives_a_name_of_a_directory(tmp_path: Path, name: str) -> None:
    layout = IndexLayout.of(tmp_path / name, tmp_path / "data")
    layout.create()
    assert layout.folder.is_dir()
    assert layout.folder.name.isascii()


@posix_only
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_the_owner_alone_may_use_any_of_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        library = open_library(tmp_path)
        library.put_file(contents("a.md", "text"))
        library.save()
        files = list(layout_in(tmp_path).folder.iterdir())
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in files}
        library.close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(
        ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "vectors.faiss", "writer.lock"),
        0o600,
    )
    folder = layout_in(tmp_path).folder
    for each in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(each.stat().st_mode) == 0o700


def test_an_index_exists_once_it_was_opened_and_its_size_is_that_of_its_files(
    tmp_path: Path,
) -> None:
    assert not layout_in(tmp_path).exists()
    assert layout_in(tmp_path).bytes_on_disk() == 0
    open_library(tmp_path).close()
    assert layout_in(tmp_path).exists()
    taken = layout_in(tmp_path).bytes_on_disk()
    (layout_in(tmp_path).folder / "more").write_bytes(b"x" * 1000)
    assert layout_in(tmp_path).bytes_on_disk() == taken + 1000


def test_an_index_that_may_not_be_looked_at_is_not_taken_for_none() -> None:
    with open_to_all() as folder:
        open_library(folder).close()
        with unreadable(layout_in(folder).folder.parent):
            with pytest.raises(IndexStoreError, match=r"cannot be read: Permission.*--data-dir"):
                layout_in(folder).exists()
            with pytest.raises(IndexStoreError, match=r"cannot be read: Permission.*--data-dir"):
                open_library(folder, read_only=True)


@posix_only
def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    open_library(tmp_path).close()
    catalog = layout_in(tmp_path).catalog
    catalog.chmod(0o644)
    open_library(tmp_path).close()
    assert stat.S_IMODE(catalog.stat().st_mode) == 0o600


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a directory")
    with pytest.raises(IndexStoreError, match=r"cannot be made: .*--data-dir"):
        open_library(tmp_path)
