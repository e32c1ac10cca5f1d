"""Reading takes steps in proportion to the input, also of what no person would write."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType

import pytest
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from docsearch.domain.errors import ReaderError
from docsearch.readers.registry import default_readers

MOST = 2.6
"""What twice the input may cost, in times: the square costs four."""


def calls(work: Callable[[], object]) -> int:
    """How many functions are called by it, those of C as well."""
    count = 0

    def step(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(step)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("a.org", "#+begin_quote\n"),
        ("a.org", "#+begin_src\n#+end_quote\n"),
        ("a.org", "* h\n"),
        ("a.org", "- x\n"),
        ("a.txt", "a\n\n"),
        ("a.py", "def f(\n"),
        ("a.html", "<p>a"),
        ("a.html", "a<svg>b</svg><br>"),
        ("a.html", "<pre>a\n<br>b</html>"),
        ("a.md", "# a\n\n[[[\n"),
        ("a.rst", "T\n=====\n\n"),
        ("a.rst", "+--+\n|a |\n+--+\n- x\n"),
        ("a.rst", "=== ===\na   b\n"),
        ("a.ics", "BEGIN:VEVENT\nSUMMARY:a\n"),
        ("a.ics", "A" + ";" * 60 + "\n"),
        ("a.ics", 'A;B="' + ";" * 60 + "\n"),
        ("a.csv", 'a,"b\n'),
        ("a.tex", "\\begin{a}{$x\n"),
        ("a.tex", "\\section{a\n"),
        ("a.eml", "To: a@b\n"),
    ],
)
def test_twice_the_input_takes_twice_the_steps(name: str, piece: str) -> None:
    readers = default_readers()
    readers.read((piece * 10).encode(), name)  # what is imported first is not counted
    once, twice = (
        calls(lambda count=count: readers.read((piece * count).encode(), name))  # type: ignore[misc]
        for count in (400, 800)
    )
    assert twice <= MOST * once


def pdf(count: int, draw: Callable[[Canvas, int], object]) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=True, pageCompression=0)
    canvas.drawString(50, 500, "label")
    for number in range(count):
        draw(canvas, number)
    canvas.save()
    return target.getvalue()


def notebook(output: str) -> bytes:
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}]
    return json.dumps({"cells": [{"cell_type": "code", "outputs": outputs}]}).encode()


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("pages.pdf", lambda count: pdf(count, lambda canvas, _: turn_page(canvas))),
        (
            "lines.pdf",
            lambda count: pdf(count, lambda canvas, at: canvas.drawString(50, 800 - at, f"a {at}")),
        ),
        (
            "fields.pdf",
            lambda count: pdf(
                count, lambda canvas, at: canvas.acroForm.textfield(name=f"f{at}", value=f"v{at}")
            ),
        ),
        (
            "links.pdf",
            lambda count: pdf(count, lambda canvas, at: canvas.linkURL("http://a", (1, 1, 9, at))),
        ),
        (
            "outline.pdf",
            lambda count: pdf(
                count,
                lambda canvas, at: (
                    canvas.bookmarkPage("here"),
                    canvas.addOutlineEntry(f"Entry {at}", "here", 0),
                ),
            ),
        ),
        ("returns.ipynb", lambda count: notebook("10%\r" * count)),
        ("lines.ipynb", lambda count: notebook("a line\n" * count)),
        ("erased.ipynb", lambda count: notebook("a\b" * count)),
        ("cells.ipynb", lambda count: b'{"cells": [%s' % (b'{"source": "# a\\n\\nb"},' * count)),
        ("broken.ipynb", lambda count: b'{"cells": [{}, %s' % (b'{"cell_type": "x" "y"},' * count)),
        (
            "columns.rst",
            lambda count: b"= " * count + b"\n" + b"a " * count + b"\n" + b"= " * count,
        ),
        (
            "grid.rst",
            lambda count: b"+-" * count + b"+\n" + b"|a" * count + b"|\n" + b"+-" * count + b"+",
        ),
        ("nested.ipynb", lambda count: b'{"cells": [%s' % (b"[" * count)),
    ],
)
def test_twice_a_document_takes_twice_the_steps(name: str, made: Callable[[int], bytes]) -> None:
    readers = default_readers()

    def read(data: bytes) -> None:
        with suppress(ReaderError):
            readers.read(data, name)

    read(made(10))
    once, twice = (calls(partial(read, made(count))) for count in (200, 400))
    assert twice <= MOST * once


def turn_page(canvas: Canvas) -> None:
    canvas.showPage()
    canvas.drawString(50, 500, "The same words on each page")
