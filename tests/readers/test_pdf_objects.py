"""PDFs written object by object: forms, fonts and files such as no library writes them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from docsearch.readers.page_layout import PageLine, paragraphs
from docsearch.readers.pdf_ligatures import spellings
from docsearch.readers.registry import default_readers
from docsearch.readers.running_lines import without_running_lines
from tests.readers.extraction import pieces
from tests.readers.test_pdf import drawn, read

_FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
_BODY = "BT /F 12 Tf 72 700 Td (Body.) Tj ET"
_SURNAME = (
    '<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form>'
    "<Surname>Quibble</Surname><Empty/></form></xfa:data></xfa:datasets>"
)
_TEMPLATE = (
    '<template xmlns="http://www.xfa.org/schema/xfa-template/3.0/"><subform>'
    "<draw><value><text>Leave of absence</text></value></draw>"
    '<draw presence="hidden"><value><text>Never shown</text></value></draw>'
    "<field><caption><value><text>Family name</text></value></caption></field>"
    "</subform></template>"
)


def stream(text: str) -> str:
    return f"<</Length {len(text)}>>stream\n{text}\nendstream"


def document(
    content: str = _BODY,
    *others: str,
    font: str = _FONT,
    annotations: str = "",
    catalogue: str = "",
    whole: bool = True,
) -> bytes:
    """One page; `others` are objects from 6 on. Without its end if it is not `whole`."""
    objects = (
        f"<</Type/Catalog/Pages 2 0 R {catalogue}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        f"/Resources<</Font<</F 5 0 R>>>>/Annots[{annotations}]>>",
        stream(content),
        font,
        *others,
    )
    body = "".join(f"{number} 0 obj\n{each}\nendobj\n" for number, each in enumerate(objects, 1))
    end = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    return f"%PDF-1.7\n{body}{end if whole else ''}".encode("latin-1")


def widget(fields: str) -> str:
    return f"<</Type/Annot/Subtype/Widget/Rect[100 500 300 520]{fields}>>"


class TestForms:
    def test_a_rich_value_is_read_where_there_is_no_plain_one(self) -> None:
        rich = widget("/FT/Tx/T(a)/RV(<body><p>High <b>water</b></p></body>)")

        extracted = read(
            document(_BODY, rich, annotations="6 0 R", catalogue="/AcroForm<</Fields[6 0 R]>>")
        )

        assert pieces(extracted) == ["Body.", "High water"]

    def test_a_checked_box_without_a_label_is_marked_behind_its_words(self) -> None:
        def draw(canvas: Canvas) -> None:
            for top, words, checked in ((700, "Dog", True), (600, "Cat", False)):
                canvas.drawString(72, top, words)
                canvas.acroForm.checkbox(name=words, checked=checked, x=220, y=top - 5, size=16)

        assert pieces(read(drawn(draw))) == ["Dog [x]", "Cat"]

    def test_who_signed_and_why_is_read(self) -> None:
        signature = widget(
            "/FT/Sig/T(S)/V<</Type/Sig/Name(Carla \\(C.\\) P\\351rez)"
            "/Reason(\xfe\xff\0I\0 \0a\0g\0r\0e\0e)/Contents<00ff>>>"
        )

        extracted = read(
            document(_BODY, signature, annotations="6 0 R", catalogue="/AcroForm<</Fields[6 0 R]>>")
        )

        assert pieces(extracted) == ["Body.", "Signed: Carla (C.) Pérez, I agree"]

    @pytest.mark.parametrize(
        ("xfa", "packets"),
        [
            ("6 0 R", [f"<xdp>{_TEMPLATE}{_SURNAME}</xdp>"]),
            (
                "[(preamble)6 0 R(template)7 0 R(datasets)8 0 R(postamble)9 0 R]",
                ["<xdp>", _TEMPLATE, _SURNAME, "</xdp>"],
            ),
        ],
    )
    def test_texts_and_values_of_xfa_are_read(self, xfa: str, packets: Sequence[str]) -> None:
        form = document(_BODY, *map(stream, packets), catalogue=f"/AcroForm<</XFA {xfa}/Fields[]>>")

        assert pieces(read(form)) == [
            "Body.",
            "Leave of absence",
            "Family name",
            "Surname: Quibble",
        ]


class TestFonts:
    def test_letters_told_as_utf_8_are_those_letters(self) -> None:
        told = dict(zip("abcdefg", "Пристав", strict=True))
        pairs = "".join(f"<{ord(code):02x}><{told[code].encode().hex()}>" for code in told)
        table = f"1 begincodespacerange<00><ff>endcodespacerange 7 beginbfchar{pairs}endbfchar"
        font = _FONT.replace("/Encoding/WinAnsiEncoding", "/ToUnicode 6 0 R")

        extracted = read(
            document("BT /F 12 Tf 72 700 Td (abcdefg 1:1) Tj ET", stream(table), font=font)
        )

        assert extracted.text == "Пристав 1:1"

    def test_korean_is_left_as_it_is(self) -> None:
        korean = "톁토큰킬로톤터키"
        pairs = "".join(
            f"<{code:02x}><{ord(letter):04x}>" for code, letter in enumerate(korean, ord("a"))
        )
        table = (
            f"1 begincodespacerange<00><ff>endcodespacerange {len(korean)} "
            f"beginbfchar{pairs}endbfchar"
        )
        font = _FONT.replace("/Encoding/WinAnsiEncoding", "/ToUnicode 6 0 R")

        extracted = read(
            document("BT /F 12 Tf 72 700 Td (abcdefgh) Tj ET", stream(table), font=font)
        )

        assert extracted.text == korean


class TestFiles:
    def test_a_file_cut_short_is_read(self) -> None:
        assert pieces(read(document(whole=False))) == ["Body."]

    @pytest.mark.parametrize("start", [b"X-Served-By: cache\n", b"%!\n"])
    def test_bytes_before_the_header_are_passed_over(self, start: bytes) -> None:
        assert default_readers().read(start + document(), "a.txt")[0] == "PDF"

    def test_a_file_without_its_header_is_known(self) -> None:
        data = document().partition(b"\n")[2]

        form, extracted = default_readers().read(data, "a.pdf")

        assert (form, extracted.text) == ("PDF", "Body.")

    def test_text_on_pdfs_is_text(self) -> None:
        notes = b"The first line is\n%PDF-1.7\nand the last one\n%%EOF\nas said.\n"

        assert default_readers().read(notes, "notes.txt")[0] == "plain text"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_lines_of_a_turned_page_are_in_order(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        for number, word in enumerate(("one,", "two,", "three,", "four.")):
            canvas.drawString(72, 700 - 16 * number, f"Verse {word}")

    assert pieces(read(drawn(draw))) == ["Verse one, Verse two, Verse three, Verse four."]


@pytest.mark.parametrize("head", ["Patient {} of 9", "Won {}/9", "{} of 9 berths taken"])
def test_what_counts_other_things_than_pages_stays(head: str) -> None:
    place: Callable[[str, int], PageLine] = lambda text, y: PageLine(text, 50, 500, y, y + 10)  # noqa: E731
    pages = {n: [place(head.format(n + 1), 700), place(f"Text {n}", 600)] for n in range(9)}

    assert without_running_lines(pages) == pages


@pytest.mark.parametrize(
    ("drawn_letters", "text"),
    [
        (r"[(Poincar) -112 (\264) 445 (e saw) ] TJ", "Poincaré saw"),
        (r"[(M) -112 (\250) 445 (obius strip)] TJ", "Möbius strip"),
        (r"[(fa) -83 (c) 416 (\270) 83 (ade)] TJ", "façade"),
        (r"[(na) -52 (\250) 385 (ive)] TJ", "naïve"),
        (r"(a`b x^y ~user) Tj", "a`b x^y ~user"),
        (r"[(the) 0 (\264) 0 (end)] TJ", "the\u00b4end"),
    ],
)
def test_an_accent_drawn_over_its_letter_is_part_of_it(drawn_letters: str, text: str) -> None:
    content = f"BT /F 12 Tf 72 700 Td {drawn_letters} ET"
    assert pieces(read(document(content))) == [text]


class TestWordsSetTightly:
    def test_a_space_drawn_as_the_distance_of_two_letters_is_one(self) -> None:
        content = (
            "BT /F 10 Tf 72 700 Td (Say ho) Tj 3.2 Tc 28.9 0 Td (wt) Tj 0 Tc 13.2 0 Td (he boat) Tj"
            " 31 0 Td (s leave.) Tj ET"
        )

        assert pieces(read(document(content))) == ["Say how the boats leave."]

    @pytest.mark.parametrize("spacing", [0, 0.8, 4])
    def test_a_letterspaced_word_is_one(self, spacing: float) -> None:
        pair = "(IN) Tj" if spacing < 4 else "(INDEX) Tj"
        content = f"BT /F 10 Tf 72 700 Td (See) Tj {spacing} Tc 22 0 Td {pair} ET"

        assert pieces(read(document(content))) == [f"See {pair[1:-4]}"]


class TestAccentsDrawnApart:
    @pytest.mark.parametrize(
        ("drawn", "text"),
        [
            ("(f) Tj 3.6 0.4 Td <a8> Tj -0.4 -0.4 Td (ur alle) Tj", "für alle"),
            ("(f) Tj 3.0 0 Td (ur alle) Tj 0.4 0.4 Td <a8> Tj", "für alle"),
            (
                "(f) Tj 3.0 0 Td (ur alle Universit) Tj 0.4 0.4 Td <a8> Tj 80.2 -0.4 Td (at) Tj",
                None,
            ),
            ("(5) Tj 20 0 Td <a8> Tj 20 0 Td (7) Tj", "5 \u00a8 7"),
        ],
    )
    def test_one_stands_upon_the_letter_that_it_is_drawn_over(
        self, drawn: str, text: str | None
    ) -> None:
        content = f"BT /F 10 Tf 72 700 Td {drawn} ET"

        found = " ".join(pieces(read(document(content))))

        assert found == text if text else "für alle" in found


class TestLinesOfSeveralSizes:
    @pytest.mark.parametrize(
        "end", ["/F 6 Tf 4 Ts (2) Tj 0 Ts /F 10 Tf", "/F 7 Tf (-) Tj /F 10 Tf"]
    )
    def test_a_small_end_does_not_break_a_paragraph(self, end: str) -> None:
        content = (
            f"BT /F 10 Tf 72 700 Td (The pilot keeps to the port side of the her) Tj {end}"
            " 0 -12 Td (ring banks until the light bears north and the) Tj"
            " 0 -12 Td (buoy is abeam.) Tj ET"
        )

        assert len(pieces(read(document(content)))) == 1

    def test_the_rest_of_a_word_follows_in_whichever_height(self) -> None:
        above = PageLine("the old her-", 72, 300, 700, 704)
        below = PageLine("ring banks", 72, 300, 688, 695)
        note = PageLine("ibid., a later note", 72, 300, 600, 606)

        assert list(paragraphs([above, below])) == [[above, below]]
        assert list(paragraphs([above, note])) == [[above], [note]]


class TestLigaturesNamedByTheirLetters:
    NAMES = "<</Type/Encoding/Differences[27/f_i/f_f_i.alt 65/A]>>"
    FONT = "<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+Libre/Encoding 6 0 R>>"
    BODY = "BT /F 12 Tf 72 700 Td (The \\033nal o\\034ce \\033les it.) Tj ET"

    def test_their_letters_are_read(self) -> None:
        extracted = read(document(self.BODY, self.NAMES, font=self.FONT))

        assert pieces(extracted) == ["The final office files it."]

    def test_they_are_found_in_packed_objects(self) -> None:
        packed = zlib.compress(f"16 0 {self.NAMES}".encode())
        head = f"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length {len(packed)}>>stream\n"
        data = document(self.BODY, "PACKED", font=self.FONT.replace("6 0 R", "16 0 R"))

        data = data.replace(b"PACKED", head.encode() + packed + b"\nendstream")

        assert spellings(data) == {("Libre", 27): "fi", ("Libre", 28): "ffi"}

    def test_of_two_fonts_of_one_name_what_differs_is_left_out(self) -> None:
        others = self.NAMES, self.FONT.replace("6 0 R", "8 0 R"), self.NAMES.replace("f_i/", "f_l/")

        assert spellings(document(self.BODY, *others, font=self.FONT)) == {("Libre", 28): "ffi"}
