"""A small valid file of every format, as bytes: what the tests read, bend and break."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Protocol

from docx import Document as WordDocument
from odfdo import Document as OpenDocument
from odfdo import Header, List, ListItem, Paragraph, Table
from reportlab.lib.pagesizes import A5  # type: ignore[import-untyped]
from reportlab.lib.pdfencrypt import (  # type: ignore[import-untyped]
    StandardEncryption,
)
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

MARKDOWN = """\
---
title: Sourdough
tags: [bread, rye]
date: 2026-02-08
---
# Rye *bread*

Feed the starter
in the evening.

## Steps

- Mix
- Fold

  ```sh
  bake --hot
  ```

| flour | grams |
|-------|-------|
| rye   | 300   |
"""

RESTRUCTURED_TEXT = """\
=======
Manual
=======

:Date: 2026-04-07
:Tags: tls, runbook

Install
-------

Run it::

    make install

- first
- second

.. note:: Mind the gap.

.. include:: /etc/passwd
"""

ORG = """\
#+TITLE: Garden
#+FILETAGS: :plot:roses:
#+DATE: <2026-03-01 Sun>

* TODO Spring :work:
SCHEDULED: <2026-02-31 Sat>
Prune the roses.
** Tools
- shears
#+begin_src sh
sharpen
#+end_src
| tool | age |
"""

HTML = """\
<!DOCTYPE html>
<html><head><title>Tides</title><meta name="keywords" content="sea, moon">
<meta name="date" content="2025-08-02"><script>var hidden = 1;</script></head>
<body><nav>Home | About</nav><h1>Tides<a class="headerlink" href="#t">\u00b6</a></h1>
<p>High <b>w</b>ater<br>twice a day.</p>
<ul><li>spring<ul><li>new moon</li></ul></li><li>neap</li></ul>
<pre>  h = 12
  t = 25</pre>
<table><tr><th>Port</th><th>Hour</th></tr><tr><td>Brest</td><td>5</td></tr></table>
<script>alert(1)</script></body></html>
"""

LATEX = r"""
\documentclass{article}
\title{On \emph{Tides}}
\date{2026-01-05}
\begin{document}
\section{Theory}
The moon pulls, $F = ma$. % not the sun

A second paragraph with \textbf{weight}.
\begin{itemize}
\item spring
\item neap
\end{itemize}
\begin{tabular}{ll}
Port & Hour \\ \hline
Brest & 5
\end{tabular}
\begin{verbatim}
run --now
\end{verbatim}
\end{document}
"""

SOURCE_CODE = '''\
"""A lending cache."""

import time

LIMIT = 3


class Cache:
    """Forgets."""

    def get(self, key):
        return self.data[key]

    @property
    def size(self):
        return len(self.data)


if __name__ == "__main__":
    Cache()
'''

CSV = "month,gas,remark\n2026-01,310,cold\n2026-02,280,\n"

EMAIL = """\
From: =?utf-8?q?Zo=C3=AB?= <zoe@example.org>
To: Bo <bo@example.org>
Subject: Keys of the hut
Date: Mon, 07 Sep 2026 10:00:00 +0200
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="cut"

--cut
Content-Type: multipart/alternative; boundary="alt"

--alt
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

The key is under the gr=FCn pot.

Zo=EB
--alt
Content-Type: text/html

<p>The key, in <b>HTML</b></p>
--alt--
--cut
Content-Type: application/pdf; name="plan.pdf"
Content-Disposition: attachment; filename="plan.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQ=
--cut--
"""

MAILBOX = """\
From a@example.org Mon Sep  7 10:00:00 2026
From: a@example.org
Subject: First
Date: Mon, 07 Sep 2026 10:00:00 +0000

Hello.

>From here on it is quoted.

From b@example.org Tue Sep  8 11:00:00 2026
From: b@example.org
Subject: Second
Content-Type: text/html

<p>Hi <i>there</i></p>
"""

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
BEGIN:VEVENT
UID:1-2-3
DTSTART;TZID=Europe/Berlin:20260303T100000
DTEND:20260303T110000Z
SUMMARY:Visit to the dam\\, by boat
LOCATION:Quay 4
ORGANIZER;CN=Zoe:mailto:zoe@example.org
ATTENDEE;CN="Bo; Baker";ROLE=REQ-PARTICIPANT:mailto:bo@example.org
DESCRIPTION:Bring boots.\\nThe boat leaves at t
 en sharp.
BEGIN:VALARM
TRIGGER:-PT15M
END:VALARM
END:VEVENT
END:VCALENDAR
"""

NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"title": "Heat"},
        "cells": [
            {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Heat\n", "\n", "x"]},
            {
                "cell_type": "code",
                "id": "b",
                "metadata": {},
                "execution_count": 1,
                "source": "print(mean)",
                "outputs": [
                    {"output_type": "stream", "name": "stdout", "text": ["31.5\n"]},
                    {"output_type": "error", "ename": "KeyError", "evalue": "x", "traceback": []},
                    {
                        "output_type": "display_data",
                        "metadata": {},
                        "data": {"image/png": "aGk=", "text/plain": "<Figure>"},
                    },
                ],
            },
            {"cell_type": "markdown", "id": "c", "metadata": {}, "source": "## Places\n\n- park"},
        ],
    }
)

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x.js"/></head>
<body><h1>{title}</h1><p>{text}&nbsp;end</p></body></html>"""


@cache
def docx() -> bytes:
    document = WordDocument()
    document.core_properties.title = "Plan"
    document.core_properties.keywords = "net, ops"
    document.add_heading("Network", 0)
    document.add_heading("Racks", 1)
    document.add_paragraph("Two halls.")
    document.add_paragraph("port 17", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for row, values in zip(table.rows, [("VLAN", "Name"), ("10", "edge")], strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    document.add_paragraph("After the table.")
    return _saved(document)


@cache
def odt() -> bytes:
    document = OpenDocument("text")
    document.body.clear()
    document.meta.title = "Minutes"
    document.body.append(Header(1, "Assembly"))
    document.body.append(Paragraph("Quorum reached."))
    document.body.append(Header(2, "Fees"))
    items = List()
    items.append_item(ListItem("raise to 30"))
    document.body.append(items)
    table = Table("T", width=2, height=2)
    table.set_values([["Year", "Sum"], ["2025", "8,112"]])
    document.body.append(table)
    return _saved(document)


@cache
def epub() -> bytes:
    package = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Cooking</dc:title>
<dc:subject>food</dc:subject><dc:date>2025-12-20</dc:date></metadata>
<manifest><item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="one%20.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="a"/><itemref idref="b"/></spine></package>"""
    container = """<?xml version="1.0"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"""
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/book.opf": package,
            "OEBPS/one .xhtml": PAGE.format(title="Soups", text="Lentils &amp; vinegar"),
            "OEBPS/two.xhtml": PAGE.format(title="Dough", text="Flour"),
        }
    )


@cache
def pdf(password: str | None = None, pages: int = 2, text: bool = True) -> bytes:
    target = BytesIO()
    encryption = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(target, pagesize=A5, encrypt=encryption, invariant=True, pageCompression=0)
    canvas.setTitle("Pumps")
    canvas.setKeywords("heat, house")
    for page in range(1, pages + 1):
        if text:
            canvas.setFont("Helvetica-Bold", 18)
            canvas.drawString(40, 540, f"Chapter {page}")
            canvas.setFont("Helvetica", 10)
            for line, words in enumerate(PDF_LINES):
                canvas.drawString(40, 510 - 14 * line, words)
        else:
            canvas.rect(40, 40, 100, 100, fill=1)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


PDF_LINES = (
    "The radiators of the house were chosen for a boiler and the tempera-",
    "ture that it gives, which is far above what a heat pump likes to give",
    "in winter.",
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """The same bytes at any time: tests are named after them."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members.items():
            container.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def all_samples() -> dict[str, bytes]:
    """By file name."""
    return {
        "a.txt": "First paragraph.\n\nSecond, caf\u00e9.\n".encode(),
        "a.md": MARKDOWN.encode(),
        "a.py": SOURCE_CODE.encode(),
        "a.yaml": b"server:\n  port: 80\nusers:\n- ann\n",
        "a.rst": RESTRUCTURED_TEXT.encode(),
        "a.org": ORG.encode(),
        "a.html": HTML.encode(),
        "a.xhtml": PAGE.format(title="Page", text="Text").encode(),
        "a.tex": LATEX.encode(),
        "a.csv": CSV.encode(),
        "a.eml": EMAIL.encode(),
        "a.mbox": MAILBOX.encode(),
        "a.ics": CALENDAR.encode(),
        "a.ipynb": NOTEBOOK.encode(),
        "a.pdf": pdf(),
        "a.docx": docx(),
        "a.odt": odt(),
        "a.epub": epub(),
    }


class _Savable(Protocol):
    def save(self, target: BytesIO) -> object: ...


def _saved(document: _Savable) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()
