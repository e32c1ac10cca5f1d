"""What Word's symbol characters look like: a font's name and a code to the character of Unicode.

In: the attributes of `w:sym`. Out: the letter or sign, a space for a picture of a font that is
not known here. Fonts of symbols keep theirs at U+F020 to U+F0FF.
"""

from __future__ import annotations

import re

_PRIVATE = 0xF000
_SYMBOL = dict(
    [
        *enumerate("ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", 0x41),
        *enumerate("αβχδεφγηιϕκλμνοπθρστυϖωξψζ", 0x61),
        *enumerate("ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…", 0xA1),
        *enumerate("ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓", 0xC0),
        *((0x22, "∀"), (0x24, "∃"), (0x27, "∍"), (0x2A, "∗"), (0x2D, "−"), (0x40, "≅")),
        *((0x5C, "∴"), (0x5E, "⊥"), (0x7E, "∼"), (0xE5, "∑"), (0xF2, "∫")),
        *((code, chr(code)) for code in (*range(0x30, 0x3A), *map(ord, " !#%&()+,./:;<=>?[]_{|}"))),
    ]
)
_WINGDINGS = {
    **{0x6F: "☐", 0x71: "☐", 0xA8: "☐", 0xFD: "☒", 0xFE: "☑", 0xFB: "✗", 0xFC: "✓"},
    **{0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0x4A: "☺", 0x6C: "●", 0x6E: "■", 0xA7: "▪"},
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}


def symbol(font: str | None, code: str | None) -> str:
    """The character that `code`, in hexadecimal digits, shows in `font`."""
    if not code or not re.fullmatch("[0-9A-Fa-f]{1,5}", code):
        return " "
    number = int(code, 16)
    signs = _FONTS.get((font or "").lower())
    if signs is not None:
        return signs.get(number - _PRIVATE if number >= _PRIVATE else number, " ")
    return chr(number) if number < 0xD800 else " "
