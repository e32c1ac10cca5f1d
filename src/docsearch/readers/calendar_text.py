"""Calendars and address cards (iCalendar, vCard) as a person reads them.

In: their text. Out: for each event, task or person a heading and a line for each value, put into
an `ExtractionBuilder`. Leaves out identifiers, pictures and rules for machines.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterator

from docsearch.domain.document import ExtractedText, Location, SegmentKind
from docsearch.readers.builder import ExtractionBuilder, line_of_file
from docsearch.readers.decoding import decode
from docsearch.readers.formats import CALENDAR

_WORDS = {
    **{"DESCRIPTION": "", "COMMENT": "", "NOTE": "", "X-ALT-DESC": "", "LABEL": ""},
    **{"LOCATION": "Location", "ORGANIZER": "Organizer", "ATTENDEE": "Attendee"},
    **{"CONTACT": "Contact", "CATEGORIES": "Categories", "STATUS": "Status", "URL": "Link"},
    **{"DTSTART": "Start", "DTEND": "End", "DUE": "Due", "NICKNAME": "Nickname", "ROLE": "Role"},
    **{"EMAIL": "E-mail", "TEL": "Telephone", "ADR": "Address", "ORG": "Organization"},
    **{"X-WR-CALNAME": "Calendar", "NAME": "Calendar", "X-WR-CALDESC": ""},
    **{"TITLE": "Title", "BDAY": "Birthday", "RESOURCES": "Resources", "IMPP": "Messenger"},
}
_MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d)(?::?\d\d)?(?:\.\d+)?(Z?))?$")
_LINE = re.compile(
    r"(?:[\w-]{1,60}\.)?(?P<name>[A-Za-z-]{1,60})"
    r"(?P<parameters>(?:;(?:[^:;\"]++|\"[^\"]*+\")*+)*+):"
)
"""No step is taken back, so that a line of many semicolons and no colon takes no longer."""


class CalendarReader:
    """Reads `.ics` and `.vcf` files."""

    name = CALENDAR.name
    suffixes = CALENDAR.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        builder = ExtractionBuilder()
        add_calendar(builder, decode(data))
        return builder.build()


def add_calendar(
    builder: ExtractionBuilder,
    text: str,
    *,
    level: int = 1,
    place: Callable[[int], Location] = line_of_file,
) -> None:
    """Put what is in the calendar or the cards into `builder`.

    `place` says where a line of the text stands, counted from 1.
    """
    heading: tuple[str, int] | None = None
    values: list[tuple[str, int]] = []

    def finish() -> None:
        if heading:
            builder.heading(heading[0], level, place(heading[1]))
        for value, line in values:
            builder.add(value, SegmentKind.LIST_ITEM, place(line))

    for number, line in _unfolded(text):
        match = _LINE.match(line)
        if match is None:
            # No property: free text in a broken file is text all the same.
            if line.strip() and not line.startswith("(data)"):
                values.append((line.strip(), number))
            continue
        name, parameters = match["name"].upper(), match["parameters"]
        value = _value(line[match.end() :], parameters)
        if name in ("BEGIN", "END"):
            if value.upper() != "VALARM":
                finish()
                heading, values = None, []
        elif name in ("SUMMARY", "FN") and value and heading is None:
            heading = value, number
        elif name in ("SUMMARY", "FN"):
            # A reminder's, or a second name.
            values.append((value, number))
        elif name in _WORDS and value:
            values += ((said, number) for said in _said(name, value, parameters))
    finish()


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each logical line, and the number of its first physical one."""
    pieces: list[str] = []
    first = 1
    for number, line in enumerate(text.split("\n"), 1):
        soft = (
            bool(pieces)
            and pieces[-1].endswith("=")
            and "QUOTED-PRINTABLE" in pieces[0][:200].upper()
        )
        if pieces and (soft or line[:1] in (" ", "\t")):
            pieces.append(f"\n{line}" if soft else line[1:])
            continue
        if pieces:
            yield first, "".join(pieces)
        pieces, first = [line], number
    yield first, "".join(pieces)


def _value(raw: str, parameters: str) -> str:
    if "QUOTED-PRINTABLE" in parameters.upper():
        raw = decode(quopri.decodestring(raw.encode("utf-8", "replace")))
    plain = re.sub(r"\\([nN,;:\"\\])", lambda m: "\n" if m[1] in "nN" else m[1], raw)
    return plain.strip()


def _said(name: str, value: str, parameters: str) -> list[str]:
    word = _WORDS[name]
    if name in ("ATTENDEE", "ORGANIZER"):
        address = re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
        common = re.search(r"CN=(\"[^\"]*\"|[^;:]*)", parameters, re.IGNORECASE)
        value = f"{common[1].strip(chr(34))} <{address}>" if common else address
    elif name in ("ADR", "ORG"):
        value = ", ".join(filter(None, (piece.strip() for piece in value.split(";"))))
    elif name == "X-ALT-DESC":
        value = re.sub(r"<[^<>]*>", " ", value)
    elif moment := _MOMENT.match(value):
        year, month, day, hour, minute, utc = moment.groups()
        time = f" {hour}:{minute}{' UTC' if utc else ''}" if hour else ""
        value = f"{year}-{month}-{day}{time}"
    return [f"{word}: {value}" if word else value] if value else []
