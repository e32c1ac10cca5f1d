"""PDF, DOCX, ODT and EPUB: what a person finds again."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from zipfile import ZipFile

import pytest
from docx import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from docsearch.domain.document import SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.epub import EpubReader
from docsearch.readers.open_document import OdtReader
from docsearch.readers.pdf import PdfReader
from docsearch.readers.word import DocxReader
from tests.readers.extraction import headings_of, pieces
from tests.readers.samples import docx, epub, odt, pdf, zipped

BODY = (
    "The radiators of the house were chosen for a boiler and the temperature that it gives, "
    "which is far above what a heat pump likes to give in winter."
)


def replaced(archive: bytes, member: str, content: bytes) -> bytes:
    """The archive with one member's content exchanged."""
    source = zipfile.ZipFile(io.BytesIO(archive))
    return zipped({name: source.read(name) for name in source.namelist()} | {member: content})


class TestPdf:
    reader = PdfReader()

    def test_paragraphs_are_joined_and_know_their_page(self) -> None:
        extracted = self.reader.read(pdf(), "a.pdf")

        assert pieces(extracted) == ["Chapter 1", BODY, "Chapter 2", BODY]
        assert [segment.location.page for segment in extracted.segments] == [1, 1, 2, 2]

    def test_larger_type_is_a_heading(self) -> None:
        extracted = self.reader.read(pdf(), "a.pdf")

        assert extracted.segments[3].headings == ("Chapter 2",)

    def test_properties(self) -> None:
        extracted = self.reader.read(pdf(), "a.pdf")

        assert extracted.title == "Pumps"
        assert extracted.tags == ("heat", "house")
        assert extracted.day == date(2000, 1, 1)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (pdf(password="secret"), "encrypted PDF: it opens with a password only"),
            (b"", "empty file"),
            (b"%PDF-1.7\n", "broken PDF: it cannot be opened"),
            (pdf()[: len(pdf()) // 8], "broken PDF: it cannot be opened"),
            (pdf(text=False), "no text in its pages (pictures of text need OCR first)"),
        ],
        ids=["encrypted", "zero bytes", "header alone", "truncated", "pictures"],
    )
    def test_what_cannot_be_read_has_its_exact_reason(self, data: bytes, reason: str) -> None:
        with pytest.raises(ReaderError) as raised:
            self.reader.read(data, "a.pdf")

        assert str(raised.value) == reason

    def test_many_threads_read_the_same(self) -> None:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: self.reader.read(pdf(pages=9), "a.pdf"), range(24)))

        assert len(set(found)) == 1


class TestDocx:
    reader = DocxReader()

    def test_the_body_in_order(self) -> None:
        extracted = self.reader.read(docx(), "a.docx")

        assert pieces(extracted) == [
            "Network",
            "Racks",
            "Two halls.",
            "- port 17",
            "VLAN | Name",
            "10 | edge",
            "After the table.",
        ]
        assert headings_of(extracted, "edge") == ("Network", "Racks")
        assert pieces(extracted, SegmentKind.LIST_ITEM) == ["- port 17"]
        assert pieces(extracted, SegmentKind.TABLE) == ["VLAN | Name", "10 | edge"]

    def test_properties(self) -> None:
        extracted = self.reader.read(docx(), "a.docx")

        assert extracted.title == "Plan"
        assert extracted.tags == ("net", "ops")

    def test_inserted_text_counts_deleted_text_does_not(self) -> None:
        document = WordDocument()
        document.element.body.insert(
            0,
            parse_xml(
                f"<w:p {nsdecls('w')}><w:r><w:t>old </w:t></w:r>"
                "<w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
                "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
            ),
        )
        target = io.BytesIO()
        document.save(target)

        assert pieces(self.reader.read(target.getvalue(), "a.docx")) == ["old new"]

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("<w:customXml><w:p><w:r><w:t>In</w:t></w:r></w:p></w:customXml>", ["In"]),
            (
                "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
                "<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:sdtContent></w:sdt>"
                "</w:tbl>",
                ["a | b"],
            ),
            (
                "<w:moveFrom><w:p><w:r><w:t>once</w:t></w:r></w:p></w:moveFrom>"
                "<w:p><w:moveFrom><w:r><w:t>once</w:t></w:r></w:moveFrom></w:p>"
                "<w:p><w:moveTo><w:r><w:t>once</w:t></w:r></w:moveTo></w:p>",
                ["once"],
            ),
            (
                "<w:p><w:r><w:t>Anchor.</w:t></w:r><w:r><w:txbxContent>"
                "<w:p><w:r><w:t>One</w:t></w:r></w:p><w:p><w:r><w:t>Two</w:t></w:r></w:p>"
                "</w:txbxContent></w:r></w:p>",
                ["Anchor.", "One", "Two"],
            ),
            (
                "<w:p><m:oMath xmlns:m='urn:m'><m:r><m:t>A=r</m:t></m:r></m:oMath></w:p>",
                ["A=r"],
            ),
        ],
    )
    @pytest.mark.parametrize("strict", [False, True])
    def test_every_container_is_entered(self, body: str, expected: list[str], strict: bool) -> None:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        if strict:
            space = "http://purl.oclc.org/ooxml/wordprocessingml/main"
        part = f"<w:document xmlns:w='{space}'><w:body>{body}</w:body></w:document>".encode()
        data = replaced(docx(), "word/document.xml", part)
        assert pieces(self.reader.read(data, "a.docx")) == expected

    def test_notes_stand_behind_the_body_and_a_broken_part_is_told(self) -> None:
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        note = "<w:footnote><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>"
        notes = f"<w:footnotes {space}>{note}</w:footnotes>"
        rels = (
            '<Relationships><Relationship Type="x/footnotes" Target="styles.xml"/>'
            '<Relationship Type="x/comments" Target="/word/nowhere.xml"/></Relationships>'
        )
        data = replaced(docx(), "word/styles.xml", notes.encode())
        data = replaced(data, "word/_rels/document.xml.rels", rels.encode())
        extracted = self.reader.read(data, "a.docx")
        assert pieces(extracted)[-1] == "A note."
        assert extracted.losses == ("word/nowhere.xml cannot be read",)

    def test_a_document_that_declares_entities_is_refused(self) -> None:
        bomb = b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"

        with pytest.raises(ReaderError, match="declares entities"):
            self.reader.read(replaced(docx(), "word/document.xml", bomb), "a.docx")

    def test_a_bomb_is_refused_before_it_is_unpacked(self) -> None:
        bomb = replaced(docx(), "word/document.xml", b" " * (40 * 1024 * 1024))

        with pytest.raises(ReaderError, match="zip bomb"):
            self.reader.read(bomb, "a.docx")


