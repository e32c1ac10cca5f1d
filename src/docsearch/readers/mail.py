"""E-mail: single messages and mailboxes.

In: bytes. Out: for each message its subject as a heading, a line each for sender, recipients and
date, all of its text, and the names of what else is attached; see `mail_parts`. A message that
cannot be parsed is read as it stands.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from email import errors
from email.utils import parsedate_to_datetime

from lxml import etree

from docsearch.domain.document import ExtractedText, Location
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.decoding import decode, marked_encoding
from docsearch.readers.formats import EMAIL, MAILBOX
from docsearch.readers.mail_bodies import parse
from docsearch.readers.mail_headers import header
from docsearch.readers.mail_parts import Parts
from docsearch.readers.mail_places import MessagePlaces
from docsearch.readers.mailbox import from_apple_mail, messages

_MALFORMED = (
    *(errors.MessageError, LookupError, ValueError, RecursionError),
    *(AttributeError, TypeError, AssertionError, etree.LxmlError, ReaderError),
)


class MailReader:
    """Reads one message in the form it was sent in, or as Apple Mail and browsers keep it."""

    name = EMAIL.name
    suffixes = EMAIL.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        line, data = from_apple_mail(data)
        # A mailbox under another name; elsewhere such a line belongs to what is attached.
        return _read(data, line, is_mailbox=data.lstrip().startswith(b"From "))


class MailboxReader:
    """Reads a file of many messages, each behind a "From " line."""

    name = MAILBOX.name
    suffixes = MAILBOX.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        return _read(data, 1, is_mailbox=True)


def _read(data: bytes, line: int, *, is_mailbox: bool) -> ExtractedText:
    """All messages; one where no separator is. `line` is that of the first byte in the file."""
    builder = ExtractionBuilder()
    if marked := marked_encoding(data):
        data = data[marked[1] :].decode(marked[0], "replace").encode("utf-8", "replace")
    found = list(messages(data)) if is_mailbox else []
    if not found:
        content = data.lstrip()
        found = [(1, 1 + data[: len(data) - len(content)].count(b"\n"), content)]
    title: str | None = None
    day: date | None = None
    for separator, first, content in found:
        location = Location(line=separator + line - 1)
        places = MessagePlaces(content, first + line - 1)
        subject, sent = _add(builder, content, location, places, alone=len(found) == 1)
        if len(found) == 1:
            title, day = subject, sent
    return builder.build(title=title, day=day)


def _add(
    builder: ExtractionBuilder,
    content: bytes,
    location: Location,
    places: MessagePlaces,
    *,
    alone: bool,
) -> tuple[str | None, date | None]:
    """Add a message and give its subject and its day; a broken one costs itself."""
    try:
        message = parse(content)
        Parts(builder, location, places).add_message(message)
    except _MALFORMED:
        where = "" if alone else f" at line {location.line:,}"
        builder.lost(f"the structure of the message{where}, which is broken: read as it stands")
        builder.heading("(broken message)", 1, location)
        text = decode(content)
        lines = range(places.first, places.first + text.count("\n") + 1)
        Parts(builder, location, places).add_text(text, lines)
        return None, None
    return header(message, "Subject"), _day(header(message, "Date"))


def _day(value: str | None) -> date | None:
    """The day it was sent, in the sender's own time zone."""
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        return parsedate_to_datetime((value or "")[:200]).date()
    return None
