"""What a file is, judged by its content alone.

In: bytes. Out: its nature, or ReaderError with what it is where docsearch cannot read it.
Knows no file names, and opens archives only through their guard.
"""

from __future__ import annotations

import re
from enum import StrEnum

import filetype  # type: ignore[import-untyped]

from docsearch.domain.errors import ReaderError
from docsearch.readers.decoding import marked_encoding, wide_without_mark
from docsearch.readers.formats import words


class Nature(StrEnum):
    """What the bytes are; TEXT is any text that needs a name to be told apart further."""

    TEXT = "text"
    HTML = "HTML"
    MAILBOX = "mailbox"
    MESSAGE = "message"
    PDF = "PDF"
    DOCX = "DOCX"
    ODT = "ODT"
    EPUB = "EPUB"


_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PDF_START = re.compile(rb"^(?:%PDF-\d|\d{1,9} \d{1,5} obj\b)", re.M)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREAD_TEXT = ((b"{\\rtf", "RTF document"), (b"%!PS", "PostScript"))
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html[\s>])",
    re.I | re.S,
)
_SVG_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!doctype\s+svg[^>]*>\s*)?<svg[\s>]",
    re.I | re.S,
)
_FLAT_ODT = re.compile(
    rb"<office:document\s[^>]*mimetype=.application/vnd\.oasis\.opendocument\.text"
)
_MAILBOX_START = re.compile(rb"From \S+.*\d\d:\d\d.*\n(?:>?[!-9;-~]+:|\t| )", re.I)
_HEADERS = re.compile(rb"(?:([!-9;-~]{1,60}):[^\n]*\n(?:[ \t][^\n]*\n)*)")
_SENT = words("from sender return-path received delivered-to envelope-to x-mozilla-status")
_TOLD = words("date subject message-id mime-version to newsgroups received")
_MIME = words("mime-version content-type")
_MIMETYPES = {
    "application/epub+zip": Nature.EPUB,
    "application/vnd.oasis.opendocument.text": Nature.ODT,
    "application/vnd.oasis.opendocument.text-template": Nature.ODT,
    "application/vnd.oasis.opendocument.text-master": Nature.ODT,
}
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\r\f\b\v\x1b") + b"\x7f"
_MOST_NULS = 0.02
"""Runs of NULs, or other controls where there are NULs, for each byte of a text."""
_SAMPLE = 65_536


def nature_of(data: bytes) -> Nature:
    """What `data` is. Raises ReaderError, "binary file (PNG image)", for what is not read."""
    head = data[:1024]
    if data.startswith(_ZIP):
        return _nature_of_zip(data)
    if re.match(rb"[\s\x00]*%PDF-\d", head) or _is_late_pdf(data, head):
        return Nature.PDF
    if data.startswith(_OLE):
        raise ReaderError(f"binary file ({_kind_of_ole(data)})")
    for start, noun in _UNREAD_TEXT:
        if data.startswith(start):
            raise ReaderError(f"{noun}: not a format docsearch reads")
    # Before what is binary: a message may hold files as they are.
    if _starts_with_headers(data[:16_384]):
        return Nature.MESSAGE
    if not is_text(data):
        raise ReaderError(f"binary file{_what(data)}")
    if _SVG_START.match(data[:4096]):
        raise ReaderError("image (SVG)")
    if _HTML_START.match(data[:4096]):
        return Nature.HTML
    if _FLAT_ODT.search(data[:16_384]):
        return Nature.ODT
    return Nature.MAILBOX if _MAILBOX_START.match(data[:1024]) else Nature.TEXT


def _is_late_pdf(data: bytes, head: bytes) -> bool:
    """Whether a PDF begins behind other bytes, or without its header; text on PDFs is none."""
    if _PDF_START.search(head) and data[-1024:].rstrip(b"\0 \r\n").endswith(b"%%EOF"):
        return True
    return b"%PDF-" in head and not is_text(data)


def is_text(data: bytes) -> bool:
    """Whether the bytes are text: few control characters, and NULs only here and there.

    A NUL or a run of them costs a text those bytes: crashes and old programs leave them behind.
    """
    if marked_encoding(data):
        return True
    has_nul = b"\0" in data
    if has_nul and wide_without_mark(data):
        return True
    sample = data[:_SAMPLE]
    if has_nul:
        sample, runs = re.subn(rb"\0+", b"", sample)
        if runs > max(1, _MOST_NULS * len(sample)) or filetype.guess(data[:8192]) is not None:
            return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return bool(sample) and controls <= (_MOST_NULS if has_nul else 0.1) * len(sample)


def _starts_with_headers(head: bytes) -> bool:
    """Whether a message starts here: who sent it, and two things more that only mail tells.

    One without a sender, as a draft or a saved page, says the version of MIME that it is in.
    """
    names = set()
    at = 0
    while found := _HEADERS.match(head, at):
        names.add(found[1].decode("ascii").lower())
        at = found.end()
    ends = at >= len(head) or head[at:].startswith((b"\n", b"\r\n"))
    is_mail = bool(names & _SENT) and len(names & _TOLD) >= 2
    return ends and (is_mail or names >= _MIME)


def has_markup(data: bytes) -> bool:
    """Whether there is any tag in it, as there must be in HTML."""
    return re.search(rb"<\x00?[a-zA-Z!/]", data) is not None


def _nature_of_zip(data: bytes) -> Nature:
    """An office document says so at a fixed place, or by a part that it must have."""
    from docsearch.readers.archive import open_archive

    archive = open_archive(data)
    declared = archive.read("mimetype") if "mimetype" in archive.names else b""
    nature = _MIMETYPES.get(declared[:200].decode("ascii", "replace").strip())
    if nature is not None:
        return nature
    if "[Content_Types].xml" in archive.names:
        if any(name.startswith("word/") for name in archive.names):
            return Nature.DOCX
        for folder, noun in (("xl/", "spreadsheet (XLSX)"), ("ppt/", "slides (PPTX)")):
            if any(name.startswith(folder) for name in archive.names):
                raise ReaderError(f"{noun}: not a format docsearch reads")
    if declared.startswith(b"application/vnd.oasis.opendocument"):
        raise ReaderError("OpenDocument, but not a text: not a format docsearch reads")
    raise ReaderError("archive (ZIP)")


def _kind_of_ole(data: bytes) -> str:
    """The container of old Office documents also wraps encrypted new ones."""
    encrypted = "EncryptedPackage".encode("utf-16-le") in data
    return "encrypted Office document" if encrypted else "Office document of before 2007"


def _what(data: bytes) -> str:
    """In brackets, the kind of binary file, as far as its first bytes tell."""
    kind = filetype.guess(data[:8192])
    if kind is None:
        return ""
    group = str(kind.mime).split("/", 1)[0]
    noun = group if group in ("image", "audio", "video", "font") else ""
    return f" ({kind.extension.upper()} {noun}".rstrip() + ")"
