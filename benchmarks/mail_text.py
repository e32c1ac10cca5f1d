"""What a person reads in mail, saved pages and calendars, by Python's standard library.

In: a file. Out: its words as text, for `word_recall` to compare with. Shares no code with
docsearch's readers: `email` and `html.parser` read. Of alternatives it takes the last that shows
words, as mail programs do, and of a page what stands outside of scripts, navigation, controls and
hidden parts. Pictures and keys written out as letters are no words.
"""

from __future__ import annotations

import mailbox
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from html.parser import HTMLParser
from pathlib import Path


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NO_PAGE_TEXT = _names(
    "head script style template noscript svg canvas iframe object video audio nav button select "
    "textarea datalist title"
)
_VOID = _names("area base br col embed hr img input link meta source track wbr")
_INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small "
    "span strike strong sub sup time tt u var wbr"
)
_STATUS = ("delivery-status", "disposition-notification")
_HEADERS = ("subject", "from", "to", "cc")
_CARDS = ("text/calendar", "application/ics", "text/vcard", "text/x-vcard", "text/directory")
_NO_TEXT = ("text/css", "text/javascript", "text/rtf")
_PROPERTIES = _names(
    "SUMMARY DESCRIPTION COMMENT LOCATION CONTACT CATEGORIES RESOURCES NOTE FN TITLE ORG ADR "
    "NICKNAME ROLE X-ALT-DESC X-WR-CALNAME X-WR-CALDESC NAME"
)
_MAIN = re.compile(r"(?i)<main\b|<[^<>]*\brole=[\"']?main\b")
_PROPERTY = re.compile(r"([\w-]+)((?:;[^:\"]*(?:\"[^\"]*\")?)*):(.*)")
_UUENCODED = re.compile(r"(?ms)^begin [0-7]{3} \S.*?^end$")
_CODED = re.compile(r"(?m)^[> ]*[A-Za-z0-9+/]{60,}={0,2}\s*$|[A-Za-z0-9+/=]{200,}")


def message_text(path: Path) -> str:
    """People, subject and every text of one message."""
    return "\n".join(_message(message_from_bytes(_of_apple(path.read_bytes()), policy=_POLICY)))


def mailbox_text(path: Path) -> str:
    """The same of every message in an mbox."""
    box = mailbox.mbox(path, create=False)
    parsed = (message_from_bytes(box.get_bytes(key), policy=_POLICY) for key in box.iterkeys())
    return "\n".join(text for message in parsed for text in _message(message))


def calendar_text(path: Path) -> str:
    """What people wrote into a calendar or an address card."""
    return _calendar(path.read_bytes().decode("utf-8-sig", "replace"))


_POLICY = policy.default
_AS_BROWSERS = {"iso-8859-1": "cp1252", "latin1": "cp1252"}


def _of_apple(data: bytes) -> bytes:
    count, _, rest = data.partition(b"\n")
    return re.sub(rb"(?s)<\?xml .*<plist.*", b"", rest) if count.strip().isdigit() else data


def _message(message: Message) -> Iterator[str]:
    for name in _HEADERS:
        try:
            yield _header(message, name)
        except Exception:  # noqa: BLE001 - the library fails in many ways on broken headers
            yield ""
    yield from _part(message)


def _part(part: Message) -> Iterator[str]:
    kind = part.get_content_type()
    payload = part.get_payload() if part.is_multipart() else []
    inner = [each for each in payload if isinstance(each, Message)]
    if kind == "multipart/alternative" and inner:
        shown = [text for each in inner if (text := "\n".join(_part(each))).strip()]
        yield from shown[-1:]
    elif kind.startswith("message/") and inner:
        for each in inner:
            yield from _attached(each, part)
    elif inner:
        for each in inner:
            yield from _part(each)
    elif kind == "text/rfc822-headers":
        yield from _message(message_from_string(_content(part), policy=_POLICY))
    elif kind.startswith("text/") or kind == "application/ics":
        yield _text(_content(part), kind)


def _attached(message: Message, part: Message) -> Iterator[str]:
    if part.get_content_type().endswith(_STATUS):
        yield "\n".join(str(value) for value in message.values())
    elif not message.keys() and part.get("content-transfer-encoding") == "base64":
        coded = b64decode(str(message.get_payload()))
        yield from _message(message_from_bytes(coded, policy=_POLICY))
    else:
        yield from _message(message)


def _text(content: str, kind: str) -> str:
    if kind in _NO_TEXT:
        return ""
    if kind in _CARDS:
        return _calendar(content)
    if kind == "text/html":
        return page_text(content)
    if kind in ("text/enriched", "text/richtext"):
        return re.sub("<[^>]*>", "", content)
    return _CODED.sub(" ", _UUENCODED.sub(" ", content))


def _content(part: Message) -> str:
    """The text of a part: what is in no encoding that it names is in UTF-8 or windows-1252."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16").replace("\r\n", "\n")
    named = str(part.get_content_charset("cp1252"))
    for encoding in (named, "utf-8") if data.isascii() else ("utf-8", named, "cp1252"):
        with suppress(LookupError, ValueError):
            return data.decode(_AS_BROWSERS.get(encoding, encoding)).replace("\r\n", "\n")
    return data.decode("cp1252", "replace")


def _header(message: Message, name: str) -> str:
    """A header in words; one with bytes of its own in it, which the library drops, by hand."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    if raw.isascii():
        return str(message.get(name, ""))
    data = re.sub(r"=\?[^?]+\?[qQ]\?|\?=", " ", raw).encode("utf-8", "surrogateescape")
    data = re.sub(rb"=([0-9A-F]{2})", lambda code: bytes.fromhex(code[1].decode()), data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def page_text(source: str) -> str:
    """The text of a page or of its one main part, a line's end where a block begins or ends."""
    page = _Page(has_main=len(_MAIN.findall(source)) == 1)
    page.feed(source)
    page.close()
    return "".join(page.texts)


class _Page(HTMLParser):
    """Gathers text outside of what a page hides."""

    def __init__(self, *, has_main: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._hidden: list[str] = []
        self._main: list[str] = []
        self._waits = has_main

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.texts.append("\n")
        values = dict(attrs)
        hides = (
            tag in _NO_PAGE_TEXT
            or "hidden" in values
            or values.get("aria-hidden") == "true"
            or "display:none" in (values.get("style") or "").replace(" ", "").lower()
        )
        if tag not in _VOID and (tag == "main" or values.get("role") == "main" or self._main):
            self._main.append(tag)
        # Within what is hidden only its own kind is counted: other tags need not be closed.
        if tag not in _VOID and (tag == self._hidden[0] if self._hidden else hides):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.texts.append("\n")
        if self._hidden and tag == self._hidden[0]:
            self._hidden.pop()
        while self._main and tag in self._main and self._main.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._hidden and (self._main or not self._waits):
            self.texts.append(data)


def _calendar(text: str) -> str:
    """The values of properties that hold words, and the names of people."""
    found: list[str] = []
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        property_ = _PROPERTY.match(line)
        name, parameters, value = property_.groups() if property_ else ("", "", "")
        if name.upper() in _PROPERTIES:
            plain = re.sub(r"\\[nN]", "\n", value).replace("\\", "")
            found.append(page_text(plain) if "html" in parameters else plain)
        elif name.upper() in ("ATTENDEE", "ORGANIZER"):
            found += re.findall(r"CN=\"?([^\";:]+)", parameters)
    return "\n".join(found)
