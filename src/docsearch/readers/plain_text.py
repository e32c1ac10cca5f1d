"""Plain text, in paragraphs.

In: bytes in any encoding. Out: the text as it stands, a segment for each run of lines between
blank ones. Knows no markup.
"""

from __future__ import annotations

from docsearch.domain.document import ExtractedText
from docsearch.readers.decoding import decode
from docsearch.readers.formats import PLAIN_TEXT
from docsearch.readers.lines import Lines, raw_text


class PlainTextReader:
    """Reads what has no structure but its blank lines."""

    name = PLAIN_TEXT.name
    suffixes = PLAIN_TEXT.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        return raw_text(Lines(decode(data)), ())
