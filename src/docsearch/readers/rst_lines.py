"""Which lines of a reStructuredText file a node of its document tree stands on.

In: the source by lines, and nodes of docutils, which tell one line each and not always the first.
Out: the first line, and the one behind the last, counted from 0. Parses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from docutils import nodes

from docsearch.readers.lines import Lines

_DIRECTIVE = re.compile(r"\s*\.\.\s+[\w:-]+::")
_CODE_DIRECTIVE = re.compile(r"\s*\.\.\s+(?:code|code-block|sourcecode|highlight)::")


def title_start(lines: Lines, underline: int) -> int:
    """The title's first line: its overline, where it has one as long as the underline."""
    if underline < 1:
        return underline
    above = lines[underline - 2].rstrip() if underline >= 2 else ""
    has_overline = bool(above) and above == lines[underline].rstrip()
    return underline - 2 if has_overline else underline - 1


def extent(lines: Lines, node: nodes.Element, line: int, blanks: Sequence[int]) -> tuple[int, int]:
    """The lines of a block: up to a blank one; of code and directives, while indented."""
    if isinstance(node, nodes.literal_block):
        line = _code_start(lines, node, line)
        return line, _end_of_indented(lines, line)
    if _DIRECTIVE.match(lines[line]):
        return line, _end_of_indented(lines, line)
    return line, max(blanks[line], line + 1)


def refused_code(node: nodes.Element, lines: Lines) -> int:
    """The line of a code directive whose options only Sphinx knows; -1 for any other node."""
    if not isinstance(node, nodes.literal_block) or not _CODE_DIRECTIVE.match(node.astext()):
        return -1
    line = node.parent.get("line", 0) - 1
    return line if 0 <= line < len(lines) and _CODE_DIRECTIVE.match(lines[line]) else -1


def next_blanks(lines: Lines) -> list[int]:
    """For each line, the first blank one from there on."""
    found = [len(lines)] * (len(lines) + 1)
    for line in range(len(lines) - 1, -1, -1):
        found[line] = line if lines.is_blank(line) else found[line + 1]
    return found


def _code_start(lines: Lines, block: nodes.literal_block, line: int) -> int:
    """Where code begins, its directive included: docutils gives the line behind such code."""
    if _DIRECTIVE.match(lines[line]):
        return line
    content = block.astext().split("\n")
    start = line
    if lines[line].strip() != content[0].strip():
        while start > 0 and (start == line or lines.is_blank(start)):
            start -= 1
        start = max(0, start - len(content) + 1)
    for above in range(start - 1, max(-1, start - 20), -1):
        text = lines[above].strip()
        if _DIRECTIVE.match(lines[above]):
            return above
        if text and not text.startswith(":"):
            break
    return start


def _end_of_indented(lines: Lines, start: int) -> int:
    first = lines[start]
    margin = len(first) - len(first.lstrip())
    inner = margin + 1 if _DIRECTIVE.match(first) else max(margin, 1)
    end = start + 1
    for line in range(start + 1, len(lines)):
        text = lines[line]
        if text.strip():
            if len(text) - len(text.lstrip()) < inner:
                break
            end = line + 1
    return end
