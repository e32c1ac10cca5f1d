"""Text that a terminal only ever shows, and never obeys.

In: text of a document, a file's name, or an error's words, none of them trusted. Out: text of the
same length, character for character, so that offsets into it stay true. Does not know of widths,
styles or markup.
"""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
NEWLINE_PICTURE = "\N{SYMBOL FOR NEWLINE}"

_C0 = range(0x20)
_DELETE = 0x7F
_C1 = range(0x80, 0xA0)
_SURROGATES = range(0xD800, 0xE000)
_LINE_SEPARATORS = (0x2028, 0x2029)
# Marks, embeddings, overrides and isolates: they can make "fdp.exe" read as "exe.pdf".
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
# What takes no room at all: fillers, tags, annotations, spaces of no width. It can hide words in a
# name, or make two names look the same.
_UNSEEN = (
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x200B, 0x3164, 0xFEFF, 0xFFA0),
    *(*range(0x180B, 0x1810), *range(0x2060, 0x2066), *range(0x206A, 0x2070)),
    *(*range(0xFFF9, 0xFFFC), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0100)),
    *range(0xE01F0, 0xE1000),
)
# Some scripts are written with joiners, and pictures are joined and chosen by them.
_NEEDY = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_WITH_JOINERS = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff]")
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def _pictures() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in _C0}
    table[_DELETE] = "\N{SYMBOL FOR DELETE}"
    table.update(dict.fromkeys((*_C1, *_SURROGATES, *_BIDI, *_UNSEEN), REPLACEMENT))
    table.update(dict.fromkeys((ord("\n"), *_LINE_SEPARATORS), NEWLINE_PICTURE))
    table[ord("\t")] = " "
    return table


_LINE = _pictures()
_BLOCK = _LINE | {ord("\n"): "\n", ord("\t"): "\t", ord("\r"): " "}
_BLOCK.update(dict.fromkeys(_LINE_SEPARATORS, "\n"))


def safe_line(text: str) -> str:
    """`text` on one line, such as a file name: controls as pictures (␛ ␤), a tab as a space.

    What has no picture (C1 controls, bidirectional controls, bytes that are not UTF-8, what is not
    seen at all) becomes �. Joiners and variation selectors stay where a script or a picture needs
    them.
    """
    return _without_idle(text.translate(_LINE))


def safe_block(text: str) -> str:
    """`text` of several lines, such as a passage: as `safe_line`, but lines and tabs stay."""
    return _without_idle(text.translate(_BLOCK))


def _without_idle(text: str) -> str:
    """The text with each joiner and variation selector that does nothing as �."""
    if text.isascii() or not _NEEDY.search(text):
        return text
    kept = list(text)
    for found in _NEEDY.finditer(text):
        at = found.start()
        before = kept[at - 1] if at else ""
        if not _is_needed(found[0], before, text[at + 1 : at + 2]):
            kept[at] = REPLACEMENT
    return "".join(kept)


def _is_needed(character: str, before: str, after: str) -> bool:
    if not before:
        return False
    if character in "\u200c\u200d":
        if _WITH_JOINERS.match(before):
            return True
        return character == "\u200d" and _is_picture(before) and _is_picture(after)
    if character > "\U000e0000":
        return _IDEOGRAPH.match(before) is not None
    return (
        unicodedata.category(before)[0] == "S"
        or before in "#*0123456789"
        or (not before.isascii() and before.isalnum())
    )


def _is_picture(character: str) -> bool:
    return character != "" and (
        character == "\ufe0f" or unicodedata.category(character) in ("So", "Sk", "Sm")
    )
