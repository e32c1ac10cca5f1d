"""Messages to parts, and parts to bytes and lines of text.

In: the bytes of a message, or a part of it. Out: its structure, a part's bytes out of their
transfer encoding, and lines that a mailer wrapped joined again. Linear in the message.
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

from docsearch.readers.mail_headers import AsTheyCame

DEEPEST = 40
"""Parts within parts that are read; far more than mail programs make."""
QUOTED_PRINTABLE = ("quoted-printable", "qp", "quopri")
_HEADER_LINE = re.compile(rb"(?:[!-9;-~]{1,100}[ \t]*:|[ \t]|From |>From )")
_BASE64_LINE = re.compile(rb"[ \t]*(?:[A-Za-z0-9+/]{1,4000}={0,2})?[ \t]*\r?")


class Nested(Message):
    """A message or part that knows how deep it is; the parts of what is deeper are its text.

    The parser compares every line with the boundaries of all parts around it.
    """

    depth = 1

    def attach(self, payload: Message | str) -> None:
        """Take a part in, as the parser does."""
        if isinstance(payload, Nested):
            payload.depth = self.depth + 1
        super().attach(payload)

    def get_boundary(self, failobj=None):  # type: ignore[no-untyped-def]
        """The boundary of its parts."""
        return failobj if self.depth >= DEEPEST else super().get_boundary(failobj)


def parse(data: bytes) -> Message:
    """The structure of a message; a broken line among its headers does not end them."""
    message: Message = BytesParser(Nested, policy=AsTheyCame()).parsebytes(data)
    if message.defects and (repaired := _with_repaired_head(data)) is not None:
        message = BytesParser(Nested, policy=AsTheyCame()).parsebytes(repaired)
    return message


def content_of(part: Message) -> bytes:
    """A part's bytes out of their transfer encoding."""
    return transferred(body_of(part), encoding_of(part))


def encoding_of(part: Message) -> str:
    """The transfer encoding that a part names, in lower case; empty if none."""
    return str(part.get("Content-Transfer-Encoding", "")).strip().strip('"').lower()


def body_of(part: Message) -> bytes:
    """The bytes of a part; asked for them, the library decodes them by the charset it guesses."""
    return raw_bytes(vars(part).get("_payload"))


def raw_bytes(payload: object) -> bytes:
    """The bytes that the parser keeps as text."""
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def transferred(body: bytes, encoding: str) -> bytes:
    """`body` out of a transfer encoding; as it stands where that is unknown."""
    if encoding in QUOTED_PRINTABLE:
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


def flowed(
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


def _with_repaired_head(data: bytes) -> bytes | None:
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
