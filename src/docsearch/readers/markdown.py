"""Markdown: CommonMark with tables and front matter.

In: bytes in any encoding. Out: the source as it stands; headings, paragraphs, list items, code
and table rows by the line numbers of markdown-it-py. Front matter is read for what it says of the
document, and is the first piece of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.readers.dates import day_of
from docsearch.readers.decoding import decode
from docsearch.readers.failures import reading
from docsearch.readers.formats import MARKDOWN
from docsearch.readers.front_matter import FrontMatter, front_matter_of
from docsearch.readers.lines import STRUCTURE_LIMIT, Block, Lines, raw_text
from docsearch.readers.outline import Outline
from docsearch.readers.tags import tags_in

_LEAVES = {
    "heading_open": SegmentKind.HEADING,
    "paragraph_open": SegmentKind.PARAGRAPH,
    "fence": SegmentKind.CODE,
    "code_block": SegmentKind.CODE,
    "html_block": SegmentKind.PARAGRAPH,
    "tr_open": SegmentKind.TABLE,
}
_MAX_HEADING = 500
_MOST_TAGS = 1000
_WIKI_LINK = re.compile(r"!?\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}\n]{0,200}\}$")
_PAGE_PROPERTY = re.compile(r"([\w-]{1,40})::[^\S\n]+(.*\S)")
"""One of Logseq's: they stand at the top, before the first blank line."""


class MarkdownReader:
    """Reads Markdown by its block structure; inline markup stays as it is written."""

    name = MARKDOWN.name
    suffixes = MARKDOWN.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        lines = Lines(decode(data))
        if len(lines.text) > STRUCTURE_LIMIT:
            return raw_text(lines, ())
        front = front_matter_of(lines) or FrontMatter()
        body = lines.text[lines.start(front.behind) :] if front.behind < len(lines) else ""
        with reading(self.name, IndexError, ValueError):
            parser = BlockParser()
            # Blank lines in place of the front matter, so that lines count as in the file.
            blocks = list(parser.blocks(parser.tokens("\n" * front.behind + body)))
        if front.behind:
            blocks.insert(0, Block(0, front.behind))
        page = _page_properties(lines, front.behind)
        inline = islice(tags_in(_prose(lines, blocks, front.behind)), _MOST_TAGS)
        return raw_text(
            lines,
            blocks,
            first_line=front.behind,
            title=front.title or page.get("title"),
            tags=tuple(dict.fromkeys((*front.tags, *inline))),
            day=front.day or day_of(page.get("date") or page.get("created")),
            losses=(front.fault,) if front.fault else (),
        )


class BlockParser:
    """markdown-it-py, stopped at blocks: inline rules cost time, and the source stays raw.

    One instance serves many texts of one thread.
    """

    def __init__(self) -> None:
        self._inline = MarkdownIt("commonmark")
        self._block = MarkdownIt("commonmark").enable("table").use(front_matter_plugin)
        self._block.core.ruler.enableOnly(["normalize", "block"])

    def tokens(self, text: str) -> list[Token]:
        """Block tokens with the lines they came from."""
        # markdown-it ends a line at a lone CR too, which would put all numbers below it off.
        return self._block.parse(text.replace("\r", " "))

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """The leaf blocks, each under its headings."""
        outline = Outline()
        list_depth = 0
        around: list[Outline] = []
        for position, token in enumerate(tokens):
            if token.type in ("list_item_open", "list_item_close"):
                list_depth += token.nesting
            elif token.type == "blockquote_open":  # Its headings are those of another text.
                around.append(outline)
                outline = outline.copy()
            elif token.type == "blockquote_close":
                outline = around.pop()
            kind = _LEAVES.get(token.type)
            if kind is None or token.map is None:
                continue
            level = int(token.tag[1:]) if kind is SegmentKind.HEADING else 0
            if level:
                outline.enter(level, self._plain(tokens[position + 1].content))
            elif kind is SegmentKind.PARAGRAPH and list_depth:
                kind = SegmentKind.LIST_ITEM
            start, end = token.map
            if token.type == "tr_open" and tokens[position - 1].type == "thead_open":
                end += 1  # the row of dashes belongs to the header
            yield Block(start, end, kind, outline.path, level)

    def _plain(self, source: str) -> str:
        """A heading without its inline markup: of a link to a note what is shown."""
        if len(source) > _MAX_HEADING:
            return source[:_MAX_HEADING].rstrip() + "…"
        source = _ATTRIBUTES.sub("", source)
        source = _WIKI_LINK.sub(lambda link: link[2] or link[1], source)
        pieces: list[str] = []
        for token in self._inline.parseInline(source)[0].children or ():
            if token.type in ("text", "code_inline", "image"):
                pieces.append(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                pieces.append(" ")
        return " ".join("".join(pieces).split())


def _page_properties(lines: Lines, first: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in range(first, len(lines)):
        match = _PAGE_PROPERTY.match(lines[line])
        if match is None:
            break
        found.setdefault(match[1].lower(), match[2])
    return found


def _prose(lines: Lines, blocks: Sequence[Block], first: int) -> Iterator[str]:
    """The lines that are no code, from `first` on."""
    code = {
        line
        for block in blocks
        if block.kind is SegmentKind.CODE
        for line in range(block.start, block.end)
    }
    return (lines[line] for line in range(first, len(lines)) if line not in code)
