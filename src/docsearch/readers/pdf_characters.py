"""The characters of a PDF's page: which they are, and where each stands.

In: a page's text, as pdfium has it. Out: text, and boxes. The caller holds the lock: pdfium is not
thread-safe.
"""

from __future__ import annotations

import ctypes
import math
import re
import sys

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from docsearch.readers.pdf_ligatures import Ligatures

DIVISION, _DIVISION_CODE = "\ufffe", 0x02
"""What pdfium gives for a hyphen at the end of a line, in place of the hyphen and the end: in the
text as a whole, and for the one character."""
UNKNOWN = "\0"
"""Stands for every code without a letter, which fonts give that do not say what they draw."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TWO_BYTES = re.compile("[\u3400-\udfff]")
_FEWEST_PAIRS = 6
"""Different letters of two bytes by which UTF-8 is known; one in 4,096 texts has them by chance."""

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points."""


def characters(text_page: pdfium.PdfTextPage, ligatures: Ligatures) -> str:
    """One character for each of pdfium's; `UNKNOWN` for those that say nothing."""
    text = ligatures.in_text(text_page, _decoded(_each(text_page)))
    return _CONTROL.sub(UNKNOWN, text)


def _each(text_page: pdfium.PdfTextPage) -> str:
    """One character for each of pdfium's.

    The text as a whole is quick to get, but counts otherwise where there are characters beyond
    U+FFFF, two units each, or without a meaning, none: then they are asked for one by one.
    """
    raw, count = text_page.raw, max(text_page.count_chars(), 0)
    units = (ctypes.c_ushort * (2 * count + 2))()
    if pdfium_c.FPDFText_GetText(raw, 0, count, units) - 1 == count:
        text = bytes(units)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(text) == count:
            return text
    get_unicode = pdfium_c.FPDFText_GetUnicode
    codes = (get_unicode(raw, place) for place in range(count))
    return "".join(
        DIVISION if code == _DIVISION_CODE else chr(code) if code <= sys.maxunicode else UNKNOWN
        for code in codes
    )


def _decoded(text: str) -> str:
    """The text, with letters that a font names by their UTF-8, taken for UTF-16, set right.

    The two bytes of an accented, Greek, Cyrillic, Hebrew or Arabic letter come as one letter of
    Chinese or Korean; of those languages' own letters, three in four have no such second byte.
    """
    if text.isascii():
        return text
    pairs = set(_TWO_BYTES.findall(text))
    if len(pairs) < _FEWEST_PAIRS:
        return text
    try:
        letters = {ord(each): ord(each).to_bytes(2, "big").decode() for each in pairs}
    except UnicodeDecodeError:
        return text
    alike = all(len(letter) == 1 and letter.isalpha() for letter in letters.values())
    return text.translate(letters) if alike else text


def turned(box: Box, quarters: int) -> Box:
    """The box after as many quarter turns clockwise about the origin."""
    left, bottom, right, top = box
    for _ in range(quarters % 4):
        left, bottom, right, top = bottom, -right, top, -left
    return left, bottom, right, top


def box_of(text_page: pdfium.PdfTextPage, place: int, quarters: int) -> Box:
    """Where the character stands on the page turned back by as many `quarters`."""
    # Three a line: straight from pdfium, as the helper's own checks take half as long again.
    rectangle = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFText_GetLooseCharBox(text_page.raw, place, rectangle):
        raise pdfium.PdfiumError("no box of a character")
    box = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
    return turned(box, quarters) if quarters else box


def quarters_of(text_page: pdfium.PdfTextPage, place: int) -> int:
    """Into how many quarter turns against the clock the character's own angle comes."""
    clockwise: float = pdfium_c.FPDFText_GetCharAngle(text_page.raw, place)
    return round(-clockwise / (math.pi / 2)) % 4
