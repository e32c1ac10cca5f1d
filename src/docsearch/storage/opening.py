"""Who writes: the first docsearch on a folder; the others read until it goes away.

In: a layout and a recipe. Out: an open catalog, and the writer's lock where it could be had.
Does not know FAISS.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

from filelock import BaseFileLock, FileLock, Timeout

from docsearch.domain.errors import DamagedIndexError, IndexStoreError, NewerIndexError
from docsearch.files import FILE_MODE
from docsearch.storage.catalog import SqliteCatalog
from docsearch.storage.connections import Access
from docsearch.storage.layout import IndexLayout
from docsearch.storage.recipe import Recipe

_TABLES_MADE_WITHIN_SECONDS = 5.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Opened:
    """`lock` is held by a writer and None for a reader; `notice` says why it only reads."""

    catalog: SqliteCatalog
    lock: BaseFileLock | None = None
    notice: str | None = None

    def close(self) -> None:
        """Close the catalog and let the lock go."""
        self.catalog.close()
        if self.lock is not None:
            self.lock.release()


def open_catalog(layout: IndexLayout, recipe: Recipe, read_only: bool) -> Opened:
    """Write if nobody else does and the directory allows it, else read.

    Raises IndexStoreError where neither can be, NewerIndexError and DamagedIndexError.
    """
    if read_only:
        missing = "this folder has not been indexed yet; `docsearch index` does it"
        return Opened(_reader(layout, recipe, missing))
    layout.create()
    deadline = time.monotonic() + _TABLES_MADE_WITHIN_SECONDS
    while True:
        try:
            writer = open_as_writer(layout, recipe)
        except OSError as error:
            notice = f"the index cannot be written: {error.strerror}"
            return Opened(_reader(layout, recipe, notice), notice=notice)
        if writer is not None:
            return writer
        try:
            reader = _reader(layout, recipe, "another docsearch is about to make it")
            return Opened(reader, notice="another docsearch is indexing this folder")
        except (NewerIndexError, DamagedIndexError):
            raise
        except IndexStoreError:
            # The writer may be at its first steps; give it the time to make its tables.
            if time.monotonic() > deadline:
                raise
            time.sleep(_POLL_SECONDS)


def open_as_writer(layout: IndexLayout, recipe: Recipe) -> Opened | None:
    """The catalog with the writer's lock, or None while another process holds it.

    Raises OSError where the lock file cannot be made, besides the errors of the catalog.
    """
    lock = _take_lock(layout)
    if lock is None:
        return None
    try:
        opened = Opened(SqliteCatalog(layout.catalog, recipe, Access.WRITE), lock)
        for each in layout.scores_before:
            with suppress(OSError):
                each.unlink(missing_ok=True)
        return opened
    except BaseException:
        lock.release()
        raise


def _take_lock(layout: IndexLayout) -> BaseFileLock | None:
    """The writer's lock, or None while another process holds it. Raises OSError."""
    lock = FileLock(layout.lock, mode=FILE_MODE, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock


def _reader(layout: IndexLayout, recipe: Recipe, missing: str) -> SqliteCatalog:
    if not layout.exists():
        raise IndexStoreError(
            f"There is no index at {layout.folder}: {missing}. See that docsearch can write there, "
            "or name another place with --data-dir."
        )
    return SqliteCatalog(layout.catalog, recipe, Access.READ)
