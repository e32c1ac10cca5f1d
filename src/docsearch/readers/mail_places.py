"""Where the parts of a message stand in its file, since the parser of mail does not say.

In: the bytes of a message and its parts as they came. Out: the line of the file where a part
begins, and that of each line of its text. Parts are looked for one behind the other, so that all
together cost one walk of the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message

from docsearch.readers.mail_bodies import QUOTED_PRINTABLE

_MOST_MISSES = 4
"""Parts that are not found, as after a broken head; then no more are sought."""

_CODED_BREAK = re.compile(rb"=0A", re.IGNORECASE)


class MessagePlaces:
    """The lines of one message, whose first byte stands on `line` of the file."""

    def __init__(self, data: bytes, line: int) -> None:
        self.first = line
        self._data = data
        self._line = line
        self._at = 0
        self._misses = 0

    def enter(self, part: Message) -> int | None:
        """The line of the part's first header; None if it has none or is not found."""
        name, value = next(iter(part.raw_items()), (None, None))
        if name is None:
            return None
        begins = str(value).split("\n", 1)[0].rstrip("\r").encode("utf-8", "surrogateescape")
        head = re.escape(name.encode("utf-8", "surrogateescape"))
        return self._found(re.compile(rb"\n" + head + rb"[ \t]*:[ \t]*" + re.escape(begins)))

    def lines(self, body: bytes, encoding: str, count: int) -> Sequence[int] | None:
        """The file's line of each of the `count` lines of a body's text; None if it is not found.

        `encoding` is the body's transfer encoding: in base64 all lines stand where it begins.
        """
        start = self._found(b"\n" + body) if body.strip() else None
        if start is None:
            return None
        if encoding == "base64":
            return [start] * count
        if encoding not in QUOTED_PRINTABLE:
            return range(start, start + count)
        lines, begins = [], True
        for number, line in enumerate(body.split(b"\n"), start=start):
            if begins:
                lines.append(number)
            lines += [number] * len(_CODED_BREAK.findall(line))
            begins = not line.rstrip(b" \t\r").endswith(b"=")
        return (lines + lines[-1:] * count)[:count]

    def _found(self, sought: bytes | re.Pattern[bytes]) -> int | None:
        """The line of what is next found at the start of one: the same may end a header."""
        if self._misses == _MOST_MISSES:
            return None
        if isinstance(sought, bytes):
            found = self._data.find(sought, self._at)
        else:
            match = sought.search(self._data, self._at)
            found = match.start() if match else -1
        if found < 0:
            self._misses += 1
            return None
        found += 1
        self._line += self._data.count(b"\n", self._at, found)
        self._at = found
        return self._line


class FixedPlace:
    """Stands for the places of a message that came encoded: all of it is on one line."""

    def __init__(self, line: int) -> None:
        self.first = line

    def enter(self, part: Message) -> int | None:  # noqa: ARG002
        """The line, whatever the part."""
        return self.first

    def lines(self, body: bytes, encoding: str, count: int) -> Sequence[int] | None:  # noqa: ARG002
        """The line, for each of a text's."""
        return [self.first] * count
