"""Bytes of a text file to text.

In: bytes. Out: `str` that is valid UTF-8, every line ended by LF. In order: a byte order mark,
UTF-8, UTF-16 by its NULs, a Western code page where that is plausible, what charset-normalizer
finds, and at last UTF-8 with what is invalid replaced. Never fails. Knows no format.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from docsearch.domain.encodable import encodable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 65_536
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÍÎÏÑÓÔÕÖÙÚÛÜßàáâãäåæçèéêëíîïñóôõöùúûüœŒÿ€„…“”•—™¡¢£§©ª«®°±²·º»¼½¾¿"
    "\u201a\u2018\u2019\u2013\xa0\xad"
)
_LEGACY = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "iso8859_2", "iso8859_15"),
]


def decode(data: bytes) -> str:
    """The text of `data`, whatever its encoding."""
    return with_plain_newlines(clean(_decode(data)))


def clean(text: str) -> str:
    """`text` without NULs, each lone surrogate replaced: encodable as UTF-8."""
    return encodable(text.replace("\0", ""))


def with_plain_newlines(text: str) -> str:
    """CRLF as LF; a lone CR ends a line only in a file that has no other line end."""
    text = text.replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")


def utf16_without_mark(data: bytes) -> str | None:
    """The UTF-16 that the places of the NULs of mostly Latin text show, None if neither."""
    sample = data[:4096]
    if len(data) % 2 or len(sample) < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.02 * half:
        encoding = "utf-16-le"
    elif even > 0.4 * half and odd < 0.02 * half:
        encoding = "utf-16-be"
    else:
        return None
    text = sample.decode(encoding, "replace")
    readable = sum(character.isprintable() or character.isspace() for character in text)
    return encoding if readable > 0.95 * len(text) else None


def marked_encoding(data: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark names, and the mark's length in bytes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    return None


def _decode(data: bytes) -> str:
    if marked := marked_encoding(data):
        encoding, length = marked
        return data[length:].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if encoding_by_nuls := utf16_without_mark(data):
        return data.decode(encoding_by_nuls, "replace")
    damaged = data.decode("utf-8", "replace")
    if _is_damaged_utf8(damaged):
        return damaged
    return data.decode(_legacy_encoding(data) or "utf-8", "replace")


def _is_damaged_utf8(text: str) -> bool:
    """Whether valid multi-byte characters far outnumber the invalid places."""
    invalid = text.count("\N{REPLACEMENT CHARACTER}")
    return sum(not character.isascii() for character in text) - invalid > 4 * invalid


def _legacy_encoding(data: bytes) -> str | None:
    western = data.decode("cp1252", "replace")
    if {character for character in western if not character.isascii()} <= _WESTERN:
        return "cp1252"
    best = from_bytes(_sample(data), cp_isolation=_LEGACY).best()
    return best.encoding if best else None


def _sample(data: bytes) -> bytes:
    """The part around the first byte that is not ASCII: what comes before says nothing."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - 1024) if first else 0
    return data[start : start + _SAMPLE]
