"""The one door to ZIP containers (DOCX, ODT, EPUB): nothing is unpacked before it is vetted.

In: bytes. Out: an `Archive` whose members are few, small enough in sum, honestly named, plain
and free of XML entity declarations; else ReaderError. Writes nothing to disk.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath

from docsearch.domain.errors import ReaderError

MAX_MEMBERS = 10_000
MAX_TOTAL_BYTES = 256 * 1024 * 1024
MAX_RATIO = 100
RATIO_COUNTS_FROM_BYTES = 8 * 1024 * 1024
MAX_XML_BYTES = 64 * 1024 * 1024
_ENCRYPTED = 0x1
_DECLARATION = re.compile(rb"<\x00?!\x00?E\x00?N\x00?T\x00?I\x00?T\x00?Y")
FAULTS: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(NotImplementedError, RuntimeError, LookupError, ValueError),
)
"""What a broken ZIP container makes the standard library raise."""


class Archive:
    """A vetted ZIP container; made by `open_archive`."""

    def __init__(self, container: zipfile.ZipFile, data: bytes) -> None:
        self._container = container
        self.data = data
        self.names = frozenset(container.namelist())

    def read(self, name: str) -> bytes:
        """One member, unpacked. Raises ReaderError when it is missing, broken, or a bomb."""
        if name not in self.names:
            raise ReaderError(f"broken archive: {_shown(name)} is missing")
        try:
            data = self._container.read(name)
        except FAULTS as error:
            raise ReaderError(f"broken archive: {_shown(name)} cannot be unpacked") from error
        if _is_markup(name):
            refuse_entities(data, name)
        return data

    def vet_markup(self) -> None:
        """Read every XML part once, for a library that will open the bytes by itself."""
        for name in sorted(self.names):
            if _is_markup(name):
                self.read(name)


def open_archive(data: bytes) -> Archive:
    """The container in `data`. Raises ReaderError with what is wrong with it."""
    try:
        container = zipfile.ZipFile(BytesIO(data))
        members = container.infolist()
    except FAULTS as error:
        raise ReaderError("broken archive: not a whole ZIP file") from error
    _vet(members, len(data))
    return Archive(container, data)


def refuse_entities(data: bytes, name: str) -> None:
    """Raise ReaderError if the XML declares entities: the means of every XML bomb."""
    if _DECLARATION.search(data):
        raise ReaderError(f"unsafe XML: {_shown(name)} declares entities")


def _vet(members: Iterable[zipfile.ZipInfo], packed_bytes: int) -> None:
    seen: set[str] = set()
    total = 0
    for count, member in enumerate(members, start=1):
        if count > MAX_MEMBERS:
            raise ReaderError(f"unsafe archive: more than {MAX_MEMBERS:,} members")
        name = member.filename
        if _leads_out(name) or _leads_out(member.orig_filename):
            raise ReaderError(f"unsafe archive: member name {_shown(name)} leads out of it")
        if name in seen:
            raise ReaderError(f"unsafe archive: two members are named {_shown(name)}")
        seen.add(name)
        if member.flag_bits & _ENCRYPTED:
            raise ReaderError("encrypted archive")
        total += member.file_size
        if total > MAX_TOTAL_BYTES or (_is_markup(name) and member.file_size > MAX_XML_BYTES):
            raise ReaderError("unsafe archive: it unpacks to too many bytes (zip bomb)")
    if total > RATIO_COUNTS_FROM_BYTES and total > MAX_RATIO * packed_bytes:
        raise ReaderError("unsafe archive: it unpacks to over 100 times its size (zip bomb)")


def _leads_out(name: str) -> bool:
    path = name.replace("\\", "/")
    drive = re.match("[A-Za-z]:", path) is not None
    return path.startswith("/") or drive or ".." in PurePosixPath(path).parts


def _is_markup(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx"))


def _shown(name: str) -> str:
    """A member's name for a message: short, and with nothing a terminal obeys."""
    return ascii(name[:80])
