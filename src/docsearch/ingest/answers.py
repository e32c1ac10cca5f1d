"""What a process that reads files says to docsearch, as bytes and back.

In: outcomes, and why no file can be read. Out: frames of JSON, and the values in them, checked.
The process has read files that may have taken it over: whatever it sends makes no object but those
named here, calls nothing, names no other file than the one that was asked for, and is no longer
than docsearch allows. Does not know who asks, or how a file is read.
"""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from docsearch.domain import errors
from docsearch.domain.document import Chunk, ExtractedText, Location, Place, SourceFile
from docsearch.domain.encodable import encodable
from docsearch.domain.errors import DocsearchError
from docsearch.domain.foreign import json_value
from docsearch.ingest.prepare import Gone, Job, Outcome, Prepared, TakesLong, Unchanged, Unusable

LONGEST_REASON = 500

_HEADER = 8
_LARGEST = 1 << 64

_Each = TypeVar("_Each")


class BadAnswerError(ValueError):
    """The bytes are no answer to what was asked."""


def framed(payload: bytes) -> bytes:
    """The payload with its length before it."""
    return len(payload).to_bytes(_HEADER, "big") + payload


def send(descriptor: int, data: bytes) -> None:
    """Write all of it. Raises OSError if the other end is closed."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def receive(descriptor: int, most: int, until: float | None = None) -> bytes:
    """The next payload.

    Raises EOFError where it ends before, BadAnswerError where it has more than `most` bytes, and
    TimeoutError where it is not there at the monotonic time `until`.
    """
    count = int.from_bytes(_exactly(descriptor, _HEADER, until), "big")
    if count > most:
        raise BadAnswerError(f"{count:,} bytes, of at most {most:,}")
    return _exactly(descriptor, count, until)


def _exactly(descriptor: int, count: int, until: float | None) -> bytes:
    parts = []
    while count:
        if until is not None:
            watch = select.poll()
            watch.register(descriptor, select.POLLIN)
            if not watch.poll(max(0.0, until - time.monotonic()) * 1000):
                raise TimeoutError
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def readiness(error: DocsearchError | None) -> bytes:
    """That files can be read, or the error that keeps a process from it."""
    return _as_json([] if error is None else [type(error).__name__, str(error)])


def check_ready(payload: bytes) -> None:
    """Raises the error that `readiness` was given, and BadAnswerError."""
    said = _parsed(payload)
    if said == []:
        return
    match said:
        case [str(name), str(message)]:
            kind = getattr(errors, name, None)
            if isinstance(kind, type) and issubclass(kind, DocsearchError):
                raise kind(message)
    raise BadAnswerError("it is neither ready nor says why not")


def encoded(outcome: Outcome) -> bytes:
    """The outcome as JSON: its kind, then what is in it. The path is the job's, and not sent."""
    match outcome:
        case Prepared():
            return _encoded_prepared(outcome)
        case Unchanged(source=source):
            return _as_json(["unchanged", _plain_source(source)])
        case Gone():
            return _as_json(["gone"])
        case Unusable(source=source, reason=reason, may_pass=may_pass, content_hash=content_hash):
            reason = encodable(reason[:LONGEST_REASON])
            known = None if content_hash is None else content_hash.hex()
            return _as_json(["unusable", _plain_source(source), reason, may_pass, known])
        case TakesLong(source=source):
            return _as_json(["takes long", _plain_source(source)])


def decoded(payload: bytes, job: Job) -> Outcome:
    """The outcome of this job. Raises BadAnswerError for anything else."""
    said = _parsed(payload)
    path = job.source.path
    try:
        match said:
            case ["prepared", *parts]:
                return _prepared(parts, path)
            case ["unchanged", source] if job.known is not None:
                return Unchanged(_source(source, path))
            case ["gone"]:
                return Gone(path)
            case ["unusable", source, reason, bool(may_pass), content_hash]:
                return Unusable(
                    _source(source, path),
                    _text(reason, LONGEST_REASON),
                    may_pass,
                    None if content_hash is None else _digest(content_hash),
                )
            case ["takes long", source]:
                return TakesLong(_source(source, path))
    except (ValueError, TypeError, IndexError) as error:
        raise BadAnswerError(f"{type(error).__name__}: {error}") from error
    raise BadAnswerError("it is no outcome")


