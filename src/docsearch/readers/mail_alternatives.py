"""Which of the forms that a mail offers of one text is read, and what the others add to it.

In: the parts of a multipart/alternative. Out: the one to read whole, plain text unless that is a
stub or another says all of it and more, and the words by which a paragraph of the others is known
to be new. Each part is read once, however deeply forms lie within forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from lxml import etree

from docsearch.domain.document import Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import NOWHERE, ExtractionBuilder
from docsearch.readers.decoding import decode
from docsearch.readers.formats import words
from docsearch.readers.html_page import decode_html, parse_html
from docsearch.readers.mail_bodies import DEEPEST, content_of
from docsearch.readers.mail_headers import charset_of
from docsearch.readers.markup import extract

PAGES = ("text/html", "text/x-html")
MACHINE = words("text/css text/javascript application/javascript text/x-amp-html")
CALENDARS = words("text/calendar text/vcard text/x-vcard text/directory application/ics")
_STUB_SHARE = 0.34
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading of a `level`, or with level 0 another piece of a page; `line` is the page's."""

    text: str
    kind: SegmentKind
    level: int = 0
    line: int | None = None
    keeps_lines: bool = False


class Forms:
    """Reads pages and counts words, each part of a message once."""

    def __init__(self) -> None:
        self._pages: dict[int, list[Piece]] = {}
        self._words: dict[int, frozenset[str]] = {}

    def page(self, part: Message) -> list[Piece]:
        """What a part in HTML says."""
        if id(part) not in self._pages:
            self._pages[id(part)] = _read_page(part)
        return self._pages[id(part)]

    def words(self, part: Message, depth: int = 1) -> frozenset[str]:
        """The words of a part, or of the parts it is made of; none for what is no text."""
        if id(part) not in self._words:
            self._words[id(part)] = self._count(part, depth)
        return self._words[id(part)]

    def main(self, children: list[Message], depth: int = 1) -> tuple[Message | None, set[int]]:
        """The form to read whole, and the `id` of each other that adds to it."""
        found = {id(each): self.words(each, depth) for each in children if not is_calendar(each)}
        most = max(map(len, found.values()), default=0)
        plain_first = sorted(
            (each for each in children if found.get(id(each))),
            key=lambda each: each.get_content_type() != "text/plain",
        )
        # A plain text far shorter than the page says that there is one.
        full = [
            each
            for each in plain_first
            if each.get_content_type() != "text/plain" or len(found[id(each)]) >= _STUB_SHARE * most
        ]
        if not full:
            return None, set()
        main = full[0]
        for each in full[1:]:
            if found[id(each)] > found[id(main)]:
                main = each
        return main, {id(each) for each in full if each is not main}

    def _count(self, part: Message, depth: int) -> frozenset[str]:
        payload = part.get_payload()
        kind = part.get_content_type()
        if isinstance(payload, list):
            if depth >= DEEPEST or not kind.startswith("multipart/"):
                return frozenset()
            inner = (each for each in payload if isinstance(each, Message))
            return frozenset().union(*(self.words(each, depth + 1) for each in inner))
        if part.get_content_disposition() == "attachment" or kind in MACHINE:
            return frozenset()
        if kind in PAGES:
            return frozenset().union(*(words_of(piece.text) for piece in self.page(part)))
        # A multipart without parts, as one too deep for the parser, is read as it stands.
        is_text = kind.startswith(("text/", "multipart/"))
        return words_of(text_of(part)) if is_text else frozenset()


def words_of(text: str) -> frozenset[str]:
    """The distinct words of a text, in whatever case."""
    return frozenset(_WORD.findall(text.casefold()))


def text_of(part: Message) -> str:
    """The text of a part that is no page; without the marks of text/enriched (RFC 1896)."""
    text = decode(content_of(part), charset_of(part))
    if part.get_content_type() in ("text/enriched", "text/richtext"):
        marks = re.sub(r"(?i)<param>[^<]*</param>|<(?!<)/?[a-z][\w-]{0,60}>", "", text)
        return marks.replace("<<", "<")
    return text


def is_calendar(part: Message) -> bool:
    """Whether a part is an invitation or an address card, which is no form of the text."""
    return part.get_content_type() in CALENDARS


class _Recorder(ExtractionBuilder):
    """Keeps what a page is made of, instead of making a text of it."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []

    def heading(self, text: str, level: int, location: Location = NOWHERE) -> None:
        self.pieces.append(Piece(text, SegmentKind.HEADING, level, location.line))

    def add(
        self,
        text: str,
        kind: SegmentKind = SegmentKind.PARAGRAPH,
        location: Location = NOWHERE,
        *,
        keeps_lines: bool = False,
        goes_on: bool = False,  # noqa: ARG002 - no page's piece does
    ) -> None:
        self.pieces.append(Piece(text, kind, line=location.line, keeps_lines=keeps_lines))


def _read_page(part: Message) -> list[Piece]:
    """The pieces of a page; its text without tags where it is nested beyond reading."""
    text = decode_html(content_of(part), charset_of(part))
    recorder = _Recorder()
    try:
        extract(parse_html(text.encode("utf-8", "replace")), recorder)
    except (ReaderError, etree.LxmlError, ValueError):
        return [Piece(re.sub(r"<[^<>]*>", " ", text), SegmentKind.PARAGRAPH)]
    return recorder.pieces
