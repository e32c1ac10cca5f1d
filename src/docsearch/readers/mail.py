"""E-mail: single messages and mailboxes.

In: bytes. Out: for each message its subject as a heading, a line each for sender, recipients and
date, its text (the plain part rather than the HTML one), and the names of what is attached.
Opens no attachment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from email import errors, policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from lxml import etree

from docsearch.domain.document import ExtractedText, Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.decoding import decode, with_plain_newlines
from docsearch.readers.failures import reading
from docsearch.readers.formats import EMAIL, MAILBOX
from docsearch.readers.html_page import parse_html
from docsearch.readers.markup import extract

_SHOWN_HEADERS = ("From", "To", "Cc", "Date")
_MALFORMED = (
    *(errors.MessageError, LookupError, ValueError),
    *(AttributeError, TypeError, AssertionError, etree.LxmlError),
)
_LONGEST_HEADER = 10_000
"""Characters; the standard library parses longer ones in quadratic time."""
_SEPARATOR = re.compile(rb"^From [^\n]*\d\d:\d\d[^\n]*\r?\n", re.MULTILINE)


class MailReader:
    """Reads one message in the form it was sent in."""

    name = EMAIL.name
    suffixes = EMAIL.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        builder = ExtractionBuilder()
        with reading(self.name, *_MALFORMED):
            message = _parse(data)
            _add_message(builder, message, Location(line=1))
            return builder.build(title=_header(message, "Subject"), day=_day(message))


class MailboxReader:
    """Reads a file of many messages, each behind a "From " line."""

    name = MAILBOX.name
    suffixes = MAILBOX.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        builder = ExtractionBuilder()
        with reading(self.name, *_MALFORMED):
            for line, content in _messages(data):
                _add_message(builder, _parse(content), Location(line=line))
        return builder.build()


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each message, and the line its separator stands on."""
    separators = [
        match
        for match in _SEPARATOR.finditer(data)
        if data[max(0, match.start() - 3) : match.start()].endswith((b"\n\n", b"\n\r\n"))
        or match.start() == 0
    ]
    if not separators:
        raise ReaderError('broken mailbox: no message starts with a "From " line')
    line, counted = 1, 0
    ends = [match.start() for match in separators[1:]] + [len(data)]
    for match, end in zip(separators, ends, strict=True):
        line += data.count(b"\n", counted, match.start())
        counted = match.start()
        yield line, re.sub(rb"(?m)^>(>*From )", rb"\1", data[match.end() : end])


def _parse(data: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(data)
    if not isinstance(message, EmailMessage):
        raise ReaderError("broken e-mail: it cannot be parsed")
    return message


def _add_message(builder: ExtractionBuilder, message: EmailMessage, location: Location) -> None:
    subject = _header(message, "Subject")
    headers = ((name, _header(message, name)) for name in _SHOWN_HEADERS)
    shown = [f"{name}: {value}" for name, value in headers if value]
    if subject or shown:
        builder.heading(subject or "(no subject)", 1, location)
    builder.add("\n".join(shown), location=location)
    body = message.get_body(("plain", "html"))
    if body is not None:
        _add_body(builder, body, location)
    for attachment in message.iter_attachments():
        builder.add(_attachment(attachment), SegmentKind.LIST_ITEM, location)


def _add_body(builder: ExtractionBuilder, body: MIMEPart, location: Location) -> None:
    content = body.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    text = _decoded(data, body.get_content_charset())
    if body.get_content_subtype() == "html":
        try:
            root = parse_html(text.encode("utf-8", "replace"))
        except ReaderError:
            return
        extract(root, builder, location)
        return
    for paragraph in re.split(r"\n[^\S\n]*\n", with_plain_newlines(text)):
        builder.add(paragraph, location=location)


def _decoded(data: bytes, charset: str | None) -> str:
    """The part's text in the encoding it names, if that is one and fits; else detected."""
    if charset:
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            pass
    return decode(data)


def _attachment(part: MIMEPart) -> str:
    name = part.get_filename() or _header(part, "Subject") or "without a name"
    return f"- Attachment: {name} ({part.get_content_type()})"


def _header(message: MIMEPart, name: str) -> str | None:
    """The decoded header on one line; as it stands where it is too long or malformed."""
    raw = next((str(v) for key, v in message.raw_items() if key.lower() == name.lower()), None)
    if raw is None:
        return None
    value: object = None
    if len(raw) <= _LONGEST_HEADER:
        with suppress(*_MALFORMED, RecursionError):
            value = message.get(name)
    return " ".join(str(raw if value is None else value)[:_LONGEST_HEADER].split())


def _day(message: EmailMessage) -> date | None:
    """The day it was sent, in the sender's own time zone."""
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        return parsedate_to_datetime(_header(message, "Date") or "").date()
    return None
