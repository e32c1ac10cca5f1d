"""Where the index of a folder lies on disk, and who may read it.

In: the searched folder and the data directory. Out: paths. Does not know what is in the files.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR
from threading import Lock

import platformdirs

from docsearch.domain.errors import IndexStoreError
from docsearch.files import FILE_MODE, make_folder
from docsearch.storage.failures import may_pass


def default_data_dir() -> Path:
    """The user's own data directory for docsearch: XDG on Linux, its equal elsewhere."""
    return Path(platformdirs.user_data_dir("docsearch", appauthor=False))


@dataclass(frozen=True, slots=True)
class IndexLayout:
    """The files of one folder's index; `folder` is the directory that holds them."""

    folder: Path

    @classmethod
    def of(cls, searched: Path, data_dir: Path) -> IndexLayout:
        """The layout for a searched folder: one directory per absolute path, links resolved."""
        absolute = searched.resolve()
        digest = hashlib.sha256(os.fsencode(absolute)).hexdigest()[:12]
        readable = re.sub(r"[^a-z0-9]+", "-", absolute.name.lower()).strip("-")[:40]
        return cls(data_dir / "indexes" / f"{readable or 'folder'}-{digest}")

    @property
    def catalog(self) -> Path:
        """The SQLite file: the book of record."""
        return self.folder / "index.sqlite"

    @property
    def vectors(self) -> Path:
        """The FAISS file: a view that can be made again."""
        return self.folder / "vectors.faiss"

    @property
    def scores(self) -> Path:
        """The rerankers' scores: a cache that can be thrown away, with its folder."""
        return self.folder / "scores" / "scores.sqlite"

    @property
    def scores_before(self) -> tuple[Path, ...]:
        """Where an earlier docsearch kept them."""
        return tuple(self.folder / f"scores.sqlite{end}" for end in ("", "-wal", "-shm"))

    @property
    def times(self) -> Path:
        """How long rerankings took, for evaluations: can be thrown away."""
        return self.folder / "times.json"

    @property
    def judgments(self) -> Path:
        """The journal of people's judgments: it outlives the catalog, and is never thrown away."""
        return self.folder / "judgments.jsonl"

    @property
    def put_off(self) -> Path:
        """Which files take long to read: can be thrown away."""
        return self.folder / "put-off.json"

    @property
    def being_read(self) -> Path:
        """Which files are being read just now: can be thrown away."""
        return self.folder / "being-read.json"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes."""
        return self.folder / "writer.lock"

    def exists(self) -> bool:
        """Whether there is an index. Raises IndexStoreError where that may not be looked at."""
        try:
            self.catalog.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise IndexStoreError(
                f"The index directory {self.folder} cannot be read: {error.strerror}. "
                "Make it readable, or name another place with --data-dir."
            ) from error
        return True

    def bytes_on_disk(self) -> int:
        """Size of the index's files; SQLite may take its log away meanwhile."""
        total = 0
        for each in self.folder.rglob("*"):
            with suppress(FileNotFoundError):
                found = each.stat()
                total += 0 if S_ISDIR(found.st_mode) else found.st_size
        return total

    def create(self) -> None:
        """Make the directory, for its owner alone. Raises IndexStoreError."""
        try:
            make_folder(self.folder)
        except OSError as error:
            raise IndexStoreError(
                f"The index directory {self.folder} cannot be made: {error.strerror}. "
                "Make it writable, or name another place with --data-dir.",
                passing=may_pass(error),
            ) from error


_creating = Lock()


def make_private(path: Path) -> None:
    """Create the file if need be, and see that its owner alone may use it. Raises OSError.

    A file that is there is not opened: whatever closes a descriptor of a database drops every lock
    that this process has on it, and the next program to end would delete the log under SQLite.
    """
    with _creating, suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE))
    if path.stat().st_mode & 0o777 != FILE_MODE:
        path.chmod(FILE_MODE)
