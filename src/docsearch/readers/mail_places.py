"""Where the parts of a message stand in its file, since the parser of mail does not say.

In: the bytes of a message and a part as it came. Out: the file's line of each line of the part's
text. Parts are looked for one behind the other, so that all together cost one walk of the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MOST_MISSES = 4
"""Parts that are not found, as those of a message that came encoded; then no more are sought."""

_CODED_BREAK = re.compile(rb"=0A", re.IGNORECASE)
_QUOTED = ("quoted-printable", "qp", "quopri")


class MessagePlaces:
    """The lines of one message, whose first byte stands on `line` of the file."""

    def __init__(self, data: bytes, line: int) -> None:
        self.first = line
        self._data = data
        self._line = line
        self._at = 0
        self._misses = 0

    def lines(self, body: bytes, encoding: str, count: int) -> Sequence[int] | None:
        """The file's line of each of the `count` lines of a body's text; None if it is not found.

        `encoding` is the body's transfer encoding: in base64 all lines stand where it begins.
        """
        start = self._start(body)
        if start is None:
            return None
        if encoding == "base64":
            return [start] * count
        if encoding not in _QUOTED:
            return range(start, start + count)
        lines, begins = [], True
        for number, line in enumerate(body.split(b"\n"), start=start):
            if begins:
                lines.append(number)
            lines += [number] * len(_CODED_BREAK.findall(line))
            begins = not line.rstrip(b" \t\r").endswith(b"=")
        return (lines + lines[-1:] * count)[:count]

    def _start(self, body: bytes) -> int | None:
        if not body.strip() or self._misses == _MOST_MISSES:
            return None
        # At a line's start: the same words may end a header.
        found = self._data.find(b"\n" + body, self._at)
        if found < 0:
            self._misses += 1
            return None
        found += 1
        self._line += self._data.count(b"\n", self._at, found)
        self._at = found
        return self._line
