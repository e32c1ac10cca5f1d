"""Text as tokenizers can take it.

In: any string. Out: a string of the same length in characters that has a UTF-8 form. Knows no
model.
"""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """`text` with each lone surrogate replaced by one U+FFFD, so that offsets stay what they are.

    File names and terminals bring such characters in; tokenizers refuse them.
    """
    return _SURROGATE.sub("\ufffd", text)
