"""A file's bytes, read in one go from a folder that is not trusted.

In: a folder, a path in it and a limit. Out: the bytes and what the system says of the file before
and after. Each part of the path is opened without following a link, so that no race leads out of
the folder, and without blocking, so that a pipe put in a file's place does not hold anything up.
Does not know what the bytes are for.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docsearch.domain.document import SourceFile

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


_LASTING = frozenset({errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG, errno.EISDIR})


def may_pass(error: BaseException | None) -> bool:
    """Whether an error of the system says nothing of what is there: a disk or a network failed."""
    return isinstance(error, OSError) and error.errno not in _LASTING


class NotReadableError(Exception):
    """The bytes cannot be had; the text is the reason in a few words."""


@dataclass(frozen=True, slots=True)
class RawRead:
    """The bytes, and the file's state before and after they were read."""

    data: bytes
    before: os.stat_result
    after: os.stat_result

    @property
    def is_steady(self) -> bool:
        """Whether the file stood still meanwhile, as far as the system can tell."""
        return (
            source_of("", self.before) == source_of("", self.after)
            and len(self.data) == self.after.st_size
        )


def source_of(path: str, found: os.stat_result) -> SourceFile:
    """The file at the relative `path`, as the system describes it."""
    file_id = (found.st_dev, found.st_ino)
    return SourceFile(path, found.st_size, found.st_mtime_ns, file_id, found.st_ctime_ns)


def read_regular(folder: Path, path: str, max_bytes: int) -> RawRead:
    """Read the regular file at the relative `path`.

    Raises FileNotFoundError where there is none, NotReadableError for all else: a link on the way,
    another kind of file, more bytes than `max_bytes` or than memory, no permission, a failing disk.
    """
    try:
        with _opened(folder, path) as file:
            before = os.fstat(file)
            if not stat.S_ISREG(before.st_mode):
                raise NotReadableError("not a regular file")
            data = _read(file, max_bytes + 1)
            if len(data) > max_bytes:
                raise NotReadableError("larger than the limit")
            return RawRead(data, before, os.fstat(file))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(path) from error
    except MemoryError as error:
        raise NotReadableError("too large for the memory of this machine") from error
    except OSError as error:
        reason = "a link" if error.errno == errno.ELOOP else (error.strerror or str(error)).lower()
        raise NotReadableError(reason) from error


@contextmanager
def _opened(folder: Path, path: str) -> Iterator[int]:
    *folders, name = path.split("/")
    at = os.open(folder, _FOLDER)
    try:
        for each in folders:
            inner = os.open(each, _FOLDER, dir_fd=at)
            os.close(at)
            at = inner
        file = os.open(name, _FILE, dir_fd=at)
    finally:
        os.close(at)
    try:
        yield file
    finally:
        os.close(file)


def _read(file: int, most: int) -> bytes:
    with open(file, "rb", closefd=False) as stream:
        return stream.read(most)