class TestOdt:
    reader = OdtReader()

    def test_the_body_in_order(self) -> None:
        extracted = self.reader.read(odt(), "a.odt")

        assert pieces(extracted) == [
            "1. Assembly",
            "Quorum reached.",
            "1.1. Fees",
            "- raise to 30",
            "Year | Sum",
            "2025 | 8,112",
        ]
        assert headings_of(extracted, "8,112") == ("1. Assembly", "1.1. Fees")
        assert extracted.title == "Minutes"

    def test_notes_stand_behind_their_paragraph(self) -> None:
        note = (
            "Quorum<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>A note.</text:p></text:note-body></text:note> "
        )
        with ZipFile(io.BytesIO(odt())) as archive:
            content = archive.read("content.xml").decode()
        data = replaced(odt(), "content.xml", content.replace("Quorum ", note).encode())
        found = pieces(self.reader.read(data, "a.odt"))
        assert found[1:4] == ["Quorum reached.", "A note.", "1.1. Fees"]

    @pytest.mark.parametrize(
        ("formula", "text", "losses"),
        [
            (
                '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>E</mi><mo>=</mo>'
                "<mi>m</mi><annotation>E = m</annotation></semantics></math>",
                "Quorum E = m reached.",
                (),
            ),
            (
                "<math",
                "Quorum reached.",
                ("an embedded object, 'Object 1', which cannot be read",),
            ),
        ],
    )
    def test_a_formula_stands_in_its_sentence(
        self, formula: str, text: str, losses: tuple[str, ...]
    ) -> None:
        embedded = (
            'Quorum <draw:object xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
            'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="./Object 1"/>'
        )
        with ZipFile(io.BytesIO(odt())) as archive:
            content = archive.read("content.xml").decode()
        data = replaced(odt(), "content.xml", content.replace("Quorum ", embedded).encode())
        extracted = self.reader.read(replaced(data, "Object 1/content.xml", formula.encode()), "a")
        assert " ".join(pieces(extracted)[1].split()) == text
        assert extracted.losses == losses

    def test_an_encrypted_document_says_so(self) -> None:
        manifest = b"<manifest:encryption-data/>"

        with pytest.raises(ReaderError, match="encrypted ODT"):
            self.reader.read(replaced(odt(), "META-INF/manifest.xml", manifest), "a.odt")


class TestEpub:
    reader = EpubReader()

    def test_pages_come_in_the_order_of_the_spine(self) -> None:
        extracted = self.reader.read(epub(), "a.epub")

        assert pieces(extracted) == ["Soups", "Lentils & vinegar end", "Dough", "Flour end"]
        assert headings_of(extracted, "Flour") == ("Dough",)
        assert (extracted.title, extracted.tags) == ("Cooking", ("food",))
        assert extracted.day == date(2025, 12, 20)

    def test_copy_protection_is_named(self) -> None:
        with pytest.raises(ReaderError, match="copy protection"):
            self.reader.read(replaced(epub(), "META-INF/rights.xml", b"<a/>"), "a.epub")

    def test_a_spine_that_leads_out_finds_nothing(self) -> None:
        container = b"<container><rootfile full-path='../../etc/passwd'/></container>"

        with pytest.raises(ReaderError, match="is missing"):
            self.reader.read(replaced(epub(), "META-INF/container.xml", container), "a.epub")


def test_columns_of_a_page_are_not_mixed() -> None:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=True)
    for column, words in ((60, "left"), (320, "right")):
        for line in range(12):
            canvas.drawString(column, 700 - 14 * line, f"{words} column line {line} and words")
    canvas.save()

    extracted = PdfReader().read(target.getvalue(), "a.pdf")

    assert not any("left" in piece and "right" in piece for piece in pieces(extracted))


def test_a_header_that_pages_share_is_left_out_and_the_outline_gives_the_headings() -> None:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=True)
    for page in range(1, 4):
        canvas.drawString(60, 800, f"Annual report, page {page}")
        canvas.bookmarkPage(f"p{page}")
        canvas.addOutlineEntry(f"Topic {page}", f"p{page}", level=0)
        canvas.drawString(60, 700, f"{page}. Topic {page}")
        canvas.drawString(60, 600, f"Words {'of the whole' * page} page.")
        canvas.showPage()
    canvas.save()

    extracted = PdfReader().read(target.getvalue(), "a.pdf")

    assert extracted.text.count("Annual report") == 1
    assert headings_of(extracted, "Words of the wholeof the whole page") == ("2. Topic 2",)
