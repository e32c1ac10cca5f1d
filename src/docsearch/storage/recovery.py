"""What to do with a damaged index: keep it, out of the way.

In: a layout. Out: the files under other names. Never deletes; the next start builds a new index.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from docsearch.domain.errors import IndexStoreError
from docsearch.storage.layout import IndexLayout
from docsearch.storage.opening import take_lock


def set_aside_damaged(layout: IndexLayout) -> list[Path]:
    """Rename the catalog with its logs and vectors, and give the new paths.

    Raises IndexStoreError while another docsearch writes there, or where nothing can be renamed.
    """
    try:
        lock = take_lock(layout)
    except OSError as error:
        raise _refused(layout, error) from error
    if lock is None:
        raise IndexStoreError(
            f"Another docsearch is using {layout.folder}. Close it, and try again."
        )
    with lock:
        catalog = layout.catalog
        logs = [catalog.with_name(catalog.name + suffix) for suffix in ("-wal", "-shm")]
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
        moved = []
        for each in (*logs, layout.vectors, catalog):
            if each.exists():
                try:
                    moved.append(each.rename(each.with_name(f"{each.name}.damaged-{stamp}")))
                except OSError as error:
                    raise _refused(layout, error) from error
        return moved


def _refused(layout: IndexLayout, error: OSError) -> IndexStoreError:
    return IndexStoreError(
        f"The damaged index in {layout.folder} cannot be moved aside: {error.strerror}. "
        "Make the directory writable, or name another place with --data-dir."
    )
