"""What the cells of a notebook printed, as a person saw it.

In: a cell's outputs, in any version of the format. Out: text for the builder. Of several forms of
one output the richest that is text; lines as they stood on the terminal at last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from lxml import etree

from docsearch.domain.document import Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.html_page import parse_html
from docsearch.readers.markup import extract

_LONGEST = 10_000
"""Characters; of longer output, which is data, as many are kept, half from its start."""
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-Z\\^_`-~]"
)
_OLD_NAMES = {"text/html": "html", "text/latex": "latex", "text/plain": "text"}
"""What the forms were called before version 4, where they stood in the output itself."""

_JsonObject = Mapping[str, object]


def add_outputs(builder: ExtractionBuilder, outputs: Iterable[object], number: int) -> None:
    """Put the outputs of cell `number` into `builder`."""
    location = Location(cell=number)
    known = [output for output in outputs if isinstance(output, dict)]
    for stream, group in groupby(known, _stream):
        if stream is not None:
            # A line may have been printed in several pieces.
            text = "".join(joined(output.get("text")) for output in group)
            _add(builder, on_terminal(text), SegmentKind.CODE, location)
            continue
        for output in group:
            if output.get("output_type") in ("error", "pyerr"):
                _add(builder, _error(output), SegmentKind.CODE, location)
            else:
                _add_richest(builder, output, location)


def joined(text: object) -> str:
    """Text that the format allows to be a list of lines."""
    if isinstance(text, list):
        return "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""


def on_terminal(text: str) -> str:
    """What stands on a terminal in the end: no escapes, no line that another was written over."""
    lines = _ESCAPES.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(_without_erased(line.rstrip("\r").rpartition("\r")[2]) for line in lines)


def add_html(builder: ExtractionBuilder, source: str, location: Location) -> bool:
    """Put the text of HTML into `builder`; its headings are text. Whether there was any."""
    part = ExtractionBuilder()
    try:
        extract(parse_html(source.encode("utf-8", "replace")), part, location)
        extracted = part.build()
    except (ReaderError, etree.LxmlError, ValueError):
        return False
    if len(extracted.text) > _LONGEST:
        _add(builder, extracted.text, SegmentKind.PARAGRAPH, location)
        return True
    for segment in extracted.segments:
        is_heading = segment.kind is SegmentKind.HEADING
        kind = SegmentKind.PARAGRAPH if is_heading else segment.kind
        builder.add(extracted.text[segment.start : segment.end], kind, location)
    return True


def _stream(output: _JsonObject) -> str | None:
    """The name of the stream that it is a piece of, if it is one."""
    if output.get("output_type") != "stream":
        return None
    return str(output.get("name", output.get("stream", "")))


def _error(output: _JsonObject) -> str:
    """The traceback, and the error's name and message where it does not have them."""
    frames = output.get("traceback")
    lines = [line for line in frames if isinstance(line, str)] if isinstance(frames, list) else []
    traceback = on_terminal("\n".join(lines) or joined(frames))
    message = ": ".join(on_terminal(joined(output.get(key))) for key in ("ename", "evalue"))
    return traceback if message in traceback else f"{traceback}\n{message}"


def _add_richest(builder: ExtractionBuilder, output: _JsonObject, location: Location) -> None:
    forms = output.get("data")
    if not isinstance(forms, dict):
        forms = {name: output.get(old) for name, old in _OLD_NAMES.items()}
    if markdown := joined(forms.get("text/markdown")).strip():
        _add(builder, markdown, SegmentKind.PARAGRAPH, location)
        return
    if (html := joined(forms.get("text/html"))) and add_html(builder, html, location):
        return
    if latex := joined(forms.get("text/latex")).strip():
        _add(builder, latex, SegmentKind.PARAGRAPH, location)
        return
    _add(builder, on_terminal(joined(forms.get("text/plain"))), SegmentKind.CODE, location)


def _add(builder: ExtractionBuilder, text: str, kind: SegmentKind, location: Location) -> None:
    if len(text) > _LONGEST:
        left_out = len(text) - _LONGEST
        builder.lost(f"an output of cell {location.cell}: {left_out:,} characters in its middle")
        for end in _ends(text):
            builder.add(end, kind, location)
    else:
        builder.add(text, kind, location)


def _ends(text: str) -> Iterator[str]:
    """The start and the end of a long text, whole words alone where it has any."""
    start, end = text[: _LONGEST // 2], text[-_LONGEST // 2 :]
    yield re.sub(r"\s\S{1,100}$", "", start)
    yield re.sub(r"^\S{1,100}\s", "", end)


def _without_erased(line: str) -> str:
    """The line without what a backspace took back."""
    if "\b" not in line:
        return line
    kept: list[str] = []
    for character in line:
        if character != "\b":
            kept.append(character)
        elif kept:
            kept.pop()
    return "".join(kept)
