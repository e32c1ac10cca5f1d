"""The hashes that tell whether a file is the one that was meant.

In: a path. Out: SHA-256 and git's blob hash, in hex. Does not know which hash to expect.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from docsearch.files import open_file, read_file


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def git_blob_of(path: Path) -> str:
    """The name git gives the file's content: what the hub states for files outside of LFS."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    digest.update(read_file(path, None))
    return digest.hexdigest()
