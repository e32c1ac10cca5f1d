"""What docsearch makes is whole or not there, and its owner's alone, whatever the umask."""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import docsearch
from docsearch.files import (
    draft,
    make_folder,
    open_file,
    put_in_place,
    read_file,
    replace_file,
    replacing,
)
from tests.storage.limits import file_size_limit


@pytest.fixture(params=[0o000, 0o022, 0o077])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("_umask")
@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")
def test_every_folder_and_file_that_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b" / "c")
    assert {mode_of(tmp_path / each) for each in ("a", "a/b", "a/b/c")} == {0o700}
    replace_file(tmp_path / "a" / "one", b"1")
    with replacing(tmp_path / "a" / "two", alone=True) as file:
        file.write(b"2")
    replace_file(tmp_path / "a" / "open", b"3", 0o644)
    assert [mode_of(tmp_path / "a" / each) for each in ("one", "two", "open")] == [
        0o600,
        0o600,
        0o644,
    ]


@pytest.mark.parametrize("alone", [True, False])
def test_what_cannot_be_written_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, *, alone: bool
) -> None:
    place = tmp_path / "file"
    replace_file(place, b"before")
    with (
        file_size_limit(1000),
        pytest.raises(OSError, match="File too large"),
        replacing(place, alone=alone) as file,
    ):
        file.write(b"x" * 5000)
    assert place.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [place]


def test_a_large_file_that_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    place = tmp_path / "file"
    (tmp_path / ".file.new").write_bytes(b"left by another, and longer")
    with replacing(place, alone=True) as file:
        file.write(b"short")
    assert place.read_bytes() == b"short"
    assert list(tmp_path.iterdir()) == [place]


RENAMES = {"rename", "renames", "move"}

NO_RENAMES = {
    "tui/terminal_input.py": "Textual's input replaces a selection by the same name",
    "storage/scores.py": "a damaged cache is moved to where it is deleted: nothing has to last",
}


def renames_in(source: str) -> list[int]:
    """Lines that rename a file: `a.rename(b)`, `shutil.move(a, b)`, `os.replace(a, b)`.

    `path.replace(other)` has one argument, `text.replace(old, new)` has two.
    """
    calls = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call)]
    methods = [(each, each.func) for each in calls if isinstance(each.func, ast.Attribute)]
    return [
        call.lineno
        for call, method in methods
        if method.attr in RENAMES
        or (method.attr == "replace" and not call.keywords and len(call.args) == 1)
        or (method.attr == "replace" and ast.unparse(method.value) == "os")
    ]


def test_renames_are_found_whatever_their_form() -> None:
    assert renames_in("a.replace(b)\na.rename(b)\nshutil.move(a, b)\nos.replace(a, b)") == [
        1,
        2,
        3,
        4,
    ]
    assert renames_in('"a".replace("b", "c")\nreplace(a, b=1)\nwhen.replace(year=1)') == []


def test_only_one_module_renames_or_replaces_files() -> None:
    package = Path(docsearch.__file__).parent
    found = [
        f"{path.relative_to(package)}:{line}"
        for path in sorted(package.rglob("*.py"))
        for line in renames_in(path.read_text("utf-8"))
        if path.relative_to(package).as_posix() not in NO_RENAMES
    ]
    assert found
    assert {each.split(":")[0] for each in found} == {"files.py"}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was synced and what got a new name, in order, by inode."""
    made: list[tuple[str, int]] = []
    sync, replace = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        made.append(("sync", os.fstat(descriptor).st_ino))
        sync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        made.append(("rename", path.stat().st_ino))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    return made


@pytest.mark.skipif(os.name != "posix", reason="folders are synced on POSIX")
def test_content_is_on_the_disk_before_its_name_and_the_name_before_the_end(
    tmp_path: Path, steps: list[tuple[str, int]]
) -> None:
    place = tmp_path / "file"
    folder = tmp_path.stat().st_ino

    replace_file(place, b"one")
    file = place.stat().st_ino
    assert steps == [("sync", file), ("rename", file), ("sync", folder)]

    written = draft(place, b"two")
    steps.clear()
    put_in_place(written, place)
    file = place.stat().st_ino
    assert steps == [("sync", file), ("rename", file), ("sync", folder)]
    assert place.read_bytes() == b"two"


@pytest.mark.skipif(os.name != "posix", reason="folders are synced on POSIX")
def test_a_folder_takes_its_place_after_all_that_is_in_it(
    tmp_path: Path, steps: list[tuple[str, int]]
) -> None:
    room = tmp_path / "room"
    (room / "below").mkdir(parents=True)
    for name in ("one", "below/two", "below/three"):
        (room / name).write_text(name)
    inside = {each.stat().st_ino for each in (room, *room.rglob("*"))}
    top = room.stat().st_ino

    put_in_place(room, tmp_path / "place")

    assert {each for what, each in steps[:-2] if what == "sync"} == inside
    assert steps[-3:] == [("sync", top), ("rename", top), ("sync", tmp_path.stat().st_ino)]
    assert (tmp_path / "place" / "below" / "two").read_text() == "below/two"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX's")
def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    whole, pipe, loop = tmp_path / "whole", tmp_path / "pipe", tmp_path / "loop"
    whole.write_bytes(b"all of it")
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    (tmp_path / "link").symlink_to(whole)
    assert read_file(whole) == read_file(tmp_path / "link") == b"all of it"
    for place, reason in [
        (pipe, "It is not a regular file"),
        (Path(os.devnull), "It is not a regular file"),
        (tmp_path, "Is a directory"),
        (loop, "Too many levels of symbolic links"),
        (tmp_path / "none", "No such file or directory"),
    ]:
        with pytest.raises(OSError, match=reason):
            open_file(place)


def test_no_more_is_read_of_a_file_than_it_may_have(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert read_file(file, 5) == read_file(file, None) == b"12345"
    with pytest.raises(OSError, match="larger than 4 bytes"):
        read_file(file, 4)


READS_OTHERWISE = {
    "models/cores.py",  # files of the system
    "serving/machine.py",
    "serving/tunings.py",
    "storage/beside.py",
    "watching/mounts.py",
    "models/descriptions.py",  # files of the package
    "cases/page.py",
    "tuning/sample.py",
    "judging/judged_files.py",  # named on the command line, where a pipe may be meant
}


def test_one_module_reads_whatever_can_be_put_in_a_files_place() -> None:
    package = Path(docsearch.__file__).parent
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"read_bytes", "read_text"}
    }
    assert found == READS_OTHERWISE
