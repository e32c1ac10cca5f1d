"""One pattern of a .gitignore: text in, whether a path is meant out.

The rules are git's (gitignore(5) and its wildmatch.c). Written here rather than taken from
`pathspec`, because patterns come from folders that are not trusted: each star is matched once and
never reconsidered, so no pattern can take more than the product of its length and the path's; and
because git asks of each folder on the way down whether it is meant itself, which `pathspec` cannot
tell from a folder above it being meant. One liberty: a slash within brackets ends the name.
Does not know of files, or which pattern wins.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass

_ANY_DEPTH = re.compile(r"\*{2,}")

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": re.escape(string.punctuation),
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}

_NAME_PART = re.compile(
    r"""
    (?P<star>\*+) | (?P<any>\?) | \\(?P<escaped>.)
    | \[ (?P<not>[!^]?) (?P<set> \]? (?: \[:[^]]{0,40}:\] | \\. | [^]\\] )* ) \]
    | (?P<broken>\[|\\) | (?P<plain>[^*?\\[]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_SET_PART = re.compile(
    r"\[:(?P<named>[^]]{0,40}):\] | \\?(?P<low>.) (?: - \\?(?P<high>[^]]) )?",
    re.VERBOSE | re.DOTALL,
)


class BrokenPatternError(ValueError):
    """A pattern that git would let match nothing."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`names` are the parts between slashes, None standing for any number of them."""

    names: tuple[re.Pattern[str] | None, ...]
    folders_only: bool

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """A pattern without its `!`. Raises BrokenPatternError."""
        folders_only = text.endswith("/")
        text = text.removesuffix("/")
        parts = text.removeprefix("/").split("/")
        if "/" not in text:
            return cls((None, _compile_name(text)), folders_only)
        names = (None if _ANY_DEPTH.fullmatch(part) else _compile_name(part) for part in parts)
        return cls(tuple(names), folders_only)

    def matches(self, parts: Sequence[str], is_folder: bool) -> bool:
        """Whether the path made of `parts`, relative to the pattern's own folder, is meant."""
        if self.folders_only and not is_folder:
            return False
        return self._matches_parts(parts)

    def _matches_parts(self, parts: Sequence[str]) -> bool:
        at, name_at = 0, 0
        retry: tuple[int, int] | None = None
        while at < len(parts):
            if name_at < len(self.names):
                name = self.names[name_at]
                if name is None:
                    # At the end it stands for at least one part, which is there.
                    if name_at == len(self.names) - 1:
                        return True
                    name_at += 1
                    retry = (at, name_at)
                    continue
                if name.fullmatch(parts[at]):
                    at, name_at = at + 1, name_at + 1
                    continue
            if retry is None:
                return False
            retry = (retry[0] + 1, retry[1])
            at, name_at = retry
        return name_at == len(self.names)


def _compile_name(glob: str) -> re.Pattern[str]:
    if not glob:
        raise BrokenPatternError
    pieces: list[list[str]] = [[]]
    for part in _NAME_PART.finditer(glob):
        if part["star"]:
            pieces.append([])
        elif part["any"]:
            pieces[-1].append(".")
        elif part["broken"]:
            raise BrokenPatternError
        elif part["set"] is not None:
            pieces[-1].append(_compile_set(part["set"], negated=bool(part["not"])))
        else:
            pieces[-1].append(re.escape(part["escaped"] or part["plain"]))
    fixed = ["".join(each) for each in pieces]
    if len(fixed) == 1:
        return re.compile(fixed[0], re.DOTALL)
    first, *middle, last = fixed
    # The earliest place for what follows a star is as good as any later one.
    stars = "".join(f"(?>.*?{each})" for each in middle)
    return re.compile(f"{first}{stars}.*{last}", re.DOTALL)


def _compile_set(inside: str, *, negated: bool) -> str:
    found: list[str] = []
    for part in _SET_PART.finditer(inside):
        low, high = part["low"], part["high"]
        if part["named"] is not None:
            if part["named"] not in _CLASSES:
                raise BrokenPatternError
            found.append(_CLASSES[part["named"]])
        elif high is None:
            found.append(re.escape(low))
        elif low <= high:
            found.append(f"{re.escape(low)}-{re.escape(high)}")
    members = "".join(found)
    if not members:
        return "." if negated else "(?!)"
    return f"[^{members}]" if negated else f"[{members}]"
