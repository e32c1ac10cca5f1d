from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from docsearch.domain.document import SourceFile
from docsearch.files import MOST_BYTES
from docsearch.ingest.put_off import PutOff
from docsearch.judging.kept_times import KeptTimes
from docsearch.serving.speeds import Speeds
from docsearch.tui.history import History, load


def _is_folder(file: Path) -> None:
    file.mkdir()


def _is_pipe(file: Path) -> None:
    os.mkfifo(file)


def _is_loop(file: Path) -> None:
    file.symlink_to(file.name)


def _never_ends(file: Path) -> None:
    file.symlink_to("/dev/zero")


def _is_large(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)


def _holds(data: bytes) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_bytes(data)

    return write


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of Unix")
@pytest.mark.parametrize(
    "spoil",
    [
        _is_folder,
        _is_pipe,
        _is_loop,
        _never_ends,
        _is_large,
        _holds(b""),
        _holds(b"\0" * 500),
        _holds(b"\xef\xbb\xbf{}"),
        _holds('{"a": 1}'.encode("utf-16")),
        _holds(b"[" * 200_000),
        _holds(b'{"a":' * 100_000),
        _holds(b'{"a": 1' + b"0" * 5000 + b"}"),
        _holds(b'{"a": ["x", NaN, 1e400, -Infinity]}'),
        _holds(b'[["a.md", 7, 1e400, NaN], ["a.md", 7, 1, -Infinity]]'),
        _holds(b'[[["x"], 7, 1, 1], 5, null, {}]'),
    ],
)
def test_notes_that_cannot_be_read_count_as_none(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    file = tmp_path / "notes"
    spoil(file)
    assert PutOff(file).deaths(SourceFile("a.md", 7, 1, (1, 1))) is None
    assert load(file) == History()
    Speeds(file)
    KeptTimes(file)
