"""Which reader reads a file, and what is refused with which reason."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from PIL import Image

from docsearch.domain.errors import ReaderError
from docsearch.readers.formats import FORMATS
from docsearch.readers.registry import ReaderRegistry, default_readers, load_reader
from tests.readers.extraction import assert_whole
from tests.readers.samples import (
    HTML,
    MAILBOX,
    all_samples,
    docx,
    epub,
    odt,
    pdf,
    zipped,
)

REGISTRY = default_readers()


def png() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 4)).save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("path", "other", "is_same"),
    [
        ("a/report.PDF", "b/other report.pdf", True),
        ("notes", "sub/readings", True),
        ("report.pdf", "report.docx", False),
        ("main.c", "main.py", False),
        ("table.csv", "table.tsv", False),
        ("CMakeLists.txt", "other.txt", False),
        ("Dockerfile.dev", "plan.dev", False),
        ("box/cur/1.a", "box/new/1.a", True),
        ("box/cur/1.a", "box/1.a", False),
    ],
)
def test_a_path_tells_the_form_alike_only_where_bytes_are_read_alike(
    path: str, other: str, is_same: bool
) -> None:
    assert (REGISTRY.form_named(path) == REGISTRY.form_named(other)) is is_same


@pytest.mark.parametrize("name", sorted(all_samples()))
def test_every_sample_is_read_by_the_reader_of_its_suffix(name: str) -> None:
    form, extracted = REGISTRY.read(all_samples()[name], f"some/folder/{name}")

    assert f".{name.split('.')[1]}" in next(f for f in FORMATS if f.name == form).suffixes
    assert_whole(extracted)


@pytest.mark.parametrize(
    ("data", "name", "form"),
    [
        (pdf(), "report.txt", "PDF"),
        (docx(), "report.md", "DOCX"),
        (odt(), "report", "ODT"),
        (epub(), "book.zip", "EPUB"),
        (docx(), "report.odt", "DOCX"),
        (b"Just words, no PDF.", "notes.pdf", "plain text"),
        (b"Just words.", "notes.docx", "plain text"),
        (b"Just words.", "notes.html", "plain text"),
        (b"Just words.", "notes.ipynb", "plain text"),
        (HTML.encode(), "page.txt", "HTML"),
        (HTML.encode(), "page.pdf", "HTML"),
        (b"\n <!-- a --><!-- b -->\n" + HTML.encode(), "page", "HTML"),
        (HTML.encode("utf-16"), "page.html", "HTML"),
        (MAILBOX.encode(), "Inbox", "mailbox"),
        (b"words", "README", "plain text"),
        (b"words", "file.unknown-suffix", "plain text"),
        (b"#!/bin/sh\necho hi\n", "run-it", "source code"),
        (b"all: x\n", "Makefile", "source code"),
        (b"FROM x\n", "Dockerfile", "source code"),
        (b"FROM x\n", "Dockerfile.dev", "source code"),
        (b"*.o\n", ".gitignore", "source code"),
        (b"# Title\n", "NOTES.MD", "Markdown"),
        ("text \u00fc".encode("utf-16-le"), "wide.txt", "plain text"),
    ],
)
def test_content_is_believed_before_the_name(data: bytes, name: str, form: str) -> None:
    assert REGISTRY.read(data, name)[0] == form


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.pdf", "empty file"),
        (b"", "a.md", "empty file"),
        (png(), "photo.md", "binary file (PNG image)"),
        (b"a\0b\0\0c\0d", "a.txt", "binary file"),
        (b"text\0text\x01\x02", "a.txt", "binary file"),
        (bytes(range(1, 32)) * 9, "a.txt", "binary file"),
        (b"\x7fELF" + bytes(60), "a.md", "binary file (ELF)"),
        (zipped({"a.txt": "x"}), "a.docx", "archive (ZIP)"),
        (zipped({"a.txt": "x"}), "a.zip", "archive (ZIP)"),
        (
            zipped({"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"}),
            "a.xlsx",
            "spreadsheet (XLSX): not a format docsearch reads",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "a.doc",
            "binary file (Office document of before 2007)",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            "binary file (encrypted Office document)",
        ),
        (b"{\\rtf1 x}", "a.rtf", "RTF document: not a format docsearch reads"),
        (b"<svg xmlns='x'><path d='M0'/></svg>", "a.svg", "image (SVG)"),
        (b"  \n\t ", "a.txt", "no text in it"),
        (zipped({"../a": "x"}), "a.docx", "unsafe archive: member name '../a' leads out of it"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    data: bytes, name: str, reason: str
) -> None:
    with pytest.raises(ReaderError) as raised:
        REGISTRY.read(data, name)

    assert str(raised.value) == reason


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv", "a.html", "a.eml", "a.py"])
def test_a_nul_costs_a_text_that_byte_and_is_told(name: str) -> None:
    _, extracted = REGISTRY.read(b"Subject: <p>\n\nplums and p\0ears\n", name)

    assert "plums and pears" in extracted.text
    assert extracted.losses == ("1 NUL byte left out",)


def test_a_block_of_nuls_in_a_log_is_a_gap() -> None:
    log = b"up at nine\n" * 5 + b"power" + bytes(4096) + b"lost\n"

    _, extracted = REGISTRY.read(log, "a.log")

    assert extracted.text.endswith("power lost\n")
    assert extracted.losses == ("4,096 NUL bytes left out",)


def test_what_cannot_be_decoded_is_told() -> None:
    _, extracted = REGISTRY.read("K\u00e4se, \u00fcber \u00d6l ".encode() * 3 + b"\xff!", "a.txt")

    assert extracted.losses == ("1 character cannot be decoded",)


def test_many_comments_before_a_page_are_no_trap_for_the_sniffer() -> None:
    form, _ = REGISTRY.read(b"<!---->" * 500 + b"text", "page.txt")

    assert form == "plain text"


def test_escape_sequences_and_odd_names_pass_as_text() -> None:
    form, extracted = REGISTRY.read(b"\x1b[2J\x1b]0;owned\x07 text", "od\ndc\udce9\x1b[31m.txt")

    assert form == "plain text"
    assert extracted.text == "\x1b[2J\x1b]0;owned\x07 text"


def test_the_fingerprint_changes_with_a_readers_version() -> None:
    bumped = [replace(form, version=form.version + 1) for form in FORMATS[:1]] + list(FORMATS[1:])

    assert default_readers().fingerprint == REGISTRY.fingerprint
    assert ReaderRegistry(bumped).fingerprint != REGISTRY.fingerprint


def test_every_format_has_a_reader_that_goes_by_its_name() -> None:
    for form in FORMATS:
        reader = load_reader(form)
        assert reader.name == form.name
        assert reader.suffixes == form.suffixes


def test_no_suffix_belongs_to_two_formats() -> None:
    suffixes = [suffix for form in FORMATS for suffix in form.suffixes]

    assert len(suffixes) == len(set(suffixes))


def test_no_readers_library_is_imported_before_a_file_of_its_format_is_met() -> None:
    heavy = {
        "lxml",
        "docx",
        "odfdo",
        "docutils",
        "orgparse",
        "pypdfium2",
        "pygments",
        "markdown_it",
        "yaml",
    }
    code = (
        "import sys; from docsearch.readers.registry import default_readers; "
        "default_readers().read(b'plain', 'a.txt'); "
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_broken_archive_named_as_text_is_not_text() -> None:
    with pytest.raises(ReaderError, match="broken archive"):
        REGISTRY.read(docx()[:3000], "a.txt")


def test_zip_by_another_maker_is_told_by_its_parts() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as container:
        source = zipfile.ZipFile(io.BytesIO(docx()))
        for name in reversed(source.namelist()):
            container.writestr(name, source.read(name))

    assert REGISTRY.read(target.getvalue(), "a.bin")[0] == "DOCX"
