"""Text that a terminal only ever shows, and never obeys.

In: text of a document, a file's name, or an error's words, none of them trusted. Out: text of the
same length, character for character, so that offsets into it stay true. Does not know of widths,
styles or markup.
"""

from __future__ import annotations

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
NEWLINE_PICTURE = "\N{SYMBOL FOR NEWLINE}"

_C0 = range(0x20)
_DELETE = 0x7F
_C1 = range(0x80, 0xA0)
_SURROGATES = range(0xD800, 0xE000)
_LINE_SEPARATORS = (0x2028, 0x2029)
# Marks, embeddings, overrides and isolates: they can make "fdp.exe" read as "exe.pdf".
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))


def _pictures() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in _C0}
    table[_DELETE] = "\N{SYMBOL FOR DELETE}"
    table.update(dict.fromkeys((*_C1, *_SURROGATES, *_BIDI), REPLACEMENT))
    table.update(dict.fromkeys((ord("\n"), *_LINE_SEPARATORS), NEWLINE_PICTURE))
    table[ord("\t")] = " "
    return table


_LINE = _pictures()
_BLOCK = _LINE | {ord("\n"): "\n", ord("\t"): "\t", ord("\r"): " "}
_BLOCK.update(dict.fromkeys(_LINE_SEPARATORS, "\n"))


def safe_line(text: str) -> str:
    """`text` on one line, such as a file name: controls as pictures (␛ ␤), a tab as a space.

    What has no picture (C1 controls, bidirectional controls, bytes that are not UTF-8) becomes �.
    """
    return text.translate(_LINE)


def safe_block(text: str) -> str:
    """`text` of several lines, such as a passage: as `safe_line`, but lines and tabs stay."""
    return text.translate(_BLOCK)
