"""Files whose disk is not there are kept; files that were deleted are not."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from docsearch.domain.document import SourceFile
from docsearch.ingest.away import away, in_words
from tests.ingest.folders import Workshop, paragraph

APPLE, PEAR = paragraph("apple"), paragraph("pear")


def on(device: int, *paths: str) -> dict[str, SourceFile]:
    return {path: SourceFile(path, 1, 1, (device, number)) for number, path in enumerate(paths)}


def test_files_are_away_whose_device_was_not_met() -> None:
    known = on(1, "a", "b") | on(2, "usb/x", "usb/y")
    assert away(known, {"a"}, {1}) == {"usb/x", "usb/y"}
    assert away(known, {"a", "usb/x"}, {1, 2}) == set()


def test_files_that_were_all_deleted_from_a_disk_that_is_there_are_not_away() -> None:
    assert away(on(1, "a", "b"), set(), {1}) == set()


def test_files_of_a_folder_that_has_gone_to_another_disk_are_not_away() -> None:
    assert away(on(1, "a", "b"), {"a"}, {2}) == set()


def test_where_files_are_away_is_told() -> None:
    assert in_words(set()) is None
    assert (in_words({"usb/a/x", "usb/b/y"}) or "").startswith("2 files in usb cannot be seen")
    assert (in_words({"x"}) or "").startswith("1 file cannot be seen")


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    folder = tmp_path / "notes"
    folder.mkdir()
    return Workshop(folder)


def to_another_disk(shop: Workshop, *paths: str) -> None:
    """As if these had been on a disk that is not mounted any more."""
    for path in paths:
        source = shop.library.files()[path].source
        device, inode = source.file_id
        shop.library.touch_file(replace(source, file_id=(device + 1, inode)))
        (shop.folder / path).unlink()


def test_a_disk_that_is_not_mounted_empties_nothing_and_is_taken_up_again(shop: Workshop) -> None:
    shop.write("usb/a.md", APPLE)
    shop.write("b.md", PEAR)
    shop.catch_up()
    to_another_disk(shop, "usb/a.md")
    shop.catch_up()
    assert shop.index() == {"usb/a.md": [APPLE], "b.md": [PEAR]}
    assert "1 file in usb cannot be seen" in (shop.pipeline.notice or "")
    (shop.folder / "usb").rmdir()
    shop.apply("usb")
    assert set(shop.index()) == {"usb/a.md", "b.md"}
    shop.write("usb/a.md", APPLE)
    assert shop.catch_up() == []
    assert shop.pipeline.notice is None


def test_whoever_deletes_everything_empties_the_index(shop: Workshop) -> None:
    paths = [shop.write(f"sub/{number}.md", APPLE) for number in range(3)]
    shop.catch_up()
    for path in paths:
        path.unlink()
    (shop.folder / "sub").rmdir()
    shop.catch_up()
    assert shop.index() == {}


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ENOTCONN])
def test_a_folder_that_the_system_fails_to_list_keeps_what_was_in_it(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    shop.write("net/deep/a.md", APPLE)
    shop.write("b.md", PEAR)
    shop.catch_up()
    listdir = os.listdir

    def failing(path: str) -> list[str]:
        if path.endswith("/net"):
            raise OSError(number, os.strerror(number))
        return listdir(path)

    monkeypatch.setattr(os, "listdir", failing)
    shop.catch_up()
    assert set(shop.index()) == {"net/deep/a.md", "b.md"}
    assert "the folder cannot be read" in shop.reasons()["net/"]
    assert shop.pipeline.unseen == {"net"}
    monkeypatch.undo()
    (shop.folder / "net" / "deep" / "a.md").unlink()
    shop.apply(*shop.pipeline.unseen)
    assert set(shop.index()) == {"b.md"}
    assert shop.reasons() == {}
    assert shop.pipeline.unseen == set()


def test_a_file_that_the_disk_fails_to_read_keeps_what_was_read_of_it(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.write("a.md", APPLE)
    shop.catch_up()
    path.write_text(PEAR)

    def failing(file: int, most: int) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("docsearch.ingest.safe_open._read", failing)
    shop.catch_up()
    assert shop.index() == {"a.md": [APPLE]}
    assert shop.pipeline.notice is not None
    monkeypatch.undo()
    shop.catch_up()
    assert shop.index() == {"a.md": [PEAR]}
    assert shop.pipeline.notice is None


def test_a_folder_that_may_not_be_read_leaves_the_index(plain_folder: Path) -> None:
    shop = Workshop(plain_folder)
    shop.write("sub/a.md", APPLE)
    shop.catch_up()
    (plain_folder / "sub").chmod(0o000)
    shop.catch_up()
    (plain_folder / "sub").chmod(0o700)
    assert shop.index() == {}
    assert shop.reasons() == {"sub/": "the folder cannot be read: permission denied"}
