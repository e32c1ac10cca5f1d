"""DOCX: the numbers, notes and fields that Word shows, where it shows them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from docsearch.readers.word import DocxReader
from docsearch.readers.word_symbols import symbol
from tests.readers.extraction import headings_of, pieces
from tests.readers.samples import zipped

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_KINDS = {
    "numbering.xml": "numbering",
    "styles.xml": "styles",
    "footnotes.xml": "footnotes",
    "endnotes.xml": "endnotes",
    "comments.xml": "comments",
    "header1.xml": "header",
    "chunk.html": "aFChunk",
    "chunk.rtf": "aFChunk",
    "chunk.docx": "aFChunk",
    "embeddings/prices.xlsx": "package",
}


def written(body: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A document with this body; `parts` by their names, the id of each being its name."""
    main = f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>"
    members: dict[str, bytes] = {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": main.encode(),
    }
    relations = ""
    for name, content in (parts or {}).items():
        relations += f'<Relationship Id="{name}" Type="x/{_KINDS[name]}" Target="{name}"/>'
        members[f"word/{name}"] = (
            content
            if isinstance(content, bytes)
            else content.replace(">", f" {_SPACES}>", 1).encode()
        )
    rels = f"<Relationships>{relations}</Relationships>"
    return zipped(members | {"word/_rels/document.xml.rels": rels.encode()})


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def read(body: str, parts: Mapping[str, str | bytes] | None = None) -> list[str]:
    return pieces(DocxReader().read(written(body, parts), "a.docx"))


