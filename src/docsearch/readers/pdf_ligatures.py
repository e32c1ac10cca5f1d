"""Letters that a PDF's font draws as one and names by their names, such as f_f_i.

In: a file's bytes, and the text of its pages. Out: the text with one character for each such
ligature, and with its letters in their place. pdfium knows no such names: it gives the bare code,
and each word with the ligature is lost. The caller holds the lock: pdfium is not thread-safe.
"""

from __future__ import annotations

import ctypes
import re
import zlib
from collections.abc import Iterator
from functools import cached_property

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

_OBJECT = re.compile(rb"(?<!\d)(\d{1,9})\s+\d{1,5}\s+obj\b")
_LONGEST = 10_000
"""Bytes of an object that are looked at: a font, or the names of its letters."""
_MOST_UNPACKED = 50_000_000
_COUNTS = re.compile(rb"/(N|First)\s+(\d{1,7})")
_BASE_FONT = re.compile(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([^\s/<>\[\]()]+)")
_ENCODING = re.compile(rb"/Encoding\s+(\d{1,9})\s+\d{1,5}\s+R")
_DIFFERENCES = re.compile(rb"/Differences\s*\[([^\]]*)\]")
_CODE_OR_NAME = re.compile(rb"(\d{1,3})\b|/([^\s/\[\]]*)")
_LIGATURE = re.compile(r"([A-Za-z](?:_[A-Za-z]){1,3})(?:\..*)?")
_WITHOUT_MEANING = re.compile("[\x01\x03-\x08\x0b\x0c\x0e-\x1f]")
_FIRST = 0xF0000
"""A private character, which stands for the first ligature that is found."""


class Ligatures:
    """Those of one file's fonts; the file is looked through when a first text may have one."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._stand_ins: dict[str, str] = {}

    @property
    def are_found(self) -> bool:
        """Whether any text so far had one."""
        return bool(self._stand_ins)

    def in_text(self, text_page: pdfium.PdfTextPage, text: str) -> str:
        """The text with one private character in the place of each ligature."""
        if not _WITHOUT_MEANING.search(text) or not self._spellings:
            return text
        characters = list(text)
        for at, character in enumerate(characters):
            if character in self._codes and (font := _font(text_page, at)):
                letters = self._spellings.get((font, ord(character)))
                if letters:
                    stand_in = chr(_FIRST + len(self._stand_ins))
                    characters[at] = self._stand_ins.setdefault(letters, stand_in)
        return "".join(characters)

    def spelled(self, text: str) -> str:
        """The text with letters for each private character."""
        for letters, stand_in in self._stand_ins.items():
            text = text.replace(stand_in, letters)
        return text

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(chr(code) for _, code in self._spellings)

    @cached_property
    def _spellings(self) -> dict[tuple[str, int], str]:
        return spellings(self._data)


def spellings(data: bytes) -> dict[tuple[str, int], str]:
    """The letters by font and code in a PDF; none where two fonts of one name differ."""
    objects = dict(_objects(data))
    found: dict[tuple[str, int], str] = {}
    for body in objects.values():
        font, encoding = _BASE_FONT.search(body), _ENCODING.search(body)
        names = _DIFFERENCES.search(objects.get(int(encoding[1]), b"") if encoding else body)
        if font and names:
            for code, letters in _named(names[1]):
                key = font[1].decode("latin-1"), code
                found[key] = letters if found.get(key, letters) == letters else ""
    return {key: letters for key, letters in found.items() if letters}


def _objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Fonts and encodings by their numbers, those in packed streams too."""
    left = _MOST_UNPACKED
    for found in _OBJECT.finditer(data):
        body = data[found.end() : found.end() + _LONGEST].partition(b"endobj")[0]
        head, packed, _ = body.partition(b"stream")
        if packed and b"/ObjStm" in head:
            start = found.end() + len(head) + len(packed)
            content = _unpacked(data, start, left)
            left -= len(content)
            yield from _packed_objects(head, content)
        elif b"/BaseFont" in head or b"/Differences" in head:
            yield int(found[1]), head


def _unpacked(data: bytes, start: int, most: int) -> bytes:
    start += 2 if data[start : start + 2] == b"\r\n" else 1
    end = data.find(b"endstream", start)
    try:
        return zlib.decompressobj().decompress(data[start:end], most) if most > 0 < end else b""
    except zlib.error:
        return b""


def _packed_objects(head: bytes, content: bytes) -> Iterator[tuple[int, bytes]]:
    counts = {name: int(number) for name, number in _COUNTS.findall(head)}
    first = counts.get(b"First", 0)
    numbers = [int(each) for each in content[:first].split() if each.isdigit()]
    places = [(number, first + at) for number, at in zip(numbers[::2], numbers[1::2], strict=False)]
    ends = [at for _, at in places[1:]] + [len(content)]
    for (number, start), end in zip(places, ends, strict=True):
        body = content[start : min(end, start + _LONGEST)]
        if b"/BaseFont" in body or b"/Differences" in body:
            yield number, body


def _named(names: bytes) -> Iterator[tuple[int, str]]:
    """The codes of ligatures, with their letters."""
    code = 0
    for number, name in _CODE_OR_NAME.findall(names):
        if number:
            code = int(number)
            continue
        if ligature := _LIGATURE.fullmatch(name.decode("latin-1")):
            yield code, ligature[1].replace("_", "")
        code += 1


def _font(text_page: pdfium.PdfTextPage, place: int) -> str:
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(text_page.raw, place, name, len(name), flags)
    return name.value.decode("latin-1").partition("+")[2] or name.value.decode("latin-1")
