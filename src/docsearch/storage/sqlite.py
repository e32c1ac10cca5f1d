"""The SQLite that Python was built with.

In: nothing. Out: its version, and whether it can do what docsearch needs.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

VERSION = sqlite3.sqlite_version


def has_full_text() -> bool:
    """Whether it has FTS5, without which nothing can be searched by words."""
    with closing(sqlite3.connect(":memory:")) as db:
        return ("ENABLE_FTS5",) in db.execute("PRAGMA compile_options").fetchall()
