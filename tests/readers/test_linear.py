"""Reading takes steps in proportion to the input, also of what no person would write."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from types import FrameType

import pytest
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from docsearch.domain.errors import ReaderError
from docsearch.readers.registry import default_readers
from tests.readers.samples import docx, odt, zipped

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
        ("a.ini", "[a]\n"),
        ("a.toml", "[a]\nb = 1\n"),
        ("a.json", '{"a":\n'),
        ("a.csv", "name,date\n\n1,2020\n"),
        ("a.mbox", "From a@b.c Mon Sep  7 10:00:00 2026\nSubject: a\n\nb\n\n"),
        ("a.vcf", "BEGIN:VCARD\nFN:a\n"),
        ("a.md", "> a\n- b\n"),
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


ODT_TABLE = (
    "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
    "</table:table-row></table:table>"
)
DOCX_TEXT = "<w:p><w:r><w:t>some words</w:t></w:r></w:p>"
DOCX_TABLE = f"<w:tbl><w:tr><w:tc>{DOCX_TEXT}</w:tc></w:tr></w:tbl>"


def nested_mail(depth: int, kind: str) -> bytes:
    opened = "".join(
        f"Content-Type: multipart/{kind}; boundary=b{at}\n\n--b{at}\n" for at in range(depth)
    )
    text = "words\n" * depth
    return f"Subject: a\n{opened}Content-Type: text/plain\n\n{text}".encode()


def book(pages: list[str], order: Sequence[int] | None = None) -> bytes:
    """An EPUB whose pages are read in `order`, by their numbers from 0."""
    order = range(len(pages)) if order is None else order
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        + "".join(f'<item id="i{at}" href="{at}.xhtml"/>' for at in range(len(pages)))
        + "</manifest><spine>"
        + "".join(f'<itemref idref="i{at}"/>' for at in order)
        + "</spine></package>"
    )
    members = {
        "META-INF/container.xml": '<container><rootfile full-path="b.opf"/></container>',
        "b.opf": package,
        "mimetype": "application/epub+zip",
    }
    members |= {f"{at}.xhtml": f"<html><body>{page}" for at, page in enumerate(pages)}
    return zipped({"mimetype": members.pop("mimetype"), **members})


def odt_of(body: str, **objects: str) -> bytes:
    """The sample with another body, and objects with their content by name."""
    members = members_of(odt())
    content = str(members["content.xml"])
    start = content.index(">", content.index("<office:text")) + 1
    members["content.xml"] = content[:start] + body + content[content.rindex("</office:text>") :]
    members |= {f"{name}/content.xml": text for name, text in objects.items()}
    return zipped(members)


def docx_of(body: str) -> bytes:
    """The sample with another body."""
    members = members_of(docx())
    content = str(members["word/document.xml"])
    start = content.index("<w:body>") + len("<w:body>")
    members["word/document.xml"] = content[:start] + body + "</w:body></w:document>"
    return zipped(members)


def members_of(data: bytes) -> dict[str, str | bytes]:
    """The members of an archive, XML as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    return {name: text.decode() if name.endswith(".xml") else text for name, text in found.items()}


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
        (
            "cell.html",
            lambda count: b"<table><tr><td>" + b"<br> <b> </b><ruby> </ruby>" * count,
        ),
        ("nested.eml", lambda count: nested_mail(count, "mixed")),
        ("forms.eml", lambda count: nested_mail(count, "alternative")),
        ("front.md", lambda count: b"---\n" + b"a: [b, *c]\n" * count + b"---\ntext"),
        ("front.md", lambda count: b"+++\n" + b"[a]\nb = 1\n" * count + b"+++\ntext"),
        ("pages.epub", lambda count: book([f"<p>page {at}</p>" for at in range(count)])),
        ("deep.epub", lambda count: book(["<div>a" * count])),
        ("text.odt", lambda count: odt_of("<text:p>a <text:s/>b</text:p>" * count)),
        ("headings.odt", lambda count: odt_of("<text:h>a</text:h>" * count)),
        ("tables.odt", lambda count: odt_of(ODT_TABLE * count)),
        ("text.docx", lambda count: docx_of(DOCX_TEXT * count)),
        ("tables.docx", lambda count: docx_of(DOCX_TABLE * count)),
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


