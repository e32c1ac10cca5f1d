"""The parts of one message, in the order a person reads them.

In: a parsed message. Out: its subject as a heading, its headers, every text in it and the names
of what is attached, put into an `ExtractionBuilder`. Of alternatives it takes the plain text
unless that is blank or a stub. Opens no attachment that is not text.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Sequence
from contextlib import suppress
from email.message import Message
from email.parser import BytesParser
from pathlib import PurePosixPath

from lxml import etree

from docsearch.domain.document import Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import NOWHERE, ExtractionBuilder
from docsearch.readers.calendar_text import add_calendar
from docsearch.readers.decoding import decode
from docsearch.readers.delimited import add_table
from docsearch.readers.formats import words
from docsearch.readers.html_page import decode_html, parse_html
from docsearch.readers.mail_headers import AsTheyCame, file_name, header
from docsearch.readers.mail_places import MessagePlaces
from docsearch.readers.markup import extract
from docsearch.readers.sniffing import is_text

_SHOWN = (
    *("From", "To", "Cc", "Bcc", "Date", "Newsgroups"),
    *("Content-Description", "Snapshot-Content-Location"),
)
_DEEPEST = 40
_STUB_SHARE = 0.34
_TEXT_NAMES = words(
    "txt text md markdown csv tsv ics vcf html htm log eml org rst tex json xml yaml yml ini "
    "conf py js c h java sql sh patch diff srt",
    ".",
)
_TABLES = words("text/csv text/tab-separated-values text/comma-separated-values application/csv")
_CALENDARS = words("text/calendar text/vcard text/x-vcard text/directory application/ics")
_MACHINE = words("text/css text/javascript application/javascript text/x-amp-html")
_SIGNATURES = words("application/pgp-signature application/pkcs7-signature")
_ENCRYPTED = words("application/pgp-encrypted application/pkcs7-mime application/x-pkcs7-mime")
_BOILERPLATE = re.compile(r"\s*(?:this is a (?:multi-?part|mime)|.{0,80}\bMIME\b)", re.IGNORECASE)
_HEADER_LINE = re.compile(rb"(?:[!-9;-~]{1,100}[ \t]*:|[ \t]|From |>From )")
_BASE64_LINE = re.compile(rb"[ \t]*(?:[A-Za-z0-9+/]{1,4000}={0,2})?[ \t]*\r?")


def parse(data: bytes) -> Message:
    """The structure of a message; a broken line among its headers does not end them."""
    message: Message = BytesParser(policy=AsTheyCame()).parsebytes(data)
    if message.defects and (mended := _with_mended_head(data)) is not None:
        message = BytesParser(policy=AsTheyCame()).parsebytes(mended)
    return message


class Parts:
    """Adds one message after another to a builder.

    Text stands at its own line where `places` finds it, all else at the message's.
    """

    def __init__(
        self, builder: ExtractionBuilder, location: Location, places: MessagePlaces
    ) -> None:
        self._builder = builder
        self._location = location
        self._places = places
        self._level = 0

    def add_message(self, message: Message, depth: int = 1) -> None:
        """A message, and what is attached to it one heading deeper."""
        if self._too_deep(depth):
            return
        self._level += 1
        subject = header(message, "Subject")
        shown = [f"{name}: {value}" for name in _SHOWN if (value := header(message, name))]
        if subject or shown:
            self._builder.heading(subject or "(no subject)", self._level, self._location)
        self._builder.add("\n".join(shown), location=self._location)
        self._add_part(message, depth)
        self._builder.leave(self._level)
        self._level -= 1

    def add_text(self, text: str, lines: Sequence[int] | None = None) -> None:
        """Paragraphs of plain text, each of whose lines stands on one of `lines` of the file."""
        number = 0
        for paragraph in re.split(r"(\n[^\S\n]*\n)", text):
            if paragraph.strip():
                first = number + paragraph[: -len(paragraph.lstrip())].count("\n")
                self._add_paragraph(paragraph.strip(), lines and lines[first:])
            number += paragraph.count("\n")

    def _add_paragraph(self, paragraph: str, lines: Sequence[int] | None) -> None:
        if not lines:
            self._builder.add(paragraph, location=self._location)
            return
        count = paragraph.count("\n")
        self._builder.add(
            paragraph,
            location=Location(line=lines[0]),
            keeps_lines=len(lines) > count and lines[count] - lines[0] == count,
        )

    def _too_deep(self, depth: int) -> bool:
        if depth == _DEEPEST:
            self._builder.lost(f"parts of a message that are nested {_DEEPEST} deep")
        return depth >= _DEEPEST

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
            self.add_message(parse(_content(part)), depth + 1)
        elif main == "text" or _is_text_file(part):
            self._add_text_part(part, kind, depth, bodies=bodies)
            self._builder.leave(self._level + 1)
        else:
            self._name(part, kind)

    def _add_multipart(self, part: Message, sub: str, depth: int, *, bodies: bool) -> None:
        children = [child for child in part.get_payload() if isinstance(child, Message)]
        if bodies and (before := decode(_raw(part.preamble))) and not _BOILERPLATE.match(before):
            self.add_text(before)
        if sub == "encrypted":
            self._builder.lost("an encrypted message")
        chosen = _chosen(children) if sub == "alternative" else None
        for child in children:
            is_body = sub != "alternative" or child is chosen or _is_calendar(child)
            self._add_part(child, depth + 1, bodies=bodies and is_body)
        if bodies:
            self.add_text(decode(_raw(part.epilogue)))

    def _add_attached_messages(self, part: Message, sub: str, depth: int) -> None:
        inner = [child for child in part.get_payload() if isinstance(child, Message)]
        if sub in ("delivery-status", "disposition-notification", "global-delivery-status"):
            for block in inner:
                fields = dict.fromkeys(key for key, _ in block.raw_items())
                lines = [f"{name}: {value}" for name in fields if (value := header(block, name))]
                self._builder.add("\n".join(lines), location=self._location)
                self.add_text(decode(_body(block)))
            return
        encoding = _encoding(part)
        for message in inner:
            if encoding in ("base64", "quoted-printable") and not message.keys():
                message = parse(_transferred(_body(message), encoding))  # noqa: PLW2901
            self.add_message(message, depth + 1)

    def _add_unparsed(self, part: Message, depth: int) -> None:
        """A body whose boundary is not the one named: by the boundary it has, or as it stands."""
        body = _body(part)
        boundary = re.search(rb"^--(\S[^\r\n]{0,200}?)[ \t]*\r?\n(?=Content-)", body, re.M | re.I)
        if boundary and not self._too_deep(depth):
            quoted = boundary[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            head = b'Content-Type: multipart/mixed; boundary="' + quoted + b'"\n\n'
            found = parse(head + body)
            if found.is_multipart():
                self._add_part(found, depth + 1)
                return
        self.add_text(decode(body, part.get_content_charset()))

    def _add_text_part(self, part: Message, kind: str, depth: int, *, bodies: bool) -> None:
        name = file_name(part)
        is_file = part.get_content_disposition() == "attachment" or (
            name is not None and not kind.startswith("text/")
        )
        if is_file:
            self._name(part, kind)
        elif not bodies or kind in _MACHINE:
            return
        if kind == "text/rtf":
            self._builder.lost(f"an attachment in RTF ({name or 'without a name'})")
            return
        content = _content(part)
        suffix = PurePosixPath(name or "").suffix.lower()
        charset = part.get_content_charset()
        where = self._location
        if kind in _CALENDARS or suffix in (".ics", ".vcf"):
            add_calendar(
                self._builder,
                decode(content, charset),
                level=self._level + 1,
                location=self._location,
            )
        elif kind in _TABLES or suffix in (".csv", ".tsv"):
            add_table(self._builder, decode(content, charset), name or "", where)
        elif kind in ("text/html", "text/x-html") or suffix in (".html", ".htm"):
            lines = self._lines(part, content)
            for piece in html_pieces(part):
                piece.put(self._builder, self._level, _at(piece.line, lines) or where)
        elif suffix == ".eml":
            self.add_message(parse(content), depth + 1)
        else:
            text = decode(content, charset)
            lines = self._lines(part, content)
            self.add_text(*_flowed(text, lines, part, kind))

    def _lines(self, part: Message, content: bytes) -> Sequence[int] | None:
        count = content.count(b"\n") + 1
        return self._places.lines(_body(part), _encoding(part), count)

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


def _at(line: int | None, lines: Sequence[int] | None) -> Location | None:
    """The place of a line of a page that has its lines at `lines` of the file."""
    if line is None or lines is None or not 1 <= line <= len(lines):
        return None
    return Location(line=lines[line - 1])


class _Piece:
    """A heading or another piece of a page, to be put under a message's subject.

    `line` is that of the page, from 1.
    """

    def __init__(
        self, text: str, kind: SegmentKind, level: int = 0, line: int | None = None
    ) -> None:
        self.text, self.kind, self.level, self.line = text, kind, level, line

    def put(self, builder: ExtractionBuilder, above: int, location: Location) -> None:
        if self.level:
            builder.heading(self.text, above + self.level, location)
        else:
            builder.add(self.text, self.kind, location)


class _Recorder(ExtractionBuilder):
    """Keeps what a page is made of, instead of making a text of it."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[_Piece] = []

    def heading(self, text: str, level: int, location: Location = NOWHERE) -> None:
        self.pieces.append(_Piece(text, SegmentKind.HEADING, level, location.line))

    def add(
        self,
        text: str,
        kind: SegmentKind = SegmentKind.PARAGRAPH,
        location: Location = NOWHERE,
        *,
        keeps_lines: bool = False,  # noqa: ARG002 - a page's line breaks are not its author's
    ) -> None:
        self.pieces.append(_Piece(text, kind, line=location.line))


