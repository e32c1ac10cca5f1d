"""Markdown: CommonMark with tables and front matter.

In: bytes in any encoding. Out: the source as it stands; headings, paragraphs, list items, code
and table rows by the line numbers of markdown-it-py. Front matter is read, and is no passage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.readers.decoding import decode
from docsearch.readers.failures import reading
from docsearch.readers.formats import MARKDOWN
from docsearch.readers.front_matter import FrontMatter, parse_front_matter
from docsearch.readers.lines import STRUCTURE_LIMIT, Block, Lines, raw_text
from docsearch.readers.outline import Outline

_LEAVES = {
    "heading_open": SegmentKind.HEADING,
    "paragraph_open": SegmentKind.PARAGRAPH,
    "fence": SegmentKind.CODE,
    "code_block": SegmentKind.CODE,
    "html_block": SegmentKind.PARAGRAPH,
    "tr_open": SegmentKind.TABLE,
}
_MAX_HEADING = 500


class MarkdownReader:
    """Reads Markdown by its block structure; inline markup stays as it is written."""

    name = MARKDOWN.name
    suffixes = MARKDOWN.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        lines = Lines(decode(data))
        if len(lines.text) > STRUCTURE_LIMIT:
            return raw_text(lines, ())
        with reading(self.name, IndexError, ValueError):
            parser = BlockParser()
            tokens = parser.tokens(lines.text)
            blocks = list(parser.blocks(tokens))
        front, first_line = _front_matter(tokens)
        return raw_text(
            lines,
            blocks,
            first_line=first_line,
            title=front.title,
            tags=front.tags,
            day=front.day,
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
        for position, token in enumerate(tokens):
            if token.type in ("list_item_open", "list_item_close"):
                list_depth += token.nesting
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
        """A heading without its inline markup."""
        if len(source) > _MAX_HEADING:
            return source[:_MAX_HEADING].rstrip() + "…"
        pieces: list[str] = []
        for token in self._inline.parseInline(source)[0].children or ():
            if token.type in ("text", "code_inline", "image"):
                pieces.append(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                pieces.append(" ")
        return "".join(pieces).strip()


def _front_matter(tokens: Sequence[Token]) -> tuple[FrontMatter, int]:
    """The front matter, and the first line behind it."""
    for token in takewhile(lambda token: token.type == "front_matter", tokens):
        front = parse_front_matter(token.content)
        if front is not None and token.map is not None:
            return front, token.map[1]
    return FrontMatter(), 0
