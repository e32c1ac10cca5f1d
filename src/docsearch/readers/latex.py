"""LaTeX, as text.

In: bytes in any encoding. Out: paragraphs, list items, table rows and code without the markup,
under the sections they stand in; each knows the line of the source. Formulas stay as they are
written, other files are named and not read, the preamble is left out but for what it says of the
document.
"""

from __future__ import annotations

import codecs
import re

from docsearch.domain.document import ExtractedText
from docsearch.domain.errors import ReaderError
from docsearch.readers.dates import day_of
from docsearch.readers.decoding import clean, decode, with_plain_newlines
from docsearch.readers.formats import LATEX
from docsearch.readers.latex_walk import LatexWalk
from docsearch.readers.lines import STRUCTURE_LIMIT, Lines, raw_text

_DECLARED = re.compile(
    rb"^[^%\n]*\\usepackage\s*\[([\w-]+)\]\s*\{inputenc\}"
    rb"|^%.*?(?:coding|encoding)\s*[:=]\s*([\w-]+)",
    re.MULTILINE,
)
_ENCODINGS = {
    "latin1": "cp1252",
    "ansinew": "cp1252",
    "latin2": "iso8859_2",
    "latin3": "iso8859_3",
    "latin4": "iso8859_4",
    "latin5": "iso8859_9",
    "latin9": "iso8859_15",
    "latin10": "iso8859_16",
    "applemac": "mac_roman",
    "macce": "mac_latin2",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
}
_HEAD = 20_000
_LIMIT = 5 * STRUCTURE_LIMIT
"""Characters beyond which a file is cut into its paragraphs only: the walk takes 2 s a million."""


class LatexReader:
    """Reads papers, books and letters for their words."""

    name = LATEX.name
    suffixes = LATEX.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        lines = Lines(_decode(data))
        if len(lines.text) > _LIMIT:
            return raw_text(lines, ())
        walk = LatexWalk(lines)
        walk.run()
        title, day = walk.data.get("title"), day_of(walk.data.get("date"))
        try:
            return walk.page.builder.build(title=title, day=day)
        except ReaderError:
            # Nothing but definitions or comments: a file of macros is searched as it stands.
            return raw_text(lines, (), title=title, day=day)


def _decode(data: bytes) -> str:
    """The text, by the encoding that the document declares where it is not UTF-8."""
    declared = _DECLARED.search(data, 0, _HEAD)
    if declared:
        name = (declared[1] or declared[2]).decode("ascii").lower()
        try:
            codec = codecs.lookup(_ENCODINGS.get(name, name))
            data.decode("utf-8")
        except LookupError:
            pass
        except UnicodeDecodeError:
            if codec.name != "utf-8":
                return with_plain_newlines(clean(data.decode(codec.name, "replace")))
    return decode(data)