WORDS = "word of a text " * 600
HEAD = ",".join(f"a column of the name {at} and more" for at in range(30))
LONG_ROWS = (",".join(["a long value of the cell " * 5] * 30) + "\n") * 200
SHORT_ROW = "1," * 29 + "1\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("book.epub", book([f"<p>{WORDS}</p>"], [0] * 500)),
        (
            "objects.odt",
            odt_of(
                '<text:p>a<draw:frame><draw:object xlink:href="./O"/></draw:frame></text:p>' * 500,
                O=f"<a>{WORDS}</a>",
            ),
        ),
        (
            "repeated.odt",
            odt_of(
                ODT_TABLE.replace(
                    "table:table-cell>", 'table:table-cell table:number-columns-repeated="9999">', 1
                ).replace("table-row>", 'table-row table:number-rows-repeated="9999">', 1)
            ),
        ),
        ("spaces.odt", odt_of('<text:p>a<text:s text:c="99999999"/>b</text:p>')),
        ("spanned.html", b"<table><tr><td colspan=99999 rowspan=99999>a</td><td>b</td></table>"),
        (
            "daily.ics",
            b"BEGIN:VEVENT\nSUMMARY:a\nRRULE:FREQ=SECONDLY;COUNT=99999999\nEND:VEVENT\n",
        ),
        ("short.csv", f"{HEAD}\n{LONG_ROWS}{SHORT_ROW}".encode()),
        ("late.csv", f"{HEAD}\n{LONG_ROWS}{SHORT_ROW * 6_000}".encode()),
        ("keys.json", b'{"a key of the name": ' * 200 + b"1" + b"}" * 200),
        (
            "anchors.yaml",
            b"a: &a [x, x]\n"
            + b"".join(b"%c: &%c [*%c, *%c]\n" % (at, at, at - 1, at - 1) for at in b"bcdefghijk"),
        ),
        (
            "anchors.md",
            b"---\ntitle: a\nt0: &t0 [x, x]\n"
            + b"".join(b"t%d: &t%d [*t%d, *t%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 9))
            + b"tags: *t8\n---\ntext\n",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_text_is_many_times_what_it_was_read_from(name: str, data: bytes) -> None:
    size = len(data)
    if data.startswith(b"PK"):
        size = sum(map(len, members_of(data).values()))
    _, extracted = default_readers().read(data, name)
    assert len(extracted.text) + sum(map(len, extracted.tags)) <= 5.5 * size


def test_rows_whose_columns_names_would_be_too_much_are_told() -> None:
    data = f"{HEAD}\n{LONG_ROWS}{SHORT_ROW * 6_000}".encode()
    _, extracted = default_readers().read(data, "a.csv")
    assert "a column of the name 0 and more: 1 |" in extracted.text
    assert extracted.text.endswith("1 | 1")
    (loss,) = extracted.losses
    assert loss.startswith("the columns' names beside the values from line ")


def test_an_object_shown_twice_is_read_once() -> None:
    shown = '<text:p>a<draw:frame><draw:object xlink:href="./O"/></draw:frame></text:p>'
    _, extracted = default_readers().read(odt_of(shown * 2, O="<a>formula</a>"), "a.odt")
    assert extracted.text == "a formula\n\na"
    assert not extracted.losses


@pytest.mark.parametrize("kind", ["mixed", "alternative"])
def test_text_nested_beyond_reading_is_read_as_it_stands(kind: str) -> None:
    _, extracted = default_readers().read(nested_mail(100, kind), "a.eml")
    assert "words" in extracted.text
    assert extracted.losses
