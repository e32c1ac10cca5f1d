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
from docsearch.readers.mail_headers import header
from docsearch.readers.mail_parts import Parts, parse
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
        data = from_apple_mail(data)
        # A mailbox under another name; elsewhere such a line belongs to what is attached.
        return _read(data, is_mailbox=data.lstrip().startswith(b"From "))


class MailboxReader:
    """Reads a file of many messages, each behind a "From " line."""

    name = MAILBOX.name
    suffixes = MAILBOX.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        return _read(data, is_mailbox=True)


def _read(data: bytes, *, is_mailbox: bool) -> ExtractedText:
    """All messages; one where no separator is."""
    builder = ExtractionBuilder()
    if marked := marked_encoding(data):
        data = data[marked[1] :].decode(marked[0], "replace").encode("utf-8", "replace")
    found = (list(messages(data)) if is_mailbox else []) or [(1, data.lstrip())]
    title: str | None = None
    day: date | None = None
    for line, content in found:
        subject, sent = _add(builder, content, line, alone=len(found) == 1)
        if len(found) == 1:
            title, day = subject, sent
    return builder.build(title=title, day=day)


def _add(
    builder: ExtractionBuilder, content: bytes, line: int, *, alone: bool
) -> tuple[str | None, date | None]:
    """Add a message and give its subject and its day; a broken one costs itself."""
    location = Location(line=line)
    try:
        message = parse(content)
        Parts(builder, location).add_message(message)
    except _MALFORMED:
        where = "" if alone else f" at line {line:,}"
        builder.lost(f"the structure of the message{where}, which is broken: read as it stands")
        builder.heading("(broken message)", 1, location)
        Parts(builder, location).add_text(decode(content))
        return None, None
    return header(message, "Subject"), _day(header(message, "Date"))


def _day(value: str | None) -> date | None:
    """The day it was sent, in the sender's own time zone."""
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        return parsedate_to_datetime((value or "")[:200]).date()
    return None
