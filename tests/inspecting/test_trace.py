from __future__ import annotations

import os
from pathlib import Path

import pytest

from docsearch.domain.document import Skipped, SourceFile
from docsearch.domain.errors import UsageError
from docsearch.inspecting.trace import Target, entry_at, find_target

LIMIT = 1000


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "notes"
    (folder / "ops").mkdir(parents=True)
    (folder / "ops" / "disk.md").write_text("disk")
    (folder / "disk.md").write_text("another disk")
    (folder / "odd:3").write_text("its name ends in a number")
    (folder / ".gitignore").write_text("*.log\n/private/\n")
    (folder / "debug.log").write_text("ignored")
    (folder / "private").mkdir()
    (folder / "private" / "diary.md").write_text("ignored with its folder")
    (folder / "large.md").write_text("x" * (LIMIT + 1))
    (folder / "link.md").symlink_to("disk.md")
    (tmp_path / "outside.md").write_text("outside")
    return folder


def found(typed: str, notes: Path, here: Path | None = None, indexed: str = "") -> Target:
    return find_target(typed, notes, here or notes.parent, lambda path: path == indexed)


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("disk.md", Target("disk.md")),
        ("./ops//disk.md", Target("ops/disk.md")),
        ("ops/../disk.md:12", Target("disk.md", 12)),
        ("notes/ops/disk.md:3", Target("ops/disk.md", 3)),
        ("odd:3", Target("odd:3")),
        ("odd:3:7", Target("odd:3", 7)),
        ("link.md", Target("link.md")),
        ("nowhere.md:4", Target("nowhere.md", 4)),
        ("ops/nowhere.md", Target("ops/nowhere.md")),
    ],
)
def test_a_target_is_found_from_the_folder_or_from_where_one_stands(
    typed: str, target: Target, notes: Path
) -> None:
    assert found(typed, notes) == target


def test_the_folder_s_own_path_comes_before_where_one_stands(notes: Path) -> None:
    assert found("disk.md", notes, here=notes / "ops") == Target("disk.md")
    (notes / "disk.md").unlink()
    assert found("disk.md", notes, here=notes / "ops") == Target("ops/disk.md")


def test_an_absolute_path_may_also_go_through_a_link(notes: Path, tmp_path: Path) -> None:
    assert found(f"{notes}/ops/disk.md:2", notes) == Target("ops/disk.md", 2)
    other_name = tmp_path / "other-name"
    other_name.symlink_to(notes)
    assert found(f"{other_name}/ops/disk.md", notes) == Target("ops/disk.md")


def test_a_file_that_is_gone_from_the_disk_may_still_be_indexed(notes: Path) -> None:
    assert found("gone:5", notes, indexed="gone:5") == Target("gone:5")
    assert found("gone:5", notes) == Target("gone", 5)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("../outside.md", "not in the folder"),
        ("/etc/hostname:1", "not in the folder"),
        ("ops", "is a folder"),
        (".", "is a folder"),
        ("disk.md:0", "lines count from 1"),
        ("", "names no file"),
        ("a\0b", "names no file"),
    ],
)
def test_what_cannot_be_a_target_is_refused(typed: str, told: str, notes: Path) -> None:
    with pytest.raises(UsageError, match=told):
        found(typed, notes, here=notes)


def test_a_name_that_is_not_utf_8_is_a_name(notes: Path) -> None:
    name = os.fsdecode(b"\xff.md")
    (notes / name).write_text("odd")
    assert found(f"{name}:1", notes) == Target(name, 1)
    assert isinstance(entry_at(notes, name, LIMIT), SourceFile)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("debug.log", "ignored by .gitignore, line 1"),
        ("private/diary.md", "ignored by .gitignore, line 2"),
        ("private/deep/nowhere.md", "ignored by .gitignore, line 2"),
        (".hidden/x.md", None),
        ("large.md", "larger than the limit"),
        ("link.md", "a link inside the folder"),
        ("nowhere.md", None),
        ("disk.md/inside", None),
    ],
)
def test_what_is_left_out_is_told_with_the_reason(
    path: str, reason: str | None, notes: Path
) -> None:
    entry = entry_at(notes, path, LIMIT)
    if reason is None:
        assert entry is None
    else:
        assert isinstance(entry, Skipped)
        assert entry.reason.startswith(reason)


def test_what_would_be_indexed_is_a_file(notes: Path) -> None:
    entry = entry_at(notes, "ops/disk.md", LIMIT)
    assert isinstance(entry, SourceFile)
    assert entry.path == "ops/disk.md"
