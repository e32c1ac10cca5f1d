"""Lines of Arabic, Hebrew and other scripts that run from right to left, as they are read.

In: the characters of a line and where they stand. Out: them in reading order, with spaces. A
PDF may have them in any order: programs draw such letters from the left, from the right, or the
vowel points last. Only their places are sure. Pure; knows no file format.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

_LEFTWARDS = (
    "\u0590-\u065f\u066d-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U0001e800-\U0001efff"
)
LEFTWARDS = re.compile(f"[{_LEFTWARDS}]")
"""A character of a script that runs to the left; their digits do not."""
_LETTER_OR_DIGIT = re.compile(r"\w")
_NUMBER = re.compile("P?D+(?:SD+)*E?")
_WORDS = re.compile("P?(?:[DS]{0,20}D[^LD]{0,2})?L(?:.*[LD])?E?")
"""From the first letter, or a number close before it, to the last letter or digit."""
_SIGNS = {
    **dict.fromkeys(".,:/-\u066b\u066c\u060c\u2044", "S"),
    **dict.fromkeys("+$\u20ac\u00a3\u20aa#\\@", "P"),
    **dict.fromkeys("%\u066a\u00b0", "E"),
}
_SPACE_FROM = 0.07
"""Heights of a character; a wider gap stands for a space."""
_NON_JOINER = "\u200c"
_TATWEEL = "\u0640"
_KASHIDA = re.compile(rf"(?<={_TATWEEL}) (?={_TATWEEL})")
"""Between halves of a stroke that makes a word wider, drawn one by one."""
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("\u00ab", "\u00bb"), ("\ufd3f", "\ufd3e"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """One character with the place where its drawing begins, its edges, and its height."""

    text: str
    origin: float
    left: float
    right: float
    height: float


def reading_order(line: Sequence[Drawn], *, leftwards: bool) -> str:
    """The text of a line that begins at the right, if it is `leftwards`, or else at the left."""
    shown = _from_left(line)
    kinds = "".join(map(_kind, shown))
    pieces = _read_left(shown, kinds) if leftwards else _read_right(shown, kinds)
    return _KASHIDA.sub("", _with_pairs("".join(pieces))).strip()


def parts(line: Sequence[Drawn], width: float) -> list[list[Drawn]]:
    """The line cut at gaps wider than `width` heights, from the left."""
    found: list[list[int]] = []
    edge = 0.0
    for at in sorted(range(len(line)), key=lambda at: line[at].origin):
        each = line[at]
        visible = not each.text.isspace()
        if not found or (visible and each.left - edge > width * each.height > 0):
            found.append([])
        if visible:
            edge = max(edge, each.right) if found[-1] else each.right
        found[-1].append(at)
    return [[line[at] for at in sorted(part)] for part in found]


def runs_leftwards(text: str, *, leftwards_around: bool) -> bool:
    """Whether a line with these characters begins at the right."""
    counts = Counter(map(_kind, text))
    least = 3 if leftwards_around else 1
    return least * counts["R"] >= counts["L"]


def _from_left(line: Sequence[Drawn]) -> list[str]:
    """What is seen from left to right: letters, each with the marks upon it, and spaces."""
    glyphs, between = _glyphs(line)
    order = sorted(range(len(glyphs)), key=lambda at: glyphs[at].origin)
    upon = _marks([each for each in line if _is_mark(each)], [glyphs[at] for at in order])
    shown: list[str] = []
    edge = 0.0
    for number, at in enumerate(order):
        each = glyphs[at]
        if each.text.isspace():
            shown.append(" ")
            continue
        told = between.get((min(at, order[number - 1]), max(at, order[number - 1])), "")
        if shown and told != " " and each.left - edge > _SPACE_FROM * each.height:
            told = " "
        if shown and shown[-1] != " " and told:
            shown.append(told)
        edge = max(edge, each.right) if shown else each.right
        shown.append(each.text + upon.get(number, ""))
    return shown


def _glyphs(line: Sequence[Drawn]) -> tuple[list[Drawn], dict[tuple[int, int], str]]:
    """The line without marks, letters drawn as one, as lam and alef, in one; and what is between.

    Spaces without a width are made up, by one who found the letters around them apart. One that
    is drawn within the letter beside it stands for a non-joiner.
    """
    glyphs: list[Drawn] = []
    between: dict[tuple[int, int], str] = {}
    for number, each in enumerate(line):
        sides = (len(glyphs) - 1, len(glyphs))
        beside = (*line[max(number - 1, 0) : number], *line[number + 1 : number + 2])
        if _is_mark(each):
            continue
        if each.text.isspace() and (each.left >= each.right or not each.height):
            if not any(map(_is_mark, beside)):
                between[sides] = " "
        elif each.text.isspace() and any(_is_within(each, letter) for letter in beside):
            between[sides] = _NON_JOINER
        elif glyphs and _place(glyphs[-1]) == _place(each):
            glyphs[-1] = replace(each, text=glyphs[-1].text + each.text)
        else:
            glyphs.append(each)
    return glyphs, between


def _is_within(space: Drawn, letter: Drawn) -> bool:
    leftwards = LEFTWARDS.match(letter.text) is not None
    return leftwards and letter.origin < (space.left + space.right) / 2 < letter.right


def _is_mark(each: Drawn) -> bool:
    return unicodedata.category(each.text[0]) == "Mn"


def _marks(marks: Sequence[Drawn], glyphs: Sequence[Drawn]) -> dict[int, str]:
    """The marks upon each of the glyphs, which are in order from the left."""
    upon: dict[int, str] = {}
    middles = [(each.left + each.right) / 2 for each in glyphs]
    for mark in marks:
        middle = (mark.left + mark.right) / 2
        at = bisect_left(middles, middle)
        near = [n for n in range(max(at - 2, 0), at + 2) if glyphs[n : n + 1]]
        near = [n for n in near if LEFTWARDS.match(glyphs[n].text)] or near
        if near:
            best = min(near, key=lambda n: abs(middles[n] - middle))
            upon[best] = upon.get(best, "") + mark.text
    return upon


def _place(each: Drawn) -> tuple[float, float, float]:
    return each.origin, each.left, each.right


def _kind(shown: str) -> str:
    """R and L for letters by their direction, D for digits, others by what they do to numbers."""
    first = shown[0]
    if LEFTWARDS.match(first):
        return "R" if _LETTER_OR_DIGIT.match(first) else "N"
    if first.isdecimal():
        return "D"
    return "L" if first.isalpha() else _SIGNS.get(first, "N")


def _read_right(shown: Sequence[str], kinds: str) -> Iterator[str]:
    """A line that begins at the left: only what is between letters that run to the left turns."""
    at = 0
    for apart in re.finditer("[^L]+", kinds):
        first, last = kinds.find("R", *apart.span()), kinds.rfind("R", *apart.span())
        if first >= 0:
            yield from shown[at:first]
            yield from _read_left(shown[first : last + 1], kinds[first : last + 1])
            at = last + 1
    yield from shown[at:]


def _read_left(shown: Sequence[str], kinds: str) -> Iterator[str]:
    """A line that begins at the right: only words and numbers that run to the right do not turn."""
    end = len(kinds)
    for start, stop in reversed(list(_rightwards(shown, kinds))):
        yield from reversed(shown[stop:end])
        yield from shown[start:stop]
        end = start
    yield from reversed(shown[:end])


def _rightwards(shown: Sequence[str], kinds: str) -> Iterator[tuple[int, int]]:
    """Where words with what is between them, or else single numbers, run to the right."""
    for apart in re.finditer("[^R]+", kinds):
        words = _WORDS.search(apart[0]) if "L" in apart[0] else None
        end = words.start() if words else len(apart[0])
        for number in _NUMBER.finditer(apart[0], 0, end):
            yield apart.start() + number.start(), apart.start() + number.end()
        if words:
            start, stop = apart.start() + words.start(), apart.start() + words.end()
            within = "".join(shown[start:stop])
            stop += stop < apart.end() and _closes(within, shown[stop])
            start -= start > apart.start() and _opens(within, shown[start - 1])
            yield start, stop


def _closes(text: str, bracket: str) -> bool:
    return any(bracket == b and text.count(a) > text.count(b) for a, b in _BRACKETS)


def _opens(text: str, bracket: str) -> bool:
    return any(bracket == a and text.count(a) < text.count(b) for a, b in _BRACKETS)


def _with_pairs(text: str) -> str:
    """The text with the brackets of each pair as they are read: a drawn one may be either."""
    for opening, closing in _BRACKETS:
        places = [at for at, each in enumerate(text) if each in (opening, closing)]
        opened = list(accumulate(1 if text[at] == opening else -1 for at in places))
        if len(places) % 2 or not places or (not opened[-1] and min(opened) >= 0):
            continue
        letters = list(text)
        for number, at in enumerate(places):
            letters[at] = closing if number % 2 else opening
        text = "".join(letters)
    return text
