"""Source code and configuration, by definitions and sections.

In: bytes and a file name, which tells the language. Out: the source as it stands, in JSON with the
characters that its escapes stand for, so that words are found; cut where
functions, classes, sections and top-level keys begin; the names of those that enclose a block
are its headings. Lexes with pygments; knows no grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_for_filename, guess_lexer
from pygments.util import ClassNotFound

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.readers.decoding import decode
from docsearch.readers.definitions import Definition, definitions, indentation
from docsearch.readers.formats import SOURCE_CODE
from docsearch.readers.lines import STRUCTURE_LIMIT, Block, Lines, raw_text

_LONGEST_LINE = 20_000
"""Machine-made code has such lines: nothing to find in it, and lexers are slow on it."""

_JSON = (".json", ".jsonc", ".json5", ".jsonl", ".ndjson")
_ESCAPE = re.compile(
    r"\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|u([0-9a-f]{4})|(.))", re.IGNORECASE
)

_LEAD = re.compile(r"\s*(?:@|#\[|#(?!!)|//|/\*|\*|--|;;|\"\"\"|\[\w+.*\]\s*$)")
"""A line right above a definition that belongs to it: a decorator, an attribute, a comment."""

_CONTINUES = re.compile(r"\s*(?:[\])}{]|end\b|else\b|elif\b|except\b|finally\b|rescue\b|ensure\b)")
"""A line that goes on with a definition although it is not indented."""


class SourceCodeReader:
    """Reads programs and configuration files of the usual languages."""

    name = SOURCE_CODE.name
    suffixes = SOURCE_CODE.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:
        """See `ports.Reader`."""
        text = decode(data)
        lines = Lines(_ESCAPE.sub(_shown, text) if name.lower().endswith(_JSON) else text)
        return raw_text(lines, _blocks(lines, _definitions(lines, name)))


def _shown(escape: re.Match[str]) -> str:
    """What an escape of JSON shows, on its line; what JSON needs escaped stays so."""
    if escape[1]:
        high, low = int(escape[1], 16), int(escape[2], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
    if escape[3]:
        character = chr(int(escape[3], 16))
        return character if character.isprintable() and character not in '"\\\ufffd' else escape[0]
    return " " if escape[4] in "nrt" else escape[0]


@dataclass(frozen=True, slots=True)
class _Opening:
    """The line where a definition's block begins, comments included, and what encloses it.

    `path` runs from the outermost definition to this one.
    """

    line: int
    path: tuple[Definition, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The names along the path."""
        return tuple(definition.name for definition in self.path)


def _definitions(lines: Lines, name: str) -> Sequence[Definition]:
    longest = max(lines.end(line) - lines.start(line) for line in range(len(lines)))
    if len(lines.text) > STRUCTURE_LIMIT or longest > _LONGEST_LINE:
        return ()
    lexer = _lexer(lines, name)
    return () if lexer is None else tuple(definitions(lexer, lines))


def _lexer(lines: Lines, name: str) -> Lexer | None:
    found = find_lexer_class_for_filename(name, lines.text[:4096])
    if found is not None:
        return found()
    if not lines.text.startswith("#!"):
        return None
    try:
        return guess_lexer(lines[0] + "\n")
    except ClassNotFound:
        return None


def _blocks(lines: Lines, found: Sequence[Definition]) -> Iterator[Block]:
    """Everything up to the first definition by paragraphs, then a block per definition."""
    openings = list(_openings(lines, found))
    first = openings[0].line if openings else len(lines)
    for start, end in lines.paragraphs(0, first):
        yield Block(start, end, SegmentKind.CODE)
    for position, opening in enumerate(openings):
        end = openings[position + 1].line if position + 1 < len(openings) else len(lines)
        rest = _first_line_behind(lines, opening, end)
        yield Block(opening.line, rest, SegmentKind.CODE, opening.headings)
        if rest < end:
            inside = (d.name for d in opening.path if d.depth < indentation(lines[rest]))
            yield Block(rest, end, SegmentKind.CODE, tuple(inside))


def _openings(lines: Lines, found: Sequence[Definition]) -> Iterator[_Opening]:
    """Definitions enclose each other by indentation, as people write them in any language."""
    path: list[Definition] = []
    above = -1
    for definition in found:
        while path and path[-1].depth >= definition.depth:
            path.pop()
        line = definition.line
        # A section's own line looks like an attribute above the next one.
        while line - 1 > above and _LEAD.match(lines[line - 1]):
            line -= 1
        above = definition.line
        path.append(definition)
        yield _Opening(line, tuple(path))


def _first_line_behind(lines: Lines, opening: _Opening, end: int) -> int:
    """Where the definition's body is over: a line not indented, behind a blank one."""
    definition = opening.path[-1]
    for line in range(definition.line + 2, end):
        text = lines[line]
        outside = text.strip() and indentation(text) <= definition.depth
        if outside and lines.is_blank(line - 1) and not _CONTINUES.match(text):
            return line
    return end
