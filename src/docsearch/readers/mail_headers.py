"""Headers of messages as a person reads them.

In: a message of the standard library's that keeps its headers as they came. Out: decoded text on
one line. Linear in the header, unlike the standard library's own decoder. Never fails.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from email._policybase import Compat32
from email.message import Message
from urllib.parse import unquote_to_bytes

from docsearch.readers.decoding import decode

_LONGEST_PARAMETERS = 4_000
"""Characters; the standard library takes parameters apart in quadratic time."""
_ENCODED = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,60})?\?([bq])\?([^?]*)\?=", re.IGNORECASE)


class AsTheyCame(Compat32):
    """Parses a message's structure and leaves its headers alone, but for a bound on parameters."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """See `email.policy.Policy`."""
        name, value = super().header_source_parse(sourcelines)
        if name.lower().startswith("content-"):
            value = value[:_LONGEST_PARAMETERS]
        return name, value


def header(message: Message, name: str) -> str | None:
    """The first header of that name, decoded, on one line; None if there is none or it is blank."""
    wanted = name.lower()
    raw = next((str(v) for key, v in message.raw_items() if key.lower() == wanted), None)
    return (decoded(raw) or None) if raw is not None else None


def decoded(raw: str) -> str:
    """A raw header's value: encoded words, and bytes that are not ASCII, as text on one line."""
    return " ".join("".join(_pieces(raw)).split())


def file_name(part: Message) -> str | None:
    """The name that a part gives its file, by either header and in whatever encoding."""
    for name, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        with suppress(LookupError, ValueError, TypeError):
            value = part.get_param(parameter, header=name, unquote=True)
            if isinstance(value, tuple):
                charset, _, text = value
                value = decode(text.encode("latin-1", "replace"), charset)
            if value:
                return decoded(str(value)) or None
    # A name that was cut or never closed its quotes: what stands there is still its name.
    found = re.search(r"name\*?=\s*\"?([^\";\r\n]+)", str(part.get("Content-Disposition", "")))
    return decoded(unquote_to_bytes(found[1]).decode("utf-8", "replace")) if found else None


def charset_of(part: Message) -> str | None:
    """The encoding that a part says its text is in; None where it says none, or no name."""
    with suppress(LookupError, ValueError, TypeError):
        return part.get_content_charset()
    return None


def _pieces(raw: str) -> Iterator[str]:
    """Encoded words that follow one another in one encoding are one text, cut anywhere."""
    done = 0
    charset, gathered = "", b""
    for word in _ENCODED.finditer(raw):
        between = raw[done : word.start()]
        if between.strip() or word[1].lower() != charset or not done:
            if gathered:
                yield decode(gathered, charset)
            if between.strip() or not gathered:
                yield _eight_bit(between)
            charset, gathered = word[1].lower(), b""
        gathered += _word(word[2], word[3])
        done = word.end()
    if gathered:
        yield decode(gathered, charset)
    yield _eight_bit(raw[done:])


def _word(encoding: str, text: str) -> bytes:
    if encoding in "bB":
        plain = re.sub(r"[^A-Za-z0-9+/]", "", text)
        with suppress(binascii.Error):
            return binascii.a2b_base64(plain + "=" * (-len(plain) % 4))
        return b""
    # Programs leave bytes as they are there, too.
    coded = text.replace("_", " ").encode("utf-8", "surrogateescape")
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda code: bytes.fromhex(code[1].decode()), coded)


def _eight_bit(text: str) -> str:
    return text if text.isascii() else decode(text.encode("utf-8", "surrogateescape"))
