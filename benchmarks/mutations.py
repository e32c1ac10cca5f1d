"""Files that no program writes: whole ones with faults in them.

In: the bytes of files and a source of randomness. Out: each file's bytes with one to three faults,
and the names of the faults. Knows JSON and ZIP as far as to put a fault inside and have the outside
whole: a flipped byte of a packed member is mostly found by its checksum, before a reader sees it.
"""

from __future__ import annotations

import io
import json
import random
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import deepcopy
from typing import Any

MOST_BYTES = 400_000
"""The size limit of a mutant, so that a run of thousands ends."""

_TOKENS = (
    *(b"\0", b"\0" * 200, b"\r", b"\x0c", b"\x1b]52;c;aGk=\x07", b"\x85"),
    *("\u202e\u2028".encode(), b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80"),
    *(b"&#xD800;", b"\\ud800", b"&#0;", b"9" * 5000, b"-1", b"1e999", b"NaN", b"null"),
    *(b"0000-00-00", b"9999-99-99", b"1" + b"0" * 400, b"]]>", b"<!--", b"-->", b"<!DOCTYPE a ["),
    *(b"<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;", b"---\na: &a [*a]\n---\n", b"```\n"),
    *(b"::\n\n", b"=====\n", b"#+end_src\n", b"\\end{document}", b"=?utf-8?q?=FF?="),
    *(b"begin 644 a\n", b"From a@b Mon Jan  1 00:00:00 2024\n", b"END:VEVENT\n", b"endobj\n"),
    *(b"endstream\n", b"trailer\n", b"%%EOF\n", b"startxref\n99999999999\n", b"PK\5\6"),
    *("e\u0301".encode() * 500, "\ufdfa".encode() * 200, "\u200d".encode() * 500, b"a" * 30_000),
)
_OPENERS = (
    *(b"[", b"{", b"(", b"<", b">", b'"', b"'", b"`", b"*", b"_", b"$", b"|", b"=", b"+-", b"> "),
    *(b"- ", b"1. ", b"<div>", b"<b>", b"<ul><li>", b"<table><tr><td>", b"<w:sdt>"),
    *(b"<text:span>", b"\\begin{itemize}\\item ", b"\\frac{", b"\\item[", b"{\\bf "),
    *(b"#+begin_quote\n", b"* ", b": ", b"Content-Type: message/rfc822\n\n", b"BEGIN:VEVENT\n"),
    *(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"<</A ", b"q ", b"BT ", b"[a]( "),
    b"+--+\n|a |\n",
)
_VALUES: tuple[object, ...] = (
    *(None, True, -1, 10**400, 1e300, "", "x" * 3000, [], {}, [[]], {"a": {}}, ["a", 1, None]),
)

Mutation = Callable[[bytes], bytes]


class Mutations:
    """One to three faults for each file; `others` lend pieces of theirs."""

    def __init__(self, source: random.Random, others: Sequence[bytes]) -> None:
        self._random, self._others = source, others

    def of(self, data: bytes) -> tuple[str, bytes]:
        """The names of the faults, joined by "+", and the bytes with them."""
        names = []
        for number in range(self._random.choice((1, 1, 2, 3))):
            inner = self._within(data) if not number and self._random.random() < 0.7 else None
            mutation = inner or self._random.choice(self._of_bytes)
            data = mutation(data)[:MOST_BYTES]
            names.append(mutation.__name__.strip("_"))
        return "+".join(names), data

    @property
    def _of_bytes(self) -> tuple[Mutation, ...]:
        return (
            *(self._flip, self._cut_short, self._double, self._insert, self._swap),
            *(self._nest, self._remove, self._blank, self._splice),
        )

    def _within(self, data: bytes) -> Mutation | None:
        """What puts a fault inside of a container."""
        if data.startswith(b"PK\3\4"):
            return self._member
        if data.lstrip()[:1] == b"{":
            return self._value
        return self._stream if data.startswith(b"%PDF") else None

    def _at(self, data: bytes) -> int:
        return self._random.randrange(len(data) + 1)

    def _piece(self, data: bytes, longest: int = 2000) -> tuple[int, int]:
        start = self._at(data)
        return start, min(len(data), start + self._random.randrange(1, longest))

    def _flip(self, data: bytes) -> bytes:
        flipped = bytearray(data)
        for _ in range(self._random.choice((1, 3, 10, 100)) if data else 0):
            flipped[self._random.randrange(len(data))] ^= 1 << self._random.randrange(8)
        return bytes(flipped)

    def _cut_short(self, data: bytes) -> bytes:
        return data[: self._at(data)]

    def _remove(self, data: bytes) -> bytes:
        start, end = self._piece(data, 500)
        return data[:start] + data[end:]

    def _blank(self, data: bytes) -> bytes:
        start, end = self._piece(data, 300)
        return data[:start] + bytes(end - start) + data[end:]

    def _double(self, data: bytes) -> bytes:
        start, end = self._piece(data)
        return data[:end] + data[start:end] * self._random.choice((1, 5, 50)) + data[end:]

    def _insert(self, data: bytes) -> bytes:
        at = self._at(data)
        return data[:at] + self._random.choice(_TOKENS) + data[at:]

    def _swap(self, data: bytes) -> bytes:
        a, b, c, d = sorted(self._at(data) for _ in range(4))
        return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]

    def _nest(self, data: bytes) -> bytes:
        at, times = self._at(data), self._random.choice((20, 300, 3000))
        return data[:at] + self._random.choice(_OPENERS) * times + data[at:]

    def _splice(self, data: bytes) -> bytes:
        other = self._random.choice(self._others)
        return data[: self._at(data)] + other[self._at(other) :]

    def _value(self, data: bytes) -> bytes:
        """A value of the JSON, or more, of another type."""
        try:
            root = json.loads(data)
        except ValueError:
            return self._flip(data)
        for _ in range(self._random.choice((1, 2, 5))):
            holder, key = self._random.choice(list(_values(root)) or [([root], 0)])
            holder[key] = deepcopy(self._random.choice(_VALUES))
        return json.dumps(root).encode()

    def _member(self, data: bytes) -> bytes:
        """A member damaged, gone, doubled or in the place of another; all checksums are right."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as container:
                members = [(each, container.read(each)) for each in container.namelist()]
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
            return self._flip(data)
        if not members:
            return data
        at = self._random.randrange(len(members))
        name, content = members[at]
        match self._random.randrange(8):
            case 0:
                del members[at]
            case 1:
                members.append((name, self._flip(content)))
            case 2:
                other = self._random.choice(members)
                members[at] = (name, other[1])
            case _:
                members[at] = (name, self._random.choice(self._of_bytes)(content)[:MOST_BYTES])
        target = io.BytesIO()
        with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(target, "w") as packed:
            for name, content in members:
                stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                packed.writestr(zipfile.ZipInfo(name), content, stored)
        return target.getvalue()

    def _stream(self, data: bytes) -> bytes:
        """A packed stream of the PDF with a fault in what it holds."""
        starts = [at for at in range(len(data)) if data.startswith(b"stream\n", at)]
        starts = [at + 7 for at in starts if data[at - 3 : at] != b"end"]
        if not starts:
            return self._flip(data)
        start = self._random.choice(starts)
        end = data.find(b"endstream", start)
        with suppress(zlib.error):
            content = zlib.decompressobj().decompress(data[start:end], MOST_BYTES)
            bent = self._random.choice(self._of_bytes)(content)
            return data[:start] + zlib.compress(bent) + b"\n" + data[end:]
        return data[:start] + self._random.choice(self._of_bytes)(data[start:end]) + data[end:]


def _values(root: object) -> list[tuple[Any, int | str]]:
    """Every place for a value in JSON: what holds it, and its key there."""
    found: list[tuple[Any, int | str]] = []
    waiting = [root]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict):
            found += [(holder, key) for key in holder]
            waiting += holder.values()
        elif isinstance(holder, list):
            found += [(holder, at) for at in range(len(holder))]
            waiting += holder
    return found