def html_pieces(part: Message) -> list[_Piece]:
    """What a part in HTML says; its text without tags where it is nested beyond reading."""
    text = decode_html(_content(part), part.get_content_charset())
    recorder = _Recorder()
    try:
        extract(parse_html(text.encode("utf-8", "replace")), recorder)
    except (ReaderError, etree.LxmlError, ValueError):
        return [_Piece(re.sub(r"<[^<>]*>", " ", text), SegmentKind.PARAGRAPH)]
    return recorder.pieces


def _chosen(children: list[Message]) -> Message | None:
    """The alternative to read: plain text, unless another says far more."""
    counts = [(_word_count(child), child) for child in children if not _is_calendar(child)]
    if not counts:
        return None
    most = max(count for count, _ in counts)
    counts.sort(key=lambda item: item[1].get_content_type() != "text/plain")
    return next(child for count, child in counts if count >= _STUB_SHARE * most)


def _word_count(part: Message) -> int:
    """Words in a part, or in the parts it is made of; 0 for what is no text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        children = [child for child in payload if isinstance(child, Message)]
        nested = (child for child in children if child.get_content_maintype() != "message")
        with suppress(RecursionError):
            return sum(map(_word_count, nested))
        return 0
    kind = part.get_content_type()
    if kind == "text/html":
        return sum(len(piece.text.split()) for piece in html_pieces(part))
    if not kind.startswith("text/") or kind in _MACHINE:
        return 0
    return len(decode(_content(part), part.get_content_charset()).split())


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() in _CALENDARS


def _is_text_file(part: Message) -> bool:
    """Whether something sent as a file of any kind is text by its name and its content."""
    kind = part.get_content_type()
    suffix = PurePosixPath(file_name(part) or "").suffix.lower()
    if suffix not in _TEXT_NAMES and kind not in ("application/json", "application/xml"):
        return False
    content = _content(part)
    return bool(content) and is_text(content)


def _content(part: Message) -> bytes:
    """A part's bytes out of their transfer encoding."""
    return _transferred(_body(part), _encoding(part))


