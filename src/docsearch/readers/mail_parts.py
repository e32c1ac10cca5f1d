"""The parts of one message, in the order a person reads them.

In: a parsed message. Out: its subject as a heading, its headers, every text in it and the names
of what is attached, put into an `ExtractionBuilder`. Of the forms of one text it takes one whole,
and of the others what that does not say; see `mail_alternatives`. Opens no attachment that is not
text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from email.message import Message
from pathlib import PurePosixPath

from docsearch.domain.document import Location, SegmentKind
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.calendar_text import add_calendar
from docsearch.readers.decoding import decode
from docsearch.readers.delimited import add_table
from docsearch.readers.formats import words
from docsearch.readers.mail_alternatives import (
    CALENDARS,
    MACHINE,
    PAGES,
    Forms,
    Piece,
    is_calendar,
    text_of,
    words_of,
)
from docsearch.readers.mail_bodies import (
    DEEPEST,
    QUOTED_PRINTABLE,
    body_of,
    content_of,
    encoding_of,
    flowed,
    parse,
    raw_bytes,
    transferred,
)
from docsearch.readers.mail_headers import charset_of, file_name, header
from docsearch.readers.mail_places import FixedPlace, MessagePlaces
from docsearch.readers.sniffing import is_text

_SHOWN = (
    *("From", "To", "Cc", "Bcc", "Date", "Newsgroups"),
    *("Content-Description", "Snapshot-Content-Location"),
)
_TEXT_NAMES = words(
    "txt text md markdown csv tsv ics vcf html htm log eml org rst tex json xml yaml yml ini "
    "conf py js c h java sql sh patch diff srt",
    ".",
)
_CODED = ("base64", *QUOTED_PRINTABLE)
_TABLES = words("text/csv text/tab-separated-values text/comma-separated-values application/csv")
_SIGNATURES = words("application/pgp-signature application/pkcs7-signature")
_ENCRYPTED = words("application/pgp-encrypted application/pkcs7-mime application/x-pkcs7-mime")
_LONG = 8
"""Rows; a place may be so far from the words within a paragraph that was wrapped."""

_BOILERPLATE = re.compile(r"\s*(?:this is a (?:multi-?part|mime)|.{0,80}\bMIME\b)", re.IGNORECASE)


class Parts:
    """Adds one message after another to a builder.

    Text stands at its own line where `places` finds it, all else at its part's or its message's.
    """

    def __init__(
        self, builder: ExtractionBuilder, location: Location, places: MessagePlaces | FixedPlace
    ) -> None:
        self._builder = builder
        self._location = location
        self._places = places
        self._forms = Forms()
        self._level = 0
        self._said: set[str] | None = None
        """While another form of a text is read: the words that make a paragraph no new one."""

    def add_message(self, message: Message, depth: int = 1) -> None:
        """A message, and what is attached to it one heading deeper."""
        if self._too_deep(depth):
            return
        outer, self._said = (self._location, self._said), None
        if depth > 1:
            self._enter(message)
        self._level += 1
        subject = header(message, "Subject")
        shown = [f"{name}: {value}" for name in _SHOWN if (value := header(message, name))]
        if subject or shown:
            self._builder.heading(subject or "(no subject)", self._level, self._location)
        self._builder.add("\n".join(shown), location=self._location)
        self._add_part(message, depth)
        self._builder.leave(self._level)
        self._level -= 1
        self._location, self._said = outer

    def add_text(self, text: str, lines: Sequence[int] | None = None) -> None:
        """Paragraphs of plain text, each of whose lines stands on one of `lines` of the file."""
        number = 0
        for paragraph in re.split(r"(\n[^\S\n]*\n)", text):
            if paragraph.strip() and self._is_new(paragraph):
                first = number + paragraph[: -len(paragraph.lstrip())].count("\n")
                self._add_paragraph(paragraph.strip(), lines and lines[first:])
            number += paragraph.count("\n")

    def _add_paragraph(self, paragraph: str, lines: Sequence[int] | None) -> None:
        if not lines:
            self._builder.add(paragraph, location=self._location)
            return
        rows = paragraph.split("\n")
        places = [lines[min(at, len(lines) - 1)] for at in range(len(rows))]
        for start, end in _runs(places):
            self._builder.add(
                "\n".join(rows[start:end]),
                location=Location(line=places[start]),
                keeps_lines=places[end - 1] - places[start] == end - 1 - start,
                goes_on=start > 0,
            )

    def _is_new(self, text: str) -> bool:
        """Whether a text says what the form that is read whole does not."""
        return self._said is None or not words_of(text) <= self._said

    def _enter(self, part: Message) -> None:
        """From here on what has no line of its own stands where the part begins."""
        line = self._places.enter(part)
        self._location = self._location if line is None else Location(line=line)

    def _too_deep(self, depth: int) -> bool:
        if depth == DEEPEST:
            self._builder.lost(f"parts of a message that are nested {DEEPEST} deep")
        return depth >= DEEPEST

    def _add_part(self, part: Message, depth: int, *, bodies: bool = True) -> None:
        """One part; without `bodies`, only what is attached in it: its text was read elsewhere."""
        kind = part.get_content_type()
        main, _, sub = kind.partition("/")
        if isinstance(part.get_payload(), list) and main == "multipart":
            if not self._too_deep(depth):
                self._add_multipart(part, sub, depth, bodies=bodies)
        elif isinstance(part.get_payload(), list):
            self._add_attached_messages(part, sub, depth)
        elif main == "multipart":
            if bodies:
                self._add_unparsed(part, depth)
        elif kind == "text/rfc822-headers":
            self.add_message(parse(content_of(part)), depth + 1)
        elif main == "text" or _is_text_file(part):
            self._add_text_part(part, kind, depth, bodies=bodies)
            self._builder.leave(self._level + 1)
        else:
            self._name(part, kind)

    def _add_multipart(self, part: Message, sub: str, depth: int, *, bodies: bool) -> None:
        children = [child for child in part.get_payload() if isinstance(child, Message)]
        if (
            bodies
            and (before := decode(raw_bytes(part.preamble)))
            and not _BOILERPLATE.match(before)
        ):
            self.add_text(before)
        if sub == "encrypted":
            self._builder.lost("an encrypted message")
        if sub == "alternative" and bodies:
            self._add_forms(children, depth)
        else:
            for child in children:
                self._add_child(child, depth, bodies=bodies or is_calendar(child))
        if bodies:
            self.add_text(decode(raw_bytes(part.epilogue)))

    def _add_forms(self, children: list[Message], depth: int) -> None:
        """One form whole, and what the others say beyond it."""
        main, others = self._forms.main(children, depth + 1)
        before = self._said
        said = set(before or ()) | (self._forms.words(main) if main is not None else set())
        for child in children:
            self._said = said if id(child) in others else before
            adds = child is main or id(child) in others or is_calendar(child)
            self._add_child(child, depth, bodies=adds)
            if id(child) in others:
                said |= self._forms.words(child)
        self._said = before

    def _add_child(self, part: Message, depth: int, *, bodies: bool) -> None:
        outer = self._location
        self._enter(part)
        self._add_part(part, depth + 1, bodies=bodies)
        self._location = outer

    def _add_attached_messages(self, part: Message, sub: str, depth: int) -> None:
        inner = [child for child in part.get_payload() if isinstance(child, Message)]
        if sub in ("delivery-status", "disposition-notification", "global-delivery-status"):
            for block in inner:
                self._enter(block)
                fields = dict.fromkeys(key for key, _ in block.raw_items())
                lines = [f"{name}: {value}" for name in fields if (value := header(block, name))]
                self._builder.add("\n".join(lines), location=self._location)
                self.add_text(decode(body_of(block)))
            return
        encoding = encoding_of(part)
        for message in inner:
            if encoding in _CODED and not message.keys():
                self._add_message_in(body_of(message), encoding, depth)
            else:
                self.add_message(message, depth + 1)

    def _add_message_in(self, body: bytes, encoding: str, depth: int) -> None:
        """A message in a transfer encoding; all of it stands where that begins."""
        outer = self._places, self._location
        lines = self._places.lines(body, "base64", 1) if encoding in _CODED else None
        if lines:
            self._places, self._location = FixedPlace(lines[0]), Location(line=lines[0])
        self.add_message(parse(transferred(body, encoding)), depth + 1)
        self._places, self._location = outer

    def _add_unparsed(self, part: Message, depth: int) -> None:
        """A body whose boundary is not the one named: by the boundary it has, or as it stands."""
        body = body_of(part)
        boundary = re.search(rb"^--(\S[^\r\n]{0,200}?)[ \t]*\r?\n(?=Content-)", body, re.M | re.I)
        if boundary and not self._too_deep(depth):
            quoted = boundary[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            head = b'Content-Type: multipart/mixed; boundary="' + quoted + b'"\n\n'
            found = parse(head + body)
            if found.is_multipart():
                self._add_part(found, depth + 1)
                return
        text = decode(body, charset_of(part))
        self.add_text(text, self._lines(part, body))

    def _add_text_part(self, part: Message, kind: str, depth: int, *, bodies: bool) -> None:
        name = file_name(part)
        is_file = part.get_content_disposition() == "attachment" or (
            name is not None and not kind.startswith("text/")
        )
        outer = self._said
        if is_file:
            self._name(part, kind)
            self._said = None
        elif not bodies or kind in MACHINE:
            return
        if kind == "text/rtf":
            self._builder.lost(f"an attachment in RTF ({name or 'without a name'})")
        else:
            self._add_text_of(part, kind, PurePosixPath(name or ""), depth)
        self._said = outer

    def _add_text_of(self, part: Message, kind: str, name: PurePosixPath, depth: int) -> None:
        suffix = name.suffix.lower()
        if suffix == ".eml":
            self._add_message_in(body_of(part), encoding_of(part), depth)
            return
        lines = self._lines(part, content_of(part))
        place = self._place(lines)
        if kind in CALENDARS or suffix in (".ics", ".vcf"):
            add_calendar(self._builder, text_of(part), level=self._level + 1, place=place)
        elif kind in _TABLES or suffix in (".csv", ".tsv"):
            add_table(self._builder, text_of(part), name.name, place)
        elif kind in PAGES or suffix in (".html", ".htm"):
            for piece in self._forms.page(part):
                if self._is_new(piece.text):
                    self._add_piece(piece, place)
        else:
            self.add_text(*flowed(text_of(part), lines, part, kind))

    def _add_piece(self, piece: Piece, place: Callable[[int], Location]) -> None:
        first = piece.line or 0
        where, rest = place(first), piece.text.strip("\n").count("\n")
        if piece.level:
            self._builder.heading(piece.text, self._level + piece.level, where)
            return
        follow = place(first + rest).line == (where.line or 0) + rest
        self._builder.add(piece.text, piece.kind, where, keeps_lines=piece.keeps_lines and follow)

    def _lines(self, part: Message, content: bytes) -> Sequence[int] | None:
        count = content.count(b"\n") + 1
        return self._places.lines(body_of(part), encoding_of(part), count)

    def _place(self, lines: Sequence[int] | None) -> Callable[[int], Location]:
        """From a line of a part's text, from 1, to its place in the file."""

        def place(line: int) -> Location:
            if lines is None or not 1 <= line <= len(lines):
                return self._location
            return Location(line=lines[line - 1])

        return place

    def _name(self, part: Message, kind: str) -> None:
        """A line for what is attached; parts of a page that have no name are not listed."""
        name = file_name(part)
        if kind in _ENCRYPTED and kind != "application/pgp-encrypted":
            self._builder.lost("a message encrypted or signed in a form that docsearch cannot open")
        embedded = part.get("Content-Location") or part.get("Content-ID")
        if name is None and embedded and part.get_content_disposition() != "attachment":
            return
        word = "Signature" if kind in _SIGNATURES else "Attachment"
        line = f"- {word}: {name or header(part, 'Subject') or 'without a name'} ({kind})"
        self._builder.add(line, SegmentKind.LIST_ITEM, self._location)


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """The rows of a paragraph `[start, end)` that stand on lines in order, if it is a long one.

    Soft line breaks are in between; a short paragraph stays whole, for its sentences' sake.
    """
    start = 0
    for at in range(1, len(places)):
        if len(places) > _LONG and places[at] != places[at - 1] + 1:
            yield start, at
            start = at
    yield start, len(places)


def _is_text_file(part: Message) -> bool:
    """Whether something sent as a file of any kind is text by its name and its content."""
    kind = part.get_content_type()
    suffix = PurePosixPath(file_name(part) or "").suffix.lower()
    if suffix not in _TEXT_NAMES and kind not in ("application/json", "application/xml"):
        return False
    content = content_of(part)
    return bool(content) and is_text(content)
