"""What a PDF's form holds and no page needs to show: values and texts of XFA, and who signed.

In: an open document and its bytes. Out: texts. The caller holds the lock: pdfium is not
thread-safe.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import suppress

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]
from lxml import etree

_MOST_PACKETS = 50
_LARGEST = 20_000_000
_LONGEST_WORD = 200
"""A longer one is a picture or a key, as letters."""
_SHOWN = (
    "//*[local-name()='draw' or local-name()='caption'][not(ancestor-or-self::*[@presence])]"
    "/*[local-name()='value']/*[local-name()='text' or local-name()='exData']"
)
_VALUES = "//*[local-name()='data']//*[not(*)]"

_SIGNATURE = re.compile(rb"/Type\s*/Sig\b")
_MOST_SIGNATURES = 200
_FARTHEST = 200_000
"""Bytes from a signature's type to either end of its object, which holds certificates too."""
_SIGNED = re.compile(rb"/(Name|Reason|Location|ContactInfo)\s*\(((?:[^\\()]|\\.){0,2000}+)\)", re.S)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.S)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"\n", b"\n": b"", b"\r\n": b""}


def form_data(document: pdfium.PdfDocument, data: bytes) -> Iterator[str]:
    """Texts of the form, then "name: value" of each field filled in, then of each signature."""
    packets = list(_packets(document))
    for path in (_SHOWN, _VALUES):
        for packet in packets:
            yield from _texts(packet, path)
    if b"/Encrypt" not in data:
        yield from _signatures(data)


def _packets(document: pdfium.PdfDocument) -> Iterator[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for index in range(min(pdfium_c.FPDF_GetXFAPacketCount(document), _MOST_PACKETS)):
        length = ctypes.c_ulong()
        pdfium_c.FPDF_GetXFAPacketContent(document, index, None, 0, length)
        if not 0 < length.value <= _LARGEST:
            continue
        content = ctypes.create_string_buffer(length.value)
        if pdfium_c.FPDF_GetXFAPacketContent(document, index, content, length.value, length):
            # The first and the last are the two halves of one element.
            with suppress(etree.XMLSyntaxError):
                yield etree.fromstring(content.raw, parser)


def _texts(packet: etree._Element, path: str) -> Iterator[str]:
    found = packet.xpath(path)
    for element in found if isinstance(found, list) else ():
        if not isinstance(element, etree._Element):
            continue
        text = " ".join(" ".join(map(str, element.itertext())).split())
        if text and max(map(len, text.split())) <= _LONGEST_WORD:
            yield f"{etree.QName(element).localname}: {text}" if path is _VALUES else text


def _signatures(data: bytes) -> Iterator[str]:
    for _, signature in zip(range(_MOST_SIGNATURES), _SIGNATURE.finditer(data), strict=False):
        at = signature.start()
        start = data.rfind(b" obj", max(0, at - _FARTHEST), at)
        end = data.find(b"endobj", at, at + _FARTHEST)
        if start >= 0 and end >= 0:
            told = {name: _string(text) for name, text in _SIGNED.findall(data, start, end)}
            if any(told.values()):
                yield "Signed: " + ", ".join(text for text in told.values() if text)


def _string(literal: bytes) -> str:
    raw = _ESCAPE.sub(lambda found: _unescaped(found[1]), literal)
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace").strip()
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace").strip()
    return raw.decode("latin-1").strip()


def _unescaped(code: bytes) -> bytes:
    return bytes([int(code, 8) & 255]) if code[:1].isdigit() else _ESCAPED.get(code, code)
