"""The FAISS file: replaced whole or not at all, and known for what it is before it is trusted.

In: a FAISS index and the stamp of the catalog it agrees with. Out: a file, and the index again.

A header of fixed length comes first: JSON, padded with spaces. It names the catalog, the bi-encoder
and the generation, and holds the SHA-256 of what follows: FAISS's own form of the index, which is
not handed to FAISS before the sum is right.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from docsearch.domain.errors import IndexStoreError
from docsearch.storage.layout import FILE_MODE

_HEADER_BYTES = 512
_BLOCK = 1 << 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which catalog, by its random name; at which generation; and whose vectors."""

    catalog: str
    embedder: str
    generation: int


def write_vectors(path: Path, index: Any, stamp: Stamp) -> None:
    """Write beside the file, sync, and put in its place. Raises IndexStoreError."""
    import faiss

    temporary = path.with_name(path.name + ".new")
    try:
        with os.fdopen(
            os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, FILE_MODE), "w+b"
        ) as file:
            file.write(b" " * _HEADER_BYTES)
            faiss.write_index(index, _to(file))
            file.flush()
            header = json.dumps({**asdict(stamp), "sha256": _digest(file)}).encode()
            file.seek(0)
            file.write(header.ljust(_HEADER_BYTES))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise IndexStoreError(
            f"The vectors could not be saved to {path}: {error.strerror}. Nothing is lost, but the "
            "next start takes longer. See whether the disk is full, or use another --data-dir."
        ) from error


def read_vectors(
    path: Path, stamp: Stamp, is_known: Callable[[Any], bool]
) -> tuple[Any, int] | None:
    """The index and its generation; None where it must not be trusted, and a line in the log.

    `is_known` tells an index of the form and dimension that is looked for.
    """
    import faiss

    try:
        with path.open("rb") as file:
            header = _header(file)
            reason = _mistrust(header, stamp) or _torn(file, header)
            if reason is None:
                file.seek(_HEADER_BYTES)
                index = faiss.read_index(_from(file))
                if is_known(index):
                    return index, header["generation"]
                reason = "it is of another form or dimension"
    except FileNotFoundError:
        return None
    except (OSError, RuntimeError) as error:
        reason = str(error)
    _log.warning("%s is not used, and made again from the catalog: %s", path, reason)
    return None


def _header(file: BinaryIO) -> dict[str, Any]:
    try:
        header = json.loads(file.read(_HEADER_BYTES))
    except ValueError:
        return {}
    return header if isinstance(header, dict) else {}


def _mistrust(header: dict[str, Any], stamp: Stamp) -> str | None:
    generation = header.get("generation")
    if not isinstance(generation, int):
        return "it is torn"
    if header.get("catalog") != stamp.catalog:
        return "it belongs to another catalog"
    if header.get("embedder") != stamp.embedder:
        return "another embedding model made it"
    # After a power cut the catalog may have lost commits, and used their ids again since.
    return "it is newer than the catalog" if generation > stamp.generation else None


def _torn(file: BinaryIO, header: dict[str, Any]) -> str | None:
    return None if _digest(file) == header.get("sha256") else "it is torn"


def _digest(file: BinaryIO) -> str:
    """SHA-256 in hex of what follows the header."""
    file.seek(_HEADER_BYTES)
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _to(file: BinaryIO) -> Any:
    import faiss

    return faiss.PyCallbackIOWriter(file.write, _BLOCK)  # type: ignore[attr-defined]


def _from(file: BinaryIO) -> Any:
    import faiss

    return faiss.PyCallbackIOReader(file.read, _BLOCK)  # type: ignore[attr-defined]


def _sync_folder(folder: Path) -> None:
    """See the new name onto the disk; Windows has no way to, and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
