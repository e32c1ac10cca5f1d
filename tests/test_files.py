"""What docsearch makes is whole or not there, and its owner's alone, whatever the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from docsearch.files import make_folder, replace_file, replacing
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
