"""Text that has a UTF-8 form, as tokenizers, models and databases want it.

In: any string. Out: a string of the same length in characters. Knows nothing of who wants it.
"""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """`text` with each lone surrogate replaced by one U+FFFD, so that offsets stay what they are.

    File names, terminals and escapes in documents bring such characters in.
    """
    return text if text.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
