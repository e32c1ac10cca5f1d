"""Text as tokenizers can take it, and sizes as people read them.

In: any string, any number of bytes. Out: a string of the same length in characters that has a
UTF-8 form; a size in words. Knows no model.
"""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """`text` with each lone surrogate replaced by one U+FFFD, so that offsets stay what they are.

    File names and terminals bring such characters in; tokenizers refuse them.
    """
    return _SURROGATE.sub("\ufffd", text)


def size_in_words(size: int) -> str:
    """`91_000_000` as "91 MB"; decimal units, as download pages state them."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            value = size / factor
            return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"
    return f"{size} bytes"
