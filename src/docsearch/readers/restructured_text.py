"""reStructuredText.

In: bytes in any encoding. Out: the source as it stands; docutils tells where sections, list
items, code and tables start. Nothing a document asks for is done: no file is included, no raw
output passed on, no role or substitution resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import ApplicationError, nodes, utils
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.parsers.rst.states import Inliner

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.readers.dates import day_of
from docsearch.readers.decoding import decode
from docsearch.readers.failures import reading
from docsearch.readers.formats import RESTRUCTURED_TEXT
from docsearch.readers.lines import STRUCTURE_LIMIT, Block, Lines, raw_text
from docsearch.readers.outline import Outline
from docsearch.readers.rst_lines import extent, next_blanks, refused_code, title_start
from docsearch.readers.rst_states import SOURCE_STATES
from docsearch.readers.tags import split_tags

_LINE_ENDS = str.maketrans("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", " " * 9)
"""Characters that docutils, unlike an editor, takes for the end of a line."""

_LONGEST_LINE = 20_000
_KINDS: tuple[tuple[type[nodes.Element], SegmentKind], ...] = (
    (nodes.list_item, SegmentKind.LIST_ITEM),
    (nodes.literal_block, SegmentKind.CODE),
    (nodes.doctest_block, SegmentKind.CODE),
    (nodes.table, SegmentKind.TABLE),
    (nodes.paragraph, SegmentKind.PARAGRAPH),
)
_MALFORMED = (
    ApplicationError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    KeyError,
    AssertionError,
)


class RestructuredTextReader:
    """Reads the sources of documentation; Sphinx's own directives are read as paragraphs."""

    name = RESTRUCTURED_TEXT.name
    suffixes = RESTRUCTURED_TEXT.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        lines = Lines(decode(data))
        longest = max(lines.end(line) - lines.start(line) for line in range(len(lines)))
        if len(lines.text) > STRUCTURE_LIMIT or longest > _LONGEST_LINE:
            return raw_text(lines, ())
        with reading(self.name, *_MALFORMED):
            document = _parse(lines.text)
            blocks = sorted(_blocks(document, lines), key=lambda block: block.start)
            fields = _fields(document)
        return raw_text(
            lines,
            blocks,
            title=fields.get("title") or _title(document),
            tags=split_tags(fields.get("tags") or fields.get("keywords", "")),
            day=day_of(fields.get("date")),
        )


class _SourceInliner(Inliner):
    """Leaves inline markup as it is written: nothing to resolve, and no slow search for it."""

    def init_customizations(self, settings: object) -> None:
        """Prepares the patterns of inline markup; none is looked for."""

    def adjust_uri(self, uri: str) -> str:
        """The target of a hyperlink, as it is written."""
        return uri

    def parse(
        self,
        text: str,
        lineno: int,  # noqa: ARG002
        memo: object,  # noqa: ARG002
        parent: object,  # noqa: ARG002
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The whole text as one node, and no messages."""
        return [nodes.Text(text)], []


def _parse(text: str) -> nodes.document:
    parser = Parser(inliner=_SourceInliner())
    parser.state_classes = SOURCE_STATES
    settings = get_default_settings(parser)
    settings.file_insertion_enabled = False
    settings.raw_enabled = False
    settings.syntax_highlight = "none"
    settings.line_length_limit = _LONGEST_LINE + 1
    settings.report_level = settings.halt_level = 5
    settings.warning_stream = False
    document = utils.new_document("document", settings)
    parser.parse(text.translate(_LINE_ENDS), document)
    return document


def _blocks(document: nodes.document, lines: Lines) -> Iterator[Block]:
    outline = Outline()
    blanks = next_blanks(lines)
    for node in document.findall(nodes.Element):
        line = node.line - 1 if node.line is not None else -1
        if isinstance(node.parent, nodes.system_message):
            line = refused_code(node, lines)
        if not 0 <= line < len(lines):
            continue
        if isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
            level = _depth(node.parent)
            outline.enter(level, " ".join(node.astext().split()))
            first = title_start(lines, line)
            yield Block(first, line + 1, SegmentKind.HEADING, outline.path, level)
            continue
        kind = next((kind for type_, kind in _KINDS if isinstance(node, type_)), None)
        if kind is None or _is_within_table(node):
            continue
        if kind is SegmentKind.PARAGRAPH and isinstance(node.parent, nodes.list_item):
            kind = SegmentKind.LIST_ITEM
        first, end = extent(lines, node, line, blanks)
        yield Block(first, end, kind, outline.path)


def _depth(section: nodes.Element) -> int:
    depth = 0
    node: nodes.Element | None = section
    while isinstance(node, nodes.section):
        depth, node = depth + 1, node.parent
    return depth


def _is_within_table(node: nodes.Element) -> bool:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, nodes.table):
            return True
        parent = parent.parent
    return False


def _title(document: nodes.document) -> str | None:
    """The title of the only top-level section, which is then the document's."""
    sections = [child for child in document.children if isinstance(child, nodes.section)]
    if len(sections) != 1:
        return None
    return " ".join(sections[0][0].astext().split()) or None


def _fields(document: nodes.document) -> dict[str, str]:
    """The field list at the top of the document, names in lower case."""
    place: Sequence[nodes.Node] = document.children
    while place and isinstance(place[0], nodes.section):
        place = place[0].children[1:]
    if not place or not isinstance(place[0], nodes.field_list):
        return {}
    pairs = [field.children for field in place[0].children if len(field.children) == 2]
    return {name.astext().lower(): body.astext() for name, body in pairs}