def level(place: int, kind: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbered(place: int, list_id: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{list_id}"/></w:numPr>'


def field_mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


NUMBERING = (
    "<w:numbering><w:abstractNum w:abstractNumId='0'>"
    + level(0, "decimal", "%1.")
    + level(1, "lowerLetter", "(%2)")
    + level(2, "upperRoman", "%1.%2.%3")
    + level(3, "bullet", "\uf0b7")
    + "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
    "<w:num w:numId='2'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'>"
    "<w:startOverride w:val='7'/></w:lvlOverride></w:num></w:numbering>"
)


class TestNumbers:
    def test_items_have_the_numbers_that_are_seen(self) -> None:
        places = (0, 1, 1, 2, 2, 3, 0, 1)
        body = "".join(p(f"item{at}", numbered(place)) for at, place in enumerate(places))

        assert read(body, {"numbering.xml": NUMBERING}) == [
            "1. item0",
            "(a) item1",
            "(b) item2",
            "1.b.I item3",
            "1.b.II item4",
            "- item5",
            "2. item6",
            "(a) item7",
        ]

    def test_a_list_starts_again_where_it_says_so_and_goes_on_elsewhere(self) -> None:
        body = "".join(p("x", numbered(0, each)) for each in (1, 1, 2, 2, 1))

        found = read(body, {"numbering.xml": NUMBERING})

        assert found == ["1. x", "2. x", "7. x", "8. x", "9. x"]

    def test_a_heading_is_numbered_by_its_style(self) -> None:
        levels = level(0, "decimal", "%1", '<w:pStyle w:val="H1"/>') + level(
            1, "decimal", "%1.%2", '<w:pStyle w:val="H2"/>'
        )
        numbering = (
            f"<w:numbering><w:abstractNum w:abstractNumId='0'>{levels}</w:abstractNum>"
            "<w:num w:numId='4'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
        )
        style = (
            '<w:style w:styleId="H{0}"><w:name w:val="heading {0}"/><w:pPr><w:numPr>'
            '<w:numId w:val="4"/></w:numPr></w:pPr></w:style>'
        )
        styles = f"<w:styles>{style.format(1)}{style.format(2)}</w:styles>"
        titles = ((1, "Aims"), (1, "Rules"), (2, "Terms"), (2, "Scope"))
        body = "".join(p(text, f'<w:pStyle w:val="H{at}"/>') for at, text in titles)
        off = '<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>'
        data = written(
            body + p("Here.") + p("Annex", off), {"numbering.xml": numbering, "styles.xml": styles}
        )

        extracted = DocxReader().read(data, "a.docx")

        assert headings_of(extracted, "Here.") == ("2 Rules", "2.2 Scope")
        assert pieces(extracted)[-1] == "Annex"


class TestFields:
    def test_the_result_is_read_and_the_code_is_not(self) -> None:
        inner = (
            field_mark("begin")
            + "<w:r><w:instrText>MERGEFIELD</w:instrText></w:r>"
            + field_mark("separate")
            + "<w:r><w:t>condition</w:t></w:r>"
            + field_mark("end")
        )
        body = (
            "<w:p><w:r><w:t>Due </w:t></w:r>"
            + field_mark("begin")
            + inner
            + field_mark("separate")
            + "<w:r><w:t>in June</w:t></w:r>"
            + field_mark("end")
            + "<w:r><w:t>.</w:t></w:r></w:p>"
        )
        assert read(body) == ["Due in June."]

    def test_a_field_without_an_end_costs_its_paragraph_alone(self) -> None:
        body = f"<w:p>{field_mark('begin')}<w:r><w:t>code</w:t></w:r></w:p>{p('After.')}"

        assert read(body) == ["After."]

    def test_a_choice_shows_its_entry(self) -> None:
        choices = "".join(f'<w:listEntry w:val="{each}"/>' for each in ("red", "green"))
        body = (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList>'
            f'<w:result w:val="1"/>{choices}</w:ddList></w:ffData></w:fldChar></w:r>'
            f"{field_mark('separate')}{field_mark('end')}</w:p>"
        )
        assert read(body) == ["green"]


class TestNotes:
    def test_notes_and_comments_stand_behind_their_paragraph(self) -> None:
        body = (
            '<w:p><w:r><w:t>One.</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
            '<w:p><w:r><w:t>Two.</w:t><w:commentReference w:id="0"/><w:commentReference w:id="1"/>'
            "</w:r></w:p>" + p("Three.")
        )
        notes = f"<w:footnotes><w:footnote w:id='2'>{p('A note.')}</w:footnote></w:footnotes>"
        comments = (
            f"<w:comments><w:comment w:id='0'>{p('Really?')}</w:comment>"
            f"<w:comment w:id='1'>{p('Yes, really.')}</w:comment></w:comments>"
        )
        found = read(body, {"footnotes.xml": notes, "comments.xml": comments})

        assert found == ["One.", "A note.", "Two.", "Really?", "Yes, really.", "Three."]

    def test_a_note_in_a_table_stands_in_its_cell_behind_the_text(self) -> None:
        body = (
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Sum</w:t>"
            '<w:endnoteReference w:id="2"/></w:r></w:p></w:tc>'
            f"<w:tc>{p('12')}</w:tc></w:tr></w:tbl>"
        )
        notes = f"<w:endnotes><w:endnote w:id='2'>{p('In euros.')}</w:endnote></w:endnotes>"

        assert read(body, {"endnotes.xml": notes}) == ["Sum In euros. | 12"]

    def test_a_note_that_refers_to_itself_ends(self) -> None:
        reference = '<w:p><w:r><w:t>Loop.</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
        notes = f"<w:footnotes><w:footnote w:id='2'>{reference}</w:footnote></w:footnotes>"

        assert read(reference, {"footnotes.xml": notes}) == ["Loop.", "Loop."]

    def test_notes_that_refer_to_one_another_are_read_once_each(self) -> None:
        def saying(at: int) -> str:
            return (
                f'<w:p><w:r><w:t>note{at}</w:t><w:footnoteReference w:id="{at + 1}"/></w:r></w:p>'
            )

        each = (f"<w:footnote w:id='{at}'>{saying(at)}</w:footnote>" for at in range(1, 1000))
        notes = f"<w:footnotes>{''.join(each)}</w:footnotes>"

        found = read(saying(0), {"footnotes.xml": notes})

        assert found == [f"note{at}" for at in range(1000)]

    def test_a_header_stands_under_no_heading_of_the_body(self) -> None:
        title = p("Plan", '<w:pStyle w:val="T"/>')
        styles = "<w:styles><w:style w:styleId='T'><w:name w:val='Title'/></w:style></w:styles>"
        header = f"<w:hdr>{p('Confidential')}</w:hdr>"
        data = written(title + p("Text."), {"styles.xml": styles, "header1.xml": header})

        extracted = DocxReader().read(data, "a.docx")

        assert headings_of(extracted, "Text.") == ("Plan",)
        assert headings_of(extracted, "Confidential") == ()


class TestParagraphs:
    def test_hidden_text_is_left_out_and_told(self) -> None:
        styles = (
            "<w:styles><w:style w:styleId='S'><w:name w:val='Secret'/><w:rPr><w:vanish/></w:rPr>"
            "</w:style></w:styles>"
        )
        body = (
            "<w:p><w:r><w:t>Seen </w:t></w:r>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>not that</w:t></w:r>"
            '<w:r><w:rPr><w:rStyle w:val="S"/></w:rPr><w:t>nor this</w:t></w:r>'
            '<w:r><w:rPr><w:rStyle w:val="S"/><w:vanish w:val="0"/></w:rPr>'
            "<w:t>again</w:t></w:r></w:p>"
        )
        extracted = DocxReader().read(written(body, {"styles.xml": styles}), "a.docx")

        assert pieces(extracted) == ["Seen again"]
        assert extracted.losses == ("4 words formatted as hidden",)

    def test_paragraphs_whose_border_was_deleted_are_one(self) -> None:
        body = p("First half", "<w:rPr><w:del/></w:rPr>") + p("and second.") + p("Next.")

        assert read(body) == ["First half and second.", "Next."]

    @pytest.mark.parametrize(
        ("choice", "fallback", "expected"),
        [("new", "old", ["new"]), ("", "only here", ["only here"])],
    )
    def test_of_two_forms_of_one_box_one_is_read(
        self, choice: str, fallback: str, expected: list[str]
    ) -> None:
        boxes = (f"<w:txbxContent>{p(text)}</w:txbxContent>" for text in (choice, fallback))
        body = (
            "<w:p><w:r><mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>"
        )
        assert read(body.format(*boxes)) == expected

    def test_a_symbol_that_is_no_number_costs_itself_alone(self) -> None:
        body = (
            '<w:p><w:r><w:t>Press</w:t></w:r><w:r><w:sym w:font="Symbol" w:char="what"/></w:r>'
            "<w:r><w:t>to start</w:t></w:r></w:p>"
        )
        assert read(body) == ["Press to start"]

    def test_a_label_of_a_hostile_list_stays_short(self) -> None:
        numbering = (
            f"<w:numbering><w:abstractNum w:abstractNumId='0'>{level(0, 'decimal', '%1' * 5000)}"
            "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
        )
        assert read(p("x", numbered(0)), {"numbering.xml": numbering}) == ["1" * 50 + " x"]

    def test_readings_stand_behind_their_word(self) -> None:
        body = (
            "<w:p><w:r><w:ruby><w:rt><w:r><w:t>かんじ</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>漢字</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
        )
        assert read(body) == ["漢字(かんじ)"]

    @pytest.mark.parametrize(
        ("font", "code", "shown"),
        [
            ("Symbol", "F061", "α"),
            ("Symbol", "B3", "≥"),
            ("Wingdings", "F0FE", "☑"),
            ("Wingdings", "F099", " "),
            ("Times", "20AC", "€"),
            ("Times", "F041", " "),
            ("Symbol", "not a number", " "),
            (None, None, " "),
        ],
    )
    def test_symbols(self, font: str | None, code: str | None, shown: str) -> None:
        assert symbol(font, code) == shown


class TestPartsWithin:
    def test_a_page_that_is_a_part_is_read_in_place(self) -> None:
        body = p("Before.") + '<w:altChunk r:id="chunk.html"/>' + p("After.")
        page = b"<html><body><h2>Offer</h2><p>Ten pumps.</p></body></html>"

        extracted = DocxReader().read(written(body, {"chunk.html": page}), "a.docx")

        assert pieces(extracted) == ["Before.", "Offer", "Ten pumps.", "After."]
        assert headings_of(extracted, "Ten pumps.") == ("Offer",)

    def test_a_document_within_is_read_and_one_that_cannot_be_is_told(self) -> None:
        inner = written(p("Inner."))
        body = p("Outer.") + '<w:altChunk r:id="chunk.docx"/><w:altChunk r:id="chunk.rtf"/>'
        data = written(body, {"chunk.docx": inner, "chunk.rtf": rb"{\rtf1 text}"})

        extracted = DocxReader().read(data, "a.docx")

        assert pieces(extracted) == ["Outer.", "Inner."]
        assert extracted.losses == ("word/chunk.rtf: RTF document: not a format docsearch reads",)

    def test_a_document_within_that_is_named_twice_is_read_once(self) -> None:
        body = '<w:altChunk r:id="chunk.docx"/>' * 2

        assert read(body, {"chunk.docx": written(p("Inner."))}) == ["Inner."]

    def test_an_embedded_file_is_named(self) -> None:
        body = (
            "<w:p><w:r><w:t>See</w:t><w:object><o:OLEObject "
            'r:id="embeddings/prices.xlsx"/></w:object></w:r></w:p>'
        )
        data = written(body, {"embeddings/prices.xlsx": b"PK"})

        extracted = DocxReader().read(data, "a.docx")

        assert extracted.losses == ("embedded file prices.xlsx",)
