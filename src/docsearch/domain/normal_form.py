"""The form in which texts are compared: what looks or sounds the same is the same there.

In: any text. Out: its normal form, and where each of its characters came from. In the normal form
there is no case, width, ligature, accent, vowel point or invisible character; dashes, apostrophes
and quotation marks are those of ASCII, and so are digits. Only ever compared, never shown.
Knows of Unicode, and of no index or query.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

VERSION = f"2, Unicode {unicodedata.unidata_version}"
"""Changes whenever the same text could have another normal form."""

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007"
    "\u3021-\u302f\u3031-\u3035\u303b\u303c\u3041-\u30fa\u30fc-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\ua4cf\ua960-\ua97f\ua9e0-\ua9ff\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Scripts without spaces between words, as ranges of a character class: Thai, Lao, Burmese, Khmer,
Chinese, Japanese, Yi. And Korean, whose particles are written onto the word."""

_SYLLABIC = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaa7f"
"""Those among them that write a sound with each character: two of them say little."""

# Variation selectors, joiners, fillers, marks of direction, tags, tones of the skin.
_INVISIBLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0x1D173, 0x1D17A),
    (0x1F3FB, 0x1F3FF),
    (0xE0000, 0xE0FFF),
)
# Of Latin, Greek, Cyrillic, Hebrew, Arabic and Syriac, and the Devanagari dot. Other scripts write
# sounds with their marks. 0338 and 20D2 strike a sign out, as in ≠.
_ACCENTS = (
    (0x0300, 0x0337),
    (0x0339, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05BD),
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x05C4, 0x05C5),
    (0x05C7, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06E4),
    (0x06E7, 0x06E8),
    (0x06EA, 0x06ED),
    (0x0711, 0x0711),
    (0x0730, 0x074A),
    (0x08CA, 0x08E1),
    (0x08E3, 0x08FF),
    (0x093C, 0x093C),
    (0x1AB0, 0x1ACE),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20D1),
    (0x20D3, 0x20F0),
    (0xFE20, 0xFE2F),
)
# Where Unicode has marks: all of it takes long to look through.
_WITH_MARKS = (
    *((0x0300, 0x2100), (0x2CE0, 0x3100), (0xA660, 0xABF0), (0xFB1E, 0xFB1F), (0x10180, 0x12000)),
    *((0x13430, 0x13460), (0x16AE0, 0x17000), (0x1BC90, 0x1BCA0), (0x1CF00, 0x1D250)),
    *((0x1DA00, 0x1DAB0), (0x1E000, 0x1E950)),
)
_LETTERS = {
    **{"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"},
    # Alefs, and the letters that Arabic and Persian keyboards write differently.
    **{"ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": ""},
}
_MARKS = {
    **dict.fromkeys("’‘‛ʼʻʹ′`´׳", "'"),
    **dict.fromkeys("“”„‟«»″״〝〞〟", '"'),
    **dict.fromkeys("‐‑‒–—―−־", "-"),
    **{"⁄": "/", "™": " ", "℠": " "},
}
_ALIKE = {ord(each): alike for each, alike in (_LETTERS | _MARKS).items()}


# Thai and Lao "am" is one character behind the tone, or its ring before and the rest behind it.
_RING_FIRST = re.compile("([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb])")

_READING = re.compile(
    "(?<=[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    "[(\u300a][\u3041-\u30ff]+[)\u300b]"
)

_UNSEEN = {code: None for first, last in _INVISIBLE for code in range(first, last + 1)}


class _Table(dict[int, str]):
    """The normal form of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        form = self[code] = _form_of(code)
        return form


_TABLE = _Table()


@dataclass(frozen=True, slots=True)
class Mapped:
    """A text in normal form, and the place in the original of each of its characters."""

    original: str
    normal: str
    places: range | list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """`[start, end)` of the normal form in the original, with the marks on its last letter."""
        if start >= end:
            place = self.places[start] if start < len(self.places) else len(self.original)
            return place, place
        first, last = self.places[start], max(self.places[start:end]) + 1
        while last < len(self.original) and unicodedata.category(self.original[last])[0] == "M":
            last += 1
        return first, last


def normal(text: str) -> str:
    """The text in normal form; twice is as once."""
    if text.isascii():
        return text.lower().replace("`", "'")
    # Marks of one letter stand in one order, whoever typed them.
    return _RING_FIRST.sub(r"\2\1", unicodedata.normalize("NFD", text.translate(_TABLE)))


def without_readings(form: str) -> str:
    """A normal form less the readings in brackets behind Japanese words: ruby, in plain text."""
    return form if form.isascii() else _READING.sub("", form)


def without_invisible(text: str) -> str:
    """The text as it stands, less the characters that are not seen."""
    return text if text.isascii() else text.translate(_UNSEEN)


def mapped(text: str) -> Mapped:
    """The text in normal form, with the way back."""
    form = normal(text)
    # Most texts have some quotes and accents, and nothing that changes its length.
    if len(form) == len(text) and all(len(_TABLE[ord(each)]) == 1 for each in set(text)):
        return Mapped(text, form, range(len(text)))
    places = [at for at, each in enumerate(text) for _ in _TABLE[ord(each)]]
    return Mapped(text, form, places)


@cache
def vowel_signs() -> str:
    """All marks that the normal form keeps, for a character class; to `re` none is a word's."""
    kept = (
        code
        for first, last in _WITH_MARKS
        for code in range(first, last)
        if unicodedata.category(chr(code))[0] == "M" and not _within(code, _ACCENTS, _INVISIBLE)
    )
    spans: list[list[int]] = []
    for code in kept:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)


@cache
def written_on() -> str:
    """In a normal form, one sign that is written onto the character before it, as a pattern."""
    return rf"[{vowel_signs()}\u1161-\u11ff\ud7b0-\ud7fb]"


@cache
def unit() -> re.Pattern[str]:
    """In a normal form, one character of an unspaced script with all that is written onto it."""
    return re.compile(rf"(?!{written_on()})(?=\w)[{UNSPACED}]{written_on()}*")


@cache
def spaced_letter() -> str:
    """In a normal form, one letter, digit or sign of a script with spaces, as a pattern."""
    return rf"(?![{UNSPACED}])[\w{vowel_signs()}]"


def gram_length(units: str) -> int:
    """How many units in a row tell a word of this script from others."""
    return 3 if re.match(f"[{_SYLLABIC}]", units) else 2


def _within(code: int, *tables: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for table in tables for first, last in table)


def _form_of(code: int) -> str:
    character = chr(code)
    if _within(code, _INVISIBLE):
        return ""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Zs":
        return " "
    composed = unicodedata.normalize("NFC", character)
    if composed[1:] == "" and ord(composed) in _ALIKE:
        return _ALIKE[ord(composed)]
    plain = _without_accents(unicodedata.normalize("NFKD", character))
    plain = _without_accents(unicodedata.normalize("NFKD", plain.casefold()))
    form = "".join(_ALIKE.get(ord(each), each) for each in plain)
    return _apart(character, form) if category in ("So", "No") else form


def _without_accents(text: str) -> str:
    return "".join(each for each in text if not _within(ord(each), _ACCENTS, _INVISIBLE))


def _apart(character: str, form: str) -> str:
    """½, ① and ㎏ stand apart from a letter or digit beside them, H₂O and x² do not."""
    kind = unicodedata.decomposition(character).partition(" ")[0]
    if kind == "<fraction>":
        return f" {form}"
    return f" {form} " if kind in ("<circle>", "<square>", "<compat>") else form