def _as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _parsed(payload: bytes) -> Any:
    try:
        return json_value(payload.decode())
    except ValueError as error:
        raise BadAnswerError(f"it is no JSON: {error}") from error


def _plain_source(source: SourceFile) -> list[int]:
    return [source.size, source.modified_ns, *source.file_id, source.changed_ns]


def _source(plain: Any, path: str) -> SourceFile:
    size, modified, device, inode, changed = _all(plain, _number)
    return SourceFile(path, size, modified, (device, inode), changed)


def _encoded_prepared(prepared: Prepared) -> bytes:
    """Headings are the same for many places: they are sent once, and named by their number."""
    known: dict[tuple[str, ...], int] = {}

    def number(headings: tuple[str, ...]) -> int:
        return known.setdefault(headings, len(known))

    def place(each: Place | Chunk) -> list[Any]:
        where = each.location
        return [number(each.headings), where.line, where.page, where.cell]

    chunks = [
        [
            each.start,
            each.text,
            each.token_count,
            each.name,
            *place(each),
            [[at.offset, at.keeps_lines, *place(at)] for at in each.places],
        ]
        for each in prepared.chunks
    ]
    rest = prepared.extracted
    return _as_json(
        [
            "prepared",
            _plain_source(prepared.source),
            prepared.content_hash.hex(),
            prepared.reader,
            [rest.title, rest.tags, rest.day and rest.day.isoformat(), rest.losses, rest.name],
            list(known),
            chunks,
        ]
    )


def _prepared(parts: list[Any], path: str) -> Prepared:
    source, content_hash, reader, rest, headings, chunks = parts
    title, tags, day, losses, name = _list(rest)
    known = [_all(each, _text) for each in _list(headings)]
    extracted = ExtractedText(
        "",
        (),
        None if title is None else _text(title),
        _all(tags, _text),
        None if day is None else date.fromisoformat(day),
        _all(losses, _text),
        _text(name),
    )
    return Prepared(
        _source(source, path),
        _digest(content_hash),
        _text(reader),
        extracted,
        tuple(_chunk(number, each, known) for number, each in enumerate(_list(chunks))),
    )


def _chunk(ordinal: int, plain: Any, known: list[tuple[str, ...]]) -> Chunk:
    start, text, tokens, name, *where, places = _list(plain)
    text = _text(text)
    headings, location = _headings_and_location(where, known)
    return Chunk(
        ordinal,
        _count(start),
        start + len(text),
        text,
        _count(tokens),
        headings,
        location,
        tuple(_place(each, known) for each in _list(places)),
        _text(name),
    )


def _place(plain: Any, known: list[tuple[str, ...]]) -> Place:
    offset, keeps_lines, *where = _list(plain)
    if not isinstance(keeps_lines, bool):
        raise TypeError("no truth value")
    return Place(_count(offset), *_headings_and_location(where, known), keeps_lines)


def _headings_and_location(
    plain: list[Any], known: list[tuple[str, ...]]
) -> tuple[tuple[str, ...], Location]:
    number, *where = plain
    line, page, cell = (None if each is None else _count(each) for each in where)
    return known[_count(number)], Location(line, page, cell)


def _list(plain: Any) -> list[Any]:
    if not isinstance(plain, list):
        raise TypeError("no list")
    return plain


def _all(plain: Any, each: Callable[[Any], _Each]) -> tuple[_Each, ...]:
    return tuple(map(each, _list(plain)))


def _digest(plain: Any) -> bytes:
    digest = bytes.fromhex(_text(plain))
    if len(digest) != 32:
        raise ValueError("no hash")
    return digest


def _text(plain: Any, longest: int | None = None) -> str:
    """A text that can be stored: one without lone surrogates."""
    if not isinstance(plain, str):
        raise TypeError("no text")
    if longest is not None and len(plain) > longest:
        raise ValueError("too long")
    plain.encode()
    return plain


def _number(plain: Any) -> int:
    if type(plain) is not int or abs(plain) >= _LARGEST:
        raise TypeError("no number")
    return plain


def _count(plain: Any) -> int:
    if type(plain) is not int or not 0 <= plain < _LARGEST >> 1:
        raise TypeError("no count")
    return plain
