"""LaTeX, as text.

In: bytes in any encoding. Out: paragraphs, list items, table rows and code without the markup,
under the sections they stand in; each knows the line of the source. Parsed by pylatexenc, which
runs no macro: text that a document's own macros make is not seen. The preamble is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]
from pylatexenc.latexwalker import (  # type: ignore[import-untyped]
    LatexCharsNode,
    LatexCommentNode,
    LatexEnvironmentNode,
    LatexMacroNode,
    LatexNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerError,
)

from docsearch.domain.document import ExtractedText, Location, SegmentKind
from docsearch.readers.builder import ExtractionBuilder, row_text
from docsearch.readers.dates import day_of
from docsearch.readers.decoding import decode
from docsearch.readers.failures import reading
from docsearch.readers.formats import LATEX, words
from docsearch.readers.lines import STRUCTURE_LIMIT, Lines, raw_text

_LEVELS = {
    name: level
    for level, name in enumerate(
        ["part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph"]
    )
}
_CODE = words("verbatim Verbatim lstlisting minted alltt")
_TABLES = words("tabular tabular* tabularx tabulary array longtable tabu")
_LISTS = words("itemize enumerate description")
_LEFT_OUT = words("comment filecontents filecontents* tikzpicture thebibliography")
_FORMULAS = words(
    "equation equation* align align* gather gather* multline multline* eqnarray eqnarray* "
    "displaymath math flalign flalign* alignat alignat*"
)
_RULES = words("hline toprule midrule bottomrule cline cmidrule endhead endfirsthead endfoot")
_SILENT = _RULES | words(
    "label maketitle tableofcontents bibliographystyle bibliography pagestyle thispagestyle "
    "documentclass usepackage newcommand renewcommand providecommand newenvironment def let "
    "title date author includegraphics input include centering noindent newpage clearpage "
    "pagebreak vspace hspace setlength"
)
_MALFORMED = (LatexWalkerError, ValueError, IndexError, TypeError, AttributeError, KeyError)


class LatexReader:
    """Reads papers and letters for their words; formulas stay as they are written."""

    name = LATEX.name
    suffixes = LATEX.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        lines = Lines(decode(data))
        if len(lines.text) > STRUCTURE_LIMIT:
            return raw_text(lines, ())
        extraction = _Extraction(lines)
        with reading(self.name, *_MALFORMED):
            nodes, _, _ = LatexWalker(lines.text, tolerant_parsing=True).get_latex_nodes()
            extraction.walk(_body(nodes))
            extraction.flush()
            data_of = _document_data(nodes, extraction)
        return extraction.builder.build(title=data_of.get("title"), day=day_of(data_of.get("date")))


class _Extraction:
    """One walk over the nodes: text gathers until a blank line or an environment ends it."""

    def __init__(self, lines: Lines) -> None:
        self.builder = ExtractionBuilder()
        self._lines = lines
        self._converter = LatexNodes2Text(math_mode="verbatim", keep_comments=False)
        self._gathered: list[str] = []
        self._start: int | None = None
        self._kind = SegmentKind.PARAGRAPH

    def walk(self, nodes: Iterable[LatexNode]) -> None:
        for node in nodes:
            if isinstance(node, LatexEnvironmentNode):
                self._environment(node)
            elif isinstance(node, LatexCharsNode):
                self._characters(node)
            elif isinstance(node, LatexMacroNode):
                self._macro(node)
            elif not isinstance(node, LatexCommentNode):
                self._gather(self.plain([node]), node.pos)

    def flush(self) -> None:
        """What was gathered becomes a piece of its own."""
        text = " ".join("".join(self._gathered).split())
        if text and self._start is not None:
            mark = "- " if self._kind is SegmentKind.LIST_ITEM else ""
            self.builder.add(mark + text, self._kind, self._at(self._start))
            self._kind = SegmentKind.PARAGRAPH
        self._gathered, self._start = [], None

    def plain(self, nodes: Sequence[LatexNode]) -> str:
        """The nodes' text without markup."""
        return str(self._converter.nodelist_to_text(list(nodes)))

    def _at(self, position: int) -> Location:
        return Location(line=self._lines.at(position) + 1)

    def _gather(self, text: str, position: int) -> None:
        if self._start is None and text.strip():
            self._start = position
        self._gathered.append(text)

    def _characters(self, node: LatexCharsNode) -> None:
        """Plain text; a blank line in it ends the paragraph."""
        position = node.pos
        for piece in re.split(r"(\n[^\S\n]*\n\s*)", node.chars):
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                self._gather(piece, position + lead)
            elif piece.count("\n") > 1:
                self.flush()
            else:
                self._gather(piece, position)
            position += len(piece)

    def _macro(self, node: LatexMacroNode) -> None:
        level = _LEVELS.get(node.macroname)
        if level is not None:
            self.flush()
            self.builder.heading(self.plain(_arguments(node)[-1:]), level, self._at(node.pos))
        elif node.macroname == "item":
            self.flush()
            self._kind = SegmentKind.LIST_ITEM
            term = self.plain(_arguments(node)).strip()
            self._gather(f"{term}: " if term else "", node.pos)
        elif node.macroname == "caption":
            self._gather(self.plain(_arguments(node)[-1:]), node.pos)
        elif node.macroname not in _SILENT:
            self._gather(self.plain([node]) + (node.macro_post_space or ""), node.pos)

    def _environment(self, node: LatexEnvironmentNode) -> None:
        name = node.environmentname
        source = self._lines.text[node.pos : node.pos + node.len]
        if name in _FORMULAS:
            self._gather(f" {source} ", node.pos)
            return
        self.flush()
        if name in _CODE:
            self.builder.add(_inside(source), SegmentKind.CODE, self._at(node.pos))
        elif name in _TABLES:
            self._table(node)
        elif name not in _LEFT_OUT:
            self.walk(node.nodelist)
        self.flush()

    def _table(self, node: LatexEnvironmentNode) -> None:
        cells: list[list[LatexNode]] = [[]]
        start = node.pos
        for child in [*node.nodelist, None]:
            if child is None or (isinstance(child, LatexMacroNode) and child.macroname == "\\"):
                texts = [self.plain(cell) for cell in cells]
                self.builder.add(row_text(texts), SegmentKind.TABLE, self._at(start))
                cells = [[]]
                start = child.pos + 1 if child is not None else start
            elif isinstance(child, LatexSpecialsNode) and child.specials_chars == "&":
                cells.append([])
            elif not (isinstance(child, LatexMacroNode) and child.macroname in _RULES):
                cells[-1].append(child)
                if not any(cells[:-1]) and isinstance(child, LatexCharsNode):
                    start = child.pos + len(child.chars) - len(child.chars.lstrip())


def _arguments(node: LatexMacroNode) -> list[LatexNode]:
    arguments = node.nodeargd.argnlist if node.nodeargd is not None else None
    return [argument for argument in arguments or () if argument is not None]


def _inside(source: str) -> str:
    """The content of an environment: without its first line's markup, and its last line."""
    content = re.sub(r"\A\\begin\{[^}\n]*\}(?:\[[^\]\n]*\])?(?:\{[^}\n]*\})?", "", source)
    return re.sub(r"\\end\{[^}\n]*\}\Z", "", content)


def _body(nodes: Sequence[LatexNode]) -> Sequence[LatexNode]:
    """What stands in the document environment; everything, in a file that is but a part."""
    for node in nodes:
        if isinstance(node, LatexEnvironmentNode) and node.environmentname == "document":
            return list(node.nodelist)
    return nodes


def _document_data(nodes: Sequence[LatexNode], extraction: _Extraction) -> dict[str, str]:
    """The title and date that the document gives itself, in or before its body."""
    found: dict[str, str] = {}
    for node in [*nodes, *_body(nodes)]:
        if isinstance(node, LatexMacroNode) and node.macroname in ("title", "date"):
            found.setdefault(node.macroname, extraction.plain(_arguments(node)[-1:]))
    return found
