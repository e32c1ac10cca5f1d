"""Line ends of print become spaces, and divided words are made whole.

In: the lines of a document. Out: running text. A hyphen at a line's end may be that of a division
or of the word itself; the document's other words tell which. Pure; knows no file format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

SOFT_HYPHEN = "\u00ad"

_LONGEST_HEAD = 80

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_HEAD = re.compile(r"(\w[\w\u2010-]*)?(?<=\w)[-\u2010]$")
_TAIL = re.compile(r"\w+(?:[-\u2010]\w+)*")
_UNSPACED = re.compile(
    "[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff9f"
    "\U00020000-\U0003ffff]"
)
"""Letters and marks of Chinese and Japanese, which are written without spaces."""
_JOINING_WORDS = frozenset(
    (
        "and",
        "or",
        "to",
        "nor",
        "but",
        "und",
        "oder",
        "bis",
        "sowie",
        "et",
        "ou",
        "y",
        "o",
        "e",
        "og",
    )
)
"""What follows the first of two compounds with one ending, "pre- and post-war"."""
_FIRST_OF_COMPOUNDS = frozenset(("self", "well", "half", "cross", "quasi", "ex"))


def _head(line: str) -> re.Match[str] | None:
    """What stands of a word before the hyphen that the line ends with."""
    return _HEAD.search(line[-_LONGEST_HEAD:]) if line.endswith(("-", "\u2010")) else None


class DividedWords:
    """Which words are divided at line ends, judged by all lines of one document."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        self._first: Counter[str] = Counter()
        """As line beginnings: where lines stand between its parts, the rest of a word is there."""
        goes_on = False
        for line in lines:
            words = [found.casefold().replace("\u2010", "-") for found in _WORD.findall(line)]
            begins_with_rest, goes_on = goes_on, _head(line) is not None
            self._first.update(() if begins_with_rest else words[:1])
            self._words.update(words[int(begins_with_rest) : len(words) - int(goes_on)])

    def join(self, lines: Sequence[str]) -> str:
        """One running text; a line's end becomes a space, or nothing within a word."""
        pieces: list[str] = []
        for line in lines:
            if pieces:
                pieces[-1], between = self._end(pieces[-1], line)
                pieces.append(between)
            pieces.append(line)
        return "".join(pieces).replace(SOFT_HYPHEN, "")

    def _end(self, line: str, following: str) -> tuple[str, str]:
        """The line as it goes on into the following one, and what is between the two."""
        if line.endswith(SOFT_HYPHEN):
            return line[:-1], ""
        if _UNSPACED.match(line[-1:]) and _UNSPACED.match(following):
            return line, ""
        head, tail = _head(line), _TAIL.match(following)
        if head is None or tail is None or tail[0].casefold() in _JOINING_WORDS:
            return line, " "
        return (line[:-1] if self._is_division(head[0], tail[0]) else line), ""

    def _is_division(self, head: str, tail: str) -> bool:
        """Whether the hyphen of `head` would not be there within a line."""
        if not (head[-2].isalpha() and tail[0].isalpha()):
            return False
        if not (tail[0].islower() or (head + tail).isupper()):
            return False
        first, second = (text.casefold().replace("\u2010", "-") for text in (head[:-1], tail))
        whole, parted = self._words[first + second], self._words[f"{first}-{second}"]
        if whole or parted:
            return whole >= parted
        inner, outer = first.rpartition("-")[2], second.partition("-")[0]
        if self._words[inner + outer]:
            return True
        if "-" in first + second or len(first) == 1 or first in _FIRST_OF_COMPOUNDS:
            return False
        return not (self._words[first] and self._words[second] > self._first[second])