def _encoding(part: Message) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().strip('"').lower()


def _body(part: Message) -> bytes:
    """The bytes of a part; asked for them, the library decodes them by the charset it guesses."""
    return _raw(vars(part).get("_payload"))


def _raw(payload: object) -> bytes:
    """The bytes that the parser keeps as text."""
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _transferred(body: bytes, encoding: str) -> bytes:
    if encoding in ("quoted-printable", "qp", "quopri"):
        return quopri.decodestring(body)
    if encoding == "base64":
        return _from_base64(body)
    return body


def _from_base64(body: bytes) -> bytes:
    """Base64 as far as there is any; a list's footer behind it, or a lie, stays as it stands."""
    coded = plain = 0
    for line in body.splitlines(keepends=True):
        if not _BASE64_LINE.fullmatch(line.rstrip(b"\n")):
            ended = re.match(rb"[A-Za-z0-9+/]{2,4000}={1,2}(?=\s)", line)
            coded += ended.end() if ended else 0
            break
        coded += len(line)
    compact = body[:coded].translate(None, b" \t\r\n")
    pieces = []
    for block in re.findall(rb"[^=]+", compact):
        plain = len(block) - (len(block) % 4 == 1)
        with suppress(binascii.Error):
            pieces.append(base64.b64decode(block[:plain] + b"=" * (-plain % 4)))
    rest = body[coded:]
    return b"".join(pieces) + (b"\n\n" + rest if rest.strip() else b"")


def _flowed(
    text: str, lines: Sequence[int] | None, part: Message, kind: str
) -> tuple[str, Sequence[int] | None]:
    """Lines that a mailer wrapped, joined again (RFC 3676), quotes kept apart; and their lines."""
    if kind != "text/plain" or str(part.get_param("format", "")).lower() != "flowed":
        return text, lines
    deletes = str(part.get_param("delsp", "")).lower() == "yes"
    out: list[str] = []
    begins: list[int] = []
    soft = False
    depth = 0
    for number, line in enumerate(text.split("\n")):
        quotes = len(line) - len(line.lstrip(">"))
        content = line[quotes:].removeprefix(" ")
        if soft and quotes == depth and content != "-- ":
            out[-1] = (out[-1][:-1] if deletes else out[-1]) + content
        else:
            out.append(">" * quotes + (" " if quotes else "") + content)
            begins.append(number)
        soft, depth = content.endswith(" ") and content != "-- ", quotes
    return "\n".join(out), lines and [lines[min(each, len(lines) - 1)] for each in begins]


def _with_mended_head(data: bytes) -> bytes | None:
    """The message with a broken header line made part of the one before, if headers follow it."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    end = re.search(rb"\r?\n\r?\n", data[start:])
    head = data[start : start + end.start()] if end else b""
    lines = head.split(b"\n")
    broken = [number for number, line in enumerate(lines) if not _HEADER_LINE.match(line)]
    if not broken or broken[0] == 0 or len(broken) > len(lines) / 4:
        return None
    known = re.compile(rb"(?:Content-|MIME-|From|To|Subject|Date|Message-Id|X-)[\w-]*:", re.I)
    if not any(known.match(line) for line in lines[broken[0] :]):
        return None
    for number in broken:
        lines[number] = b" " + lines[number]
    return b"\n".join(lines) + data[start + len(head) :]
