"""Bytes of a text file to text.

In: bytes, and the encoding that they are said to be in, if any. Out: `str` that is valid UTF-8,
every line ended by LF, without blobs of base64. In order: a byte order mark, escape sequences,
UTF-8, UTF-16 and UTF-32 by their NULs, what was declared, a Western code page where that is
plausible, what chardet finds, and at last UTF-8 with what is invalid replaced. Never
fails. Knows no format.
"""

from __future__ import annotations

import codecs
import re

import webencodings  # type: ignore[import-untyped]

from docsearch.domain.encodable import encodable
from docsearch.readers.blobs import without_blobs
from docsearch.readers.formats import words

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 65_536
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÍÎÏÑÓÔÕÖÙÚÛÜßàáâãäåæçèéêëíîïñóôõöøùúûüœŒØÿ€„…“”•—™¡¢£§©ª«®°±²·º»¼½¾¿×"
    "\u201a\u2018\u2019\u2013\xa0\xad\xb4"
)
_LEGACY = words(
    """
    windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256
    windows-1257 windows-1258 iso-8859-2 iso-8859-5 iso-8859-7 iso-8859-15 koi8-r koi8-u cp437
    cp850 cp866 cp874 tis-620 mac-roman mac-cyrillic cp932 euc-jp gb18030 big5hkscs cp949
    """
)
"""What texts without a declaration were written in; chardet knows many that hardly were."""
_ESCAPES = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b\$(?:[@B]|\([DOPQ])"), "iso2022_jp_ext"),
)
_SEVEN_BIT = frozenset({"iso2022_kr", "hz", "utf-7"})
_AS_IN_BROWSERS = {
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "gbk": "gb18030",
    "big5": "big5hkscs",
}
"""WHATWG's name, and the codec of Python's that reads what it calls so."""
_NOT_OF_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_WIDE = (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1))
"""Encoding, bytes of a unit, and which of them holds the character where the text is Latin."""


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`, whatever its encoding; `declared` is a label such as "iso-8859-1"."""
    text = re.sub("\0{2,}", " ", _decode(data, declared))
    return without_blobs(with_plain_newlines(clean(text)))


def undecodable(data: bytes, text: str) -> list[str]:
    """What of `data` is not in `text`, which it was decoded to, in words for a person."""
    losses = []
    nuls = 0 if marked_encoding(data) or b"\0" not in data else data.count(0)
    if nuls and not wide_without_mark(data):
        losses.append(f"{nuls:,} NUL {'byte' if nuls == 1 else 'bytes'} left out")
    replaced = text.count("\N{REPLACEMENT CHARACTER}") - data.count(b"\xef\xbf\xbd")
    if replaced > 0:
        noun = "character" if replaced == 1 else "characters"
        losses.append(f"{replaced:,} {noun} cannot be decoded")
    return losses


def clean(text: str) -> str:
    """`text` without NULs, each lone surrogate replaced: encodable as UTF-8."""
    return encodable(text.replace("\0", ""))


def with_plain_newlines(text: str) -> str:
    """CRLF as LF; a lone CR ends a line only in a file that has no other line end."""
    text = text.replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")


def wide_without_mark(data: bytes) -> str | None:
    """The UTF-16 or UTF-32 that the places of the NULs of mostly Latin text show, else None."""
    sample = data[:4096]
    for encoding, width, place in _WIDE:
        units = len(sample) // width
        if len(data) % width or units < 2:
            continue
        nuls = [sample[at::width].count(0) for at in range(width)]
        if nuls.pop(place) < 0.02 * units and min(nuls) > 0.4 * units:
            text = sample[: units * width].decode(encoding, "replace")
            readable = sum(character.isprintable() or character.isspace() for character in text)
            if readable > 0.95 * len(text):
                return encoding
    return None


def marked_encoding(data: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark names, and the mark's length in bytes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    return None


def codec_of(label: str) -> codecs.CodecInfo | None:
    """The codec that a label means to a browser ("latin1" is windows-1252), else to Python."""
    label = label.strip(" \t\n\f\r\"'")
    known = webencodings.lookup(label)
    if known is not None and known.name not in ("replacement", "x-user-defined"):
        return codecs.lookup(_AS_IN_BROWSERS.get(known.name, known.codec_info.name))
    try:
        found = codecs.lookup(label)
        "".encode(label)
    except (LookupError, ValueError):
        return None
    return None if found.name in _NOT_OF_TEXT else found


def _decode(data: bytes, declared: str | None) -> str:
    codec = codec_of(declared) if declared and "ascii" not in declared.lower() else None
    start, encoding = _signed(data, codec)
    if encoding is not None:
        return data[start:].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = _declared(data, codec)
    if text is not None:
        return text
    if _is_mostly_utf8(data):
        return "".join(map(_line, data.splitlines(keepends=True)))
    return data.decode(_legacy_encoding(data) or "utf-8", "replace")


def _signed(data: bytes, codec: codecs.CodecInfo | None) -> tuple[int, str | None]:
    """Where the text starts, and the encoding that the bytes themselves give away, or None.

    Escape sequences and NULs are valid UTF-8, so they are looked at first.
    """
    if marked := marked_encoding(data):
        return marked[1], marked[0]
    if data.isascii():
        if codec is not None and (codec.name in _SEVEN_BIT or codec.name.startswith("iso2022")):
            return 0, codec.name
        for escape, encoding in _ESCAPES:
            if escape.search(data):
                return 0, encoding
    return 0, wide_without_mark(data)


def _declared(data: bytes, codec: codecs.CodecInfo | None) -> str | None:
    """The text in the declared encoding, unless it can hardly be in that."""
    if codec is None or codec.name == "utf-8":
        return None
    text = data.decode(codec.name, "replace")
    beyond = sum(not character.isascii() for character in text)
    return text if text.count("\N{REPLACEMENT CHARACTER}") <= 0.1 * beyond else None


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether valid multi-byte characters far outnumber the invalid places, or do so by lines."""
    text = data.decode("utf-8", "replace")
    invalid = text.count("\N{REPLACEMENT CHARACTER}")
    if sum(not character.isascii() for character in text) - invalid > 4 * invalid:
        return True
    valid_lines = invalid_lines = 0
    for line in data.splitlines():
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                invalid_lines += 1
            else:
                valid_lines += 1
    return valid_lines > invalid_lines


def _line(data: bytes) -> str:
    """A line of a file in UTF-8; one that is not may be in a Western code page by itself."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    invalid = text.count("\N{REPLACEMENT CHARACTER}")
    alone = sum(not character.isascii() for character in text) == invalid
    return data.decode("cp1252") if alone and _is_western(data) else text


def _is_western(data: bytes) -> bool:
    """Whether it reads as windows-1252: its letters beyond ASCII stand among letters of ASCII."""
    western = data.decode("cp1252", "replace")
    if not {character for character in western if not character.isascii()} <= _WESTERN:
        return False
    letters = together = 0
    for run in re.findall(r"[^\W\d_]+", western):
        beyond = sum(not character.isascii() for character in run)
        letters += beyond
        together += beyond if beyond > 1 and beyond > len(run) / 2 else 0
    return together <= letters / 2


def _legacy_encoding(data: bytes) -> str | None:
    if _is_western(data):
        return "cp1252"
    import chardet  # Late: half of it is tables.

    found = chardet.detect(_sample(data), include_encodings=_LEGACY)["encoding"]
    codec = codec_of(found) if found else None
    return codec.name if codec else None


def _sample(data: bytes) -> bytes:
    """The part around the first byte that is not ASCII: what comes before says nothing."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - 1024) if first else 0
    return data[start : start + _SAMPLE]
