"""A file of mail taken apart into its messages.

In: the bytes of a mailbox, of one message, or of what Apple Mail keeps one in. Out: each
message's bytes without what the file added, and the line it starts on. Linear in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SEPARATOR = re.compile(
    rb"^From (?P<rest>[^\n]{0,1000})\n(?=(?:>?From [^\n]*:\d\d|[!-9;-~]{1,100}:|\r?\n))",
    re.MULTILINE,
)
_DAY_AND_MONTH = re.compile(
    rb"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.{1,6}\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
    rb"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +\d{1,2} +[A-Z][a-z]{2}\b"
)
_TIME = re.compile(rb"\d\d?:\d\d")
_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HEAD_END = re.compile(rb"\n\r?\n|\nFrom ")
_LONGEST_HEAD = 16_384
"""Bytes of headers that are looked through for the length of the body."""
_COUNT = re.compile(rb"\s{0,10}\d{1,12}[ \t]*\r?\n(?=[!-9;-~]{1,100}:|From )")


def messages(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The lines on which each message's separator and the message stand, from 1, and the message.

    None if nothing separates.

    What stands before the first separator is a message, too.
    """
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    starts = list(_separators(data))
    if not starts:
        return
    if data[: starts[0][0]].strip():
        starts.insert(0, (0, 0))
    line = counted = 0
    ends = [start for start, _ in starts[1:]] + [len(data)]
    for (start, body), end in zip(starts, ends, strict=True):
        line += data.count(b"\n", counted, start)
        counted = start
        first = line + 1 + data.count(b"\n", start, body)
        yield line + 1, first, re.sub(rb"(?m)^>(>*From )", rb"\1", data[body:end])


def from_apple_mail(data: bytes) -> tuple[int, bytes]:
    """The line of, and the message between the number of its bytes and the list behind it."""
    count = _COUNT.match(data)
    if count is None:
        return 1, data
    line = 1 + count[0].count(b"\n")
    body = data[count.end() :]
    length = int(count[0])
    if body[length:].lstrip().startswith((b"<?xml", b"<plist")):
        return line, body[:length]
    tail = max(body.rfind(b"<?xml "), 0)
    is_list = b"<plist" in body[tail : tail + 400] and body.rstrip().endswith(b"</plist>")
    return line, body[:tail] if is_list else body


def _separators(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each separator starts and ends: by its date and the header behind it.

    Where a message says how long its body is, and a separator or the end is there, what looks
    like one inside it is not.
    """
    expected = 0
    for match in _SEPARATOR.finditer(data):
        start = match.start()
        if start < expected:
            continue
        before = data[max(0, start - 3) : start]
        after_blank = start == 0 or before.endswith((b"\n\n", b"\n\r\n"))
        rest = match["rest"]
        dated = _DAY_AND_MONTH.search(rest) is not None
        has_head = data[match.end() : match.end() + 1] not in (b"\r", b"\n")
        if dated or (after_blank and has_head and _TIME.search(rest)):
            yield start, match.end()
            expected = _end_by_length(data, match.end())


def _end_by_length(data: bytes, head: int) -> int:
    end = _HEAD_END.search(data, head, head + _LONGEST_HEAD)
    length = _LENGTH.search(data, head, end.start() + 1) if end else None
    if end is None or length is None or end[0].endswith(b"From "):
        return 0
    stop = end.end() + int(length[1])
    rest = data[stop : stop + 7].lstrip(b"\r\n")
    return stop if stop <= len(data) and (not rest or rest.startswith(b"From ")) else 0
