"""Org files.

In: bytes in any encoding. Out: the source as it stands, under the headings that orgparse finds;
list items, tables and blocks of code told apart by their first characters. Title, tags and date
are those of the file's own keywords.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

import orgparse

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.readers.dates import day_of
from docsearch.readers.decoding import decode
from docsearch.readers.failures import reading
from docsearch.readers.formats import ORG
from docsearch.readers.lines import STRUCTURE_LIMIT, Block, Lines, raw_text
from docsearch.readers.outline import Outline
from docsearch.readers.tags import split_tags

_STRUCTURAL = re.compile(r"\*+\s|#\+\w+:")
_TIMESTAMP = re.compile(r"[<\[]\d{4}-\d{2}-\d{2}")
_KEYWORD = re.compile(r"#\+(title|filetags|date):\s*(.*)", re.IGNORECASE)
_BEGIN = re.compile(r"\s*#\+begin[_:](\w+)", re.IGNORECASE)
_END = re.compile(r"\s*#\+end[_:](\w+)\s*$", re.IGNORECASE)
_HEADLINE_TAGS = re.compile(r"^\*+\s(?:.*\s)?:([\w@#%:]+):\s*$")
_CODE = frozenset({"src", "example", "export"})
_ITEM = re.compile(r"\s*(?:[-+]|\d+[.)])\s|\s+\*\s")
_ROW = re.compile(r"\s*\|")


class OrgReader:
    """Reads notes written for Emacs' Org mode."""

    name = ORG.name
    suffixes = ORG.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        lines = Lines(decode(data))
        if len(lines.text) > STRUCTURE_LIMIT:
            return raw_text(lines, ())
        keywords = _keywords(lines)
        with reading(self.name, ValueError, IndexError, AttributeError, TypeError, AssertionError):
            blocks = list(_blocks(lines))
        return raw_text(
            lines,
            blocks,
            title=keywords.get("title") or None,
            tags=tuple(dict.fromkeys(_tags(lines, keywords.get("filetags", "")))),
            day=day_of(keywords.get("date")),
        )


def _blocks(lines: Lines) -> Iterator[Block]:
    outline = Outline()
    nodes = list(orgparse.loadi(_structure(lines)))
    starts = [0, *(node.linenumber - 1 for node in nodes[1:]), len(lines)]
    for position, node in enumerate(nodes):
        body = starts[position]
        if not node.is_root():
            outline.enter(node.level, node.get_heading().strip())
            yield Block(body, body + 1, SegmentKind.HEADING, outline.path, node.level)
            body += 1
        yield from _body_blocks(lines, body, starts[position + 1], outline.path)


def _structure(lines: Lines) -> Iterator[str]:
    """The lines that orgparse is to see: it fails on a date such as 2026-02-31 in any other."""
    for line in range(len(lines)):
        text = lines[line]
        yield _TIMESTAMP.sub("", text) if _STRUCTURAL.match(text) else ""


def _body_blocks(lines: Lines, start: int, end: int, headings: tuple[str, ...]) -> Iterator[Block]:
    line = start
    ends = _ends_of_blocks(lines, start, end)
    while line < end:
        text = lines[line]
        if begin := _BEGIN.match(text):
            stop = _end_of_block(ends[begin[1].casefold()], line)
            code = begin[1].lower() in _CODE
            kind = SegmentKind.CODE if code else SegmentKind.PARAGRAPH
            yield Block(line, stop, kind, headings)
            line = stop
        elif not text.strip():
            line += 1
        else:
            kind = _kind(text)
            stop = line + 1
            while stop < end and not _starts_anew(lines[stop], kind):
                stop += 1
            yield Block(line, stop, kind, headings)
            line = stop


def _kind(text: str) -> SegmentKind:
    if _ROW.match(text):
        return SegmentKind.TABLE
    return SegmentKind.LIST_ITEM if _ITEM.match(text) else SegmentKind.PARAGRAPH


def _starts_anew(text: str, kind: SegmentKind) -> bool:
    """Whether a line ends the block above it; each row and each item is a block of its own."""
    if not text.strip() or _BEGIN.match(text) or kind is SegmentKind.TABLE:
        return True
    return _kind(text) is not SegmentKind.PARAGRAPH


def _ends_of_blocks(lines: Lines, start: int, end: int) -> defaultdict[str, list[int]]:
    """Where the lines `#+end_NAME` are, by name: to look for each from its block is quadratic."""
    ends = defaultdict[str, list[int]](list)
    for line in range(start, end):
        if found := _END.match(lines[line]):
            ends[found[1].casefold()].append(line)
    return ends


def _end_of_block(ends: list[int], start: int) -> int:
    """The line behind the next of `ends`; without one, the block is its first line alone."""
    following = bisect_right(ends, start)
    return ends[following] + 1 if following < len(ends) else start + 1


def _tags(lines: Lines, of_file: str) -> Iterator[str]:
    """Those of the file, and those at the end of its headlines: `* Boats   :sails:rope:`."""
    yield from split_tags(of_file.replace(":", " "))
    for line in range(len(lines)):
        # A star first: most lines are told apart by their first character.
        if lines[line].startswith("*") and (found := _HEADLINE_TAGS.search(lines[line])):
            yield from split_tags(found[1].replace(":", " "))


def _keywords(lines: Lines) -> dict[str, str]:
    """The first title, filetags and date of the file, before its first heading."""
    found: dict[str, str] = {}
    for line in range(len(lines)):
        if lines[line].startswith("* "):
            break
        if match := _KEYWORD.match(lines[line]):
            found.setdefault(match[1].lower(), match[2].strip())
    return found
