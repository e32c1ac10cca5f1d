"""The FAISS file: replaced whole or not at all, and known for what it is before it is trusted.

In: a FAISS index and the stamp of the catalog it agrees with. Out: a file, and the index again.

A header of fixed length comes first: JSON, padded with spaces. It names the catalog, the bi-encoder
and the generation, and holds the SHA-256 of what follows: FAISS's own form of the index, which is
not handed to FAISS before the sum is right. The catalog holds the same sum, since the last commit
before the file took its place: so a file that another history of the catalog made is never taken
for its own, not even where it has the same ids.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from docsearch.domain.errors import IndexStoreError
from docsearch.domain.foreign import json_value
from docsearch.files import open_file, replacing
from docsearch.storage.failures import may_pass

_HEADER_BYTES = 512
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which catalog, by its random name; at which generation; and whose vectors."""

    catalog: str
    embedder: str
    generation: int


def write_vectors(path: Path, index: Any, stamp: Stamp, vouch: Callable[[str], None]) -> None:
    """Write beside the file, sync, and put in its place. Raises IndexStoreError.

    `vouch` is handed the SHA-256 in hex before that: from then on no other file is to be trusted.
    """
    import faiss

    try:
        # Only the one writer saves.
        with replacing(path, alone=True) as file:
            file.write(b" " * _HEADER_BYTES)
            faiss.write_index(index, _to(file))
            file.flush()
            digest = _digest(file)
            header = json.dumps({**asdict(stamp), "sha256": digest}).encode()
            file.seek(0)
            file.write(header.ljust(_HEADER_BYTES))
            vouch(digest)
    except OSError as error:
        raise IndexStoreError(
            f"The vectors could not be saved to {path}: {error.strerror}. Nothing is lost, but the "
            "next start takes longer. See whether the disk is full, or use another --data-dir.",
            passing=may_pass(error),
        ) from error


def read_vectors(
    path: Path, stamp: Stamp, vouched: str, is_known: Callable[[Any], bool]
) -> tuple[Any, int] | None:
    """The index and its generation; None where there is no file.

    `vouched` is the sum that the catalog vouches for; `is_known` tells an index of the form and
    dimension that is looked for. Raises IndexStoreError, with the reason alone, for a file that
    must not be trusted.
    """
    import faiss

    try:
        with open_file(path) as file:
            header = _header(file)
            reason = _mistrust(header, stamp) or _wrong_sum(file, header, vouched)
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
    raise IndexStoreError(reason)


def _header(file: BinaryIO) -> dict[str, Any]:
    try:
        header = json_value(file.read(_HEADER_BYTES))
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
    return "it is newer than the catalog" if generation > stamp.generation else None


def _wrong_sum(file: BinaryIO, header: dict[str, Any], vouched: str) -> str | None:
    digest = _digest(file)
    if digest != header.get("sha256"):
        return "it is torn"
    # The catalog may have lost commits since, and given their ids to other passages.
    return None if digest == vouched else "it is not the one that the catalog vouches for"


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
