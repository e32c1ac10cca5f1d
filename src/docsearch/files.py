"""Files of docsearch's own making: written whole or not at all, and for their owner alone.

In: a place and bytes. Out: files and folders, on the disk when a function returns. Does not know
what is written, nor what callers make of an OSError. Nothing else in docsearch renames or replaces
a file: a new name that reaches the disk before its content is an empty file after a power cut.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

FOLDER_MODE = 0o700
FILE_MODE = 0o600

MOST_BYTES = 64_000_000
"""Of a small file that docsearch or a user keeps: settings, notes, a model's description."""


def may_use(path: Path, mode: int) -> bool:
    """Whether what is there may be used so (`os.R_OK` and its like) by this process."""
    # By its effective user, where the system can tell: it is that one who reads and writes.
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def make_folder(folder: Path) -> None:
    """Make the folder and all above it that are missing, for their owner alone. Raises OSError.

    `mkdir(parents=True)` would give those above it the mode of the umask.
    """
    missing = []
    for each in (folder, *folder.parents):
        if each.is_dir():
            break
        missing.append(each)
    for each in reversed(missing):
        each.mkdir(FOLDER_MODE, exist_ok=True)


def read_file(path: Path, most: int | None = MOST_BYTES) -> bytes:
    """The whole file. Raises OSError as `open_file`, and if it has more than `most` bytes."""
    with open_file(path) as file:
        data = file.read() if most is None else file.read(most + 1)
    if most is not None and len(data) > most:
        raise OSError(errno.EFBIG, f"It is larger than {most:,} bytes")
    return data


def open_file(path: Path) -> BufferedReader:
    """Open it for reading. Raises OSError, also for what is no regular file.

    A pipe or a device in a file's place would be waited for, or read, for ever.
    """
    # Not blocking: else opening a pipe waits for somebody to write into it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    code = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
    raise OSError(code, "It is not a regular file" if code == errno.EINVAL else os.strerror(code))


def replace_file(path: Path, data: bytes, mode: int = FILE_MODE) -> None:
    """Put these bytes there, in place of what was there. On OSError all is as it was."""
    with replacing(path, mode) as file:
        file.write(data)


@contextmanager
def replacing(path: Path, mode: int = FILE_MODE, *, alone: bool = False) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` when the block ends, or is gone where it fails.

    `alone` says that nobody else may be replacing it: the new file then always has the same name
    until it is in its place, and what a killed process left of a large one is written over.
    """
    with _beside(path, alone=alone) as file:
        draft = Path(file.name)
        try:
            yield file
            _settle(file, mode)
            draft.replace(path)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def draft(path: Path, data: bytes) -> Path:
    """The bytes in a new file beside `path`, for `put_in_place`; on OSError there is none."""
    with _beside(path, alone=False) as file:
        try:
            file.write(data)
            _settle(file, FILE_MODE)
        except BaseException:
            Path(file.name).unlink()
            raise
    return Path(file.name)


def put_in_place(written: Path, path: Path) -> None:
    """Move a file, or a folder with all that is in it, to `path` on the same disk. Raises OSError.

    Its content is on the disk before its new name is. A file is replaced in one step; a folder
    takes a place that is free or empty.
    """
    if written.is_dir():
        # The folder's own name comes last: nothing below it may be found missing after a crash.
        for each in sorted(written.rglob("*"), reverse=True):
            sync_folder(each) if each.is_dir() else _sync_file(each)
        sync_folder(written)
    else:
        _sync_file(written)
    written.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Write new names to the disk; Windows has no way to, and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _beside(path: Path, *, alone: bool) -> Iterator[BinaryIO]:
    if alone:
        name = path.with_name(f".{path.name}.new")
        name.touch(FILE_MODE)
        with name.open("w+b") as file:
            yield file
    else:
        with NamedTemporaryFile("w+b", dir=path.parent, prefix=".new-", delete=False) as made:
            yield cast("BinaryIO", made)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:  # Windows syncs nothing that is open for reading alone
        os.fsync(file.fileno())


def _settle(file: BinaryIO, mode: int) -> None:
    file.flush()
    os.fsync(file.fileno())
    if mode != FILE_MODE:
        Path(file.name).chmod(mode)
