"""PDF: what stands on a page and around it is found, at its page."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import (  # type: ignore[import-untyped]
    StandardEncryption,
)
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from docsearch.domain.document import ExtractedText
from docsearch.domain.errors import ReaderError
from docsearch.readers.divided_words import DividedWords
from docsearch.readers.page_layout import PageLine, paragraphs, placed
from docsearch.readers.pdf import PdfReader
from docsearch.readers.running_lines import without_running_lines
from tests.readers.extraction import assert_whole, pieces


def drawn(*pages: Callable[[Canvas], object], encrypt: object = None) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=True, pageCompression=0, encrypt=encrypt)
    for draw in pages:
        canvas.setFont("Helvetica", 11)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def lines(*texts: str, top: int = 760) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(texts):
            canvas.drawString(72, top - 16 * number, text)

    return draw


def read(data: bytes) -> ExtractedText:
    extracted = PdfReader().read(data, "a.pdf")
    assert_whole(extracted)
    return extracted


def page_of(extracted: ExtractedText, words: str) -> int | None:
    at = extracted.text.index(words)
    return next(each.location.page for each in extracted.segments if each.start <= at < each.end)


class TestLinesOfManyPages:
    def test_numbers_of_their_own_are_no_running_heads(self) -> None:
        pages = [
            lines(f"Receipt 77-{n:03}", "Paid in full.", f"Sum: {n * 31}.50") for n in range(1, 6)
        ]

        extracted = read(drawn(*pages))

        assert page_of(extracted, "Receipt 77-004") == 4
        assert page_of(extracted, "Sum: 93.50") == 3

    def test_pages_of_one_line_each_stay(self) -> None:
        extracted = read(drawn(*(lines(f"Cabin {n}") for n in range(1, 5))))

        assert pieces(extracted) == ["Cabin 1", "Cabin 2", "Cabin 3", "Cabin 4"]

    def test_the_same_page_again_and_again_is_read_again_and_again(self) -> None:
        assert pieces(read(drawn(*([lines("Void")] * 4)))) == ["Void"] * 4

    @pytest.mark.parametrize(
        "number", ["{}", "- {} -", "Page {} of 9", "Seite {}", "{}/9", "House rules, page {}"]
    )
    def test_page_numbers_are_kept_once(self, number: str) -> None:
        pages = [[f"Text {n} of its own.", number.format(n)] for n in range(1, 10)]

        left = without_running_lines(laid_out(pages))

        assert [line.text for line in left[0]] == pages[0]
        assert [[line.text for line in left[n]] for n in range(1, 9)] == [
            [pages[n][0]] for n in range(1, 9)
        ]

    def test_head_and_number_on_one_line_are_told_apart(self) -> None:
        def page(number: int) -> Callable[[Canvas], None]:
            def draw(canvas: Canvas) -> None:
                canvas.drawString(72, 800, "Harbour manual")
                canvas.drawRightString(520, 800, str(number))
                lines(f"Mooring {'again ' * number}is allowed.")(canvas)

            return draw

        extracted = read(drawn(*(page(number) for number in range(11, 15))))

        assert extracted.text.count("Harbour manual") == 1
        assert "14" not in extracted.text

    @given(st.lists(st.lists(st.sampled_from(["a", "1", "2", "Page 1", "ii"]), max_size=4)))
    def test_no_text_is_lost_altogether(self, pages: list[list[str]]) -> None:
        left = without_running_lines(laid_out(pages))

        assert all(left[n] for n, page in enumerate(pages) if page)
        for text in {text for page in pages for text in page if not text[-1].isdigit()} - {"ii"}:
            assert any(line.text == text for page in left.values() for line in page)


def laid_out(pages: Sequence[Sequence[str]]) -> dict[int, list[PageLine]]:
    return {
        index: [
            PageLine(text, 50, 50 + 5 * len(text), 700 - 14 * n, 710 - 14 * n)
            for n, text in enumerate(page)
        ]
        for index, page in enumerate(pages)
    }


class TestDividedWords:
    @pytest.mark.parametrize(
        ("document", "joined"),
        [
            (["The tempera-", "ture rose."], "The temperature rose."),
            (["a soft\u00ad", "ware part"], "a software part"),
            (["It is well-", "known here."], "It is well-known here."),
            (["a state-of-the-", "art mill"], "a state-of-the-art mill"),
            (["by e-", "mail"], "by e-mail"),
            (["the IEEE-", "754 format"], "the IEEE-754 format"),
            (["Jean-", "Pierre came"], "Jean-Pierre came"),
            (["pre-", "and post-war"], "pre- and post-war"),
            (["A THEO-", "REM"], "A THEOREM"),
            (["a pause -", "and on"], "a pause - and on"),
            (["a long-", "term plan, a long-term view"], "a long-term plan, a long-term view"),
            (["a fire-", "wall; the firewall"], "a firewall; the firewall"),
            (["oak tree, one ring, a tree-", "ring"], "oak tree, one ring, a tree-ring"),
            (["ing of the", "lower", "slope, lower-", "ing"], "ing of the lower slope, lowering"),
            (["潮汐の高", "さを、", "測る"], "潮汐の高さを、測る"),
            (["\uff34\uff49\uff44\uff45", "\uff21"], "\uff34\uff49\uff44\uff45 \uff21"),
            (["조수", "높이"], "조수 높이"),
        ],
    )
    def test_a_hyphen_stays_where_it_is_of_the_word(self, document: list[str], joined: str) -> None:
        assert DividedWords(document).join(document) == joined

    def test_a_word_divided_by_the_end_of_a_page_is_whole(self) -> None:
        extracted = read(
            drawn(lines("The keeper fed the penguins and the her-"), lines("rings were gone."))
        )

        assert pieces(extracted) == ["The keeper fed the penguins and the herrings", "were gone."]

    @given(st.lists(st.text("ab- \u00ad", max_size=6), max_size=6))
    def test_letters_are_neither_lost_nor_made(self, document: list[str]) -> None:
        joined = DividedWords(document).join(document)

        def letters(text: str) -> str:
            return "".join(filter(str.isalpha, text))

        assert letters(joined) == letters("".join(document))


class TestMarksOfNotes:
    @staticmethod
    def read_in_sizes(*parts: tuple[str, int, int]) -> str:
        """The text of a line of parts, each with its size and how far it is raised."""

        def draw(canvas: Canvas) -> None:
            text = canvas.beginText(72, 700)
            for part, size, rise in parts:
                text.setFont("Helvetica", size)
                text.setRise(rise)
                text.textOut(part)
            canvas.drawText(text)

        return " ".join(pieces(read(drawn(draw))))

    def test_a_raised_number_is_no_part_of_the_word_beside_it(self) -> None:
        behind = self.read_in_sizes(("Members pay the ferry", 11, 0), ("2", 6, 5))
        before = self.read_in_sizes(("2", 6, 5), ("However, pupils do not.", 11, 0))

        assert behind == "Members pay the ferry 2"
        assert before == "2 However, pupils do not."

    @pytest.mark.parametrize(("size", "rise"), [(6, -3), (11, 0), (11, 2)])
    def test_other_numbers_stay_with_their_word(self, size: int, rise: int) -> None:
        assert self.read_in_sizes(("They take log", 11, 0), ("2", size, rise)) == "They take log2"


class TestForms:
    def test_a_value_is_read_with_its_name(self) -> None:
        def draw(canvas: Canvas) -> None:
            lines("Name of the ship:", "Home port:")(canvas)
            canvas.acroForm.textfield(name="s", value="Albatross", x=220, y=754, height=18)
            canvas.acroForm.textfield(name="p", value="Tallinn", x=220, y=738, height=18)

        extracted = read(drawn(draw))

        assert "Name of the ship: Albatross" in extracted.text
        assert "Home port: Tallinn" in extracted.text
        assert extracted.text.count("Albatross") == 1

    def test_choices_and_boxes_are_read(self) -> None:
        def draw(canvas: Canvas) -> None:
            lines("Order")(canvas)
            canvas.acroForm.choice(
                name="c", value="Mangos", options=["Apples", "Mangos"], x=220, y=700
            )
            canvas.acroForm.checkbox(name="b", tooltip="Gift wrap", checked=True, x=220, y=600)

        extracted = read(drawn(draw))

        assert "Mangos" in extracted.text
        assert "Gift wrap" in extracted.text

    def test_notes_and_texts_put_on_a_page_are_read_and_hidden_ones_are_not(self) -> None:
        document = pdfium.PdfDocument(drawn(lines("Body."), lines("Other.")))
        notes = (
            annotate(document[0], pdfium_c.FPDF_ANNOT_FREETEXT, "Typed on top"),
            annotate(document[1], pdfium_c.FPDF_ANNOT_TEXT, "Check the tide table", T="Ines"),
            annotate(document[1], pdfium_c.FPDF_ANNOT_HIGHLIGHT, "Never shown"),
        )
        pdfium_c.FPDFAnnot_SetFlags(notes[-1], pdfium_c.FPDF_ANNOT_FLAG_HIDDEN)
        for note in notes:
            pdfium_c.FPDFPage_CloseAnnot(note)

        extracted = read(saved(document))

        assert page_of(extracted, "Typed on top") == 1
        assert page_of(extracted, "Ines: Check the tide table") == 2
        assert "Never shown" not in extracted.text

    def test_a_password_typed_into_a_form_is_not_read(self) -> None:
        def draw(canvas: Canvas) -> None:
            lines("Sign in:")(canvas)
            canvas.acroForm.textfield(
                name="p", value="albatross9", fieldFlags="password", x=220, y=754, height=18
            )

        assert pieces(read(drawn(draw))) == ["Sign in:"]

    def test_rich_texts_attached_files_and_what_stamps_draw_are_read(self) -> None:
        document = pdfium.PdfDocument(drawn(lines("Body.")))
        page = document[0]
        rich = annotate(
            page, pdfium_c.FPDF_ANNOT_TEXT, "", RC="<body><p>Mind <b>the</b> ebb</p></body>"
        )
        pdfium_c.FPDFPage_CloseAnnot(rich)
        clip = annotate(page, pdfium_c.FPDF_ANNOT_FILEATTACHMENT, "")
        name = (pdfium_c.FPDF_WCHAR * 10)(*map(ord, "chart.kml"), 0)
        assert pdfium_c.FPDFAnnot_AddFileAttachment(clip, name)
        pdfium_c.FPDFPage_CloseAnnot(clip)
        stamp = annotate(page, pdfium_c.FPDF_ANNOT_STAMP, "")
        text = pdfium_c.FPDFPageObj_NewTextObj(document, b"Helvetica", 12.0)
        pdfium_c.FPDFText_SetText(text, (pdfium_c.FPDF_WCHAR * 9)(*map(ord, "APPROVED"), 0))
        pdfium_c.FPDFPageObj_Transform(text, 1, 0, 0, 1, 110, 305)
        assert pdfium_c.FPDFAnnot_AppendObject(stamp, text)
        pdfium_c.FPDFPage_CloseAnnot(stamp)

        assert pieces(read(saved(document))) == [
            "Body.",
            "APPROVED",
            "Mind the ebb",
            "- Attachment: chart.kml",
        ]

    def test_what_is_there_twice_is_read_once(self) -> None:
        document = pdfium.PdfDocument(drawn(lines("Closed on Monday."), lines("Other.")))
        for page, kind, text in (
            (0, pdfium_c.FPDF_ANNOT_HIGHLIGHT, "Closed on Monday."),
            (1, pdfium_c.FPDF_ANNOT_POPUP, "The text of its parent"),
        ):
            pdfium_c.FPDFPage_CloseAnnot(annotate(document[page], kind, text))

        assert pieces(read(saved(document))) == ["Closed on Monday.", "Other."]

    def test_a_place_is_behind_what_is_left_of_it_or_above(self) -> None:
        label, end = PageLine("Name:", 50, 90, 700, 712), PageLine("End.", 50, 90, 500, 512)
        value, below = PageLine("Ada", 200, 240, 696, 716), PageLine("Memo", 60, 240, 600, 660)

        order = [line.text for line in placed([label, end], [below, value])]

        assert order == ["Name:", "Ada", "Memo", "End."]
        over = PageLine("Crew", 200, 240, 720, 732)
        order = [line.text for line in placed([over, label, end], [value])]
        assert order == ["Crew", "Name:", "Ada", "End."]
        assert [line.text for line in placed([], [below, value])] == ["Ada", "Memo"]


def annotate(page: pdfium.PdfPage, kind: int, contents: str, **others: str) -> object:
    """A new annotation, to be closed. `others` are its texts by their names in PDF."""
    annotation = pdfium_c.FPDFPage_CreateAnnot(page, kind)
    pdfium_c.FPDFAnnot_SetRect(annotation, pdfium_c.FS_RECTF(100, 320, 300, 300))
    for key, value in {"Contents": contents, **others}.items():
        wide = (value + "\0").encode("utf-16-le")
        units = (pdfium_c.FPDF_WCHAR * (len(wide) // 2)).from_buffer_copy(wide)
        pdfium_c.FPDFAnnot_SetStringValue(annotation, key.encode(), units)
    return annotation


def saved(document: pdfium.PdfDocument) -> bytes:
    target = io.BytesIO()
    document.save(target)
    document.close()
    return target.getvalue()


class TestParagraphs:
    def test_cells_of_a_row_stay_together_and_a_next_column_does_not(self) -> None:
        row = [PageLine("Oak", 50, 90, 676, 688), PageLine("bent", 50, 90, 660, 672)]
        cell, column = PageLine("12 m", 200, 240, 676, 688), PageLine("Next", 200, 240, 800, 812)

        assert texts_of([*row, cell]) == [["Oak", "bent", "12 m"]]
        assert texts_of([*row, column]) == [["Oak", "bent"], ["Next"]]

    def test_lines_of_another_direction_are_others(self) -> None:
        upright = PageLine("Plan of the harbour", 50, 200, 676, 688)
        on_its_side = PageLine("Scale 1 to 500", 50, 200, 660, 672, quarters=1)

        assert texts_of([upright, on_its_side]) == [[upright.text], [on_its_side.text]]

    def test_the_rest_of_a_word_is_in_its_paragraph(self) -> None:
        above = PageLine("The pilot boarded the fer-", 50, 300, 676, 688)
        below = PageLine("ry at noon.", 50, 110, 600, 612)

        assert texts_of([above, below]) == [[above.text, below.text]]


def texts_of(given: Sequence[PageLine]) -> list[list[str]]:
    return [[line.text for line in paragraph] for paragraph in paragraphs(given)]


class TestPages:
    @pytest.mark.parametrize("quarters", [1, 2, 3])
    def test_text_that_stands_on_its_side_makes_the_same_paragraphs(self, quarters: int) -> None:
        texts = ("The first line of a paragraph, and", "its second line.")

        def draw(canvas: Canvas) -> None:
            canvas.translate(300, 400)
            canvas.rotate(90 * quarters)
            lines(*texts, top=0)(canvas)

        assert pieces(read(drawn(draw))) == [" ".join(texts)]

    def test_a_page_that_cannot_be_read_costs_that_page(self) -> None:
        data = drawn(lines("First."), lines("Second."), lines("Third."))
        kids = data.index(b"/Kids [") + len(b"/Kids [")
        second = data[kids : data.index(b"]", kids)].split(b"R")[1].split()[0]
        broken = data.replace(b"\n%s 0 obj\n<<" % second, b"\n%s 0 obj\n[[" % second)

        extracted = read(broken)

        assert [page_of(extracted, word) for word in ("First.", "Third.")] == [1, 3]
        assert extracted.losses == ("page 2 cannot be read",)

    def test_a_file_without_its_header_is_read(self) -> None:
        data = drawn(lines("The lock opens at noon."))

        assert pieces(read(data[data.index(b"\n", 20) + 1 :])) == ["The lock opens at noon."]

    def test_chinese_letters_set_wide_apart_are_one_word(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drawn_for = dict(zip(map(ord, "ABCDE"), map(ord, "潮汐的高度"), strict=True))
        code_at = pdfium_c.FPDFText_GetUnicode
        monkeypatch.setattr(pdfium_c, "FPDFText_GetText", lambda *_: 1)
        monkeypatch.setattr(
            pdfium_c,
            "FPDFText_GetUnicode",
            lambda page, place: drawn_for.get(code_at(page, place), code_at(page, place)),
        )

        assert pieces(read(drawn(lines("A B C D E")))) == ["潮汐的高度"]
        assert pieces(read(drawn(lines("f g h i j")))) == ["f g h i j"]

    def test_a_picture_among_pages_of_text_is_told(self) -> None:
        def picture(canvas: Canvas) -> None:
            for number in range(60):
                canvas.line(50, 50 + number, 300, 80 + 3 * number)

        extracted = read(drawn(lines("Text."), picture, picture, lambda canvas: None))

        assert extracted.losses == ("pages 2 to 3: pictures and no text (OCR may find some)",)

    def test_no_password_is_needed_where_the_user_has_an_empty_one(self) -> None:
        locked = drawn(lines("Open to all."), encrypt=StandardEncryption("", "owner"))

        assert pieces(read(locked)) == ["Open to all."]

    def test_author_subject_and_attached_files_are_told(self) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setAuthor("Odile Vautrin")
            canvas.setSubject("Tides of the bay")
            lines("Text.")(canvas)

        document = pdfium.PdfDocument(drawn(draw))
        document.new_attachment("soundings.xlsx").set_data(b"x")
        target = io.BytesIO()
        document.save(target)
        document.close()

        assert pieces(read(target.getvalue())) == [
            "Text.",
            "Author: Odile Vautrin",
            "Subject: Tides of the bay",
            "- Attachment: soundings.xlsx",
        ]

    def test_an_author_named_on_the_first_page_is_not_told_again(self) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setAuthor("Odile Vautrin")
            lines("Tides, by Odile  Vautrin")(canvas)

        assert len(pieces(read(drawn(draw)))) == 1

    def test_of_several_packets_the_one_of_the_document_counts(self) -> None:
        def packet(title: str, other: str = "", producer: str = "") -> bytes:
            return (
                "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:pdf='http://ns.adobe.com/pdf/"
                "1.3/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                f"xmlns:dc='http://purl.org/dc/elements/1.1/'><rdf:Description {producer}>"
                f"<dc:title><rdf:Alt><rdf:li>{title}</rdf:li>{other}</rdf:Alt></dc:title>"
                "</rdf:Description></rdf:RDF></x:xmpmeta>"
            ).encode()

        own = packet("Ice roads", "<rdf:li>Routes de glace</rdf:li>", "pdf:Producer='Ink'")

        assert read(drawn(lines("Text.")) + own + packet("A photograph")).title == "Ice roads"

    def test_properties_are_taken_from_xmp_where_there_are_no_others(self) -> None:
        packet = (
            b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
            b"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
            b"xmlns:dc='http://purl.org/dc/elements/1.1/'><rdf:Description><dc:title><rdf:Alt>"
            b"<rdf:li>Ice roads</rdf:li></rdf:Alt></dc:title><dc:subject><rdf:Bag><rdf:li>ice"
            b"</rdf:li><rdf:li>winter roads</rdf:li></rdf:Bag></dc:subject></rdf:Description>"
            b"</rdf:RDF></x:xmpmeta>"
        )

        extracted = read(drawn(lines("Text.")) + packet)

        assert extracted.title == "Ice roads"
        assert extracted.tags == ("ice", "winter roads")

    def test_a_page_of_letters_without_a_meaning_is_named_for_what_it_is(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pdfium_c, "FPDFText_GetText", lambda *_: 1)
        monkeypatch.setattr(pdfium_c, "FPDFText_GetUnicode", lambda page, place: 5)

        with pytest.raises(ReaderError, match="its fonts do not say which letters they draw"):
            read(drawn(lines("Words")))

    def test_letters_asked_for_one_by_one_make_the_same_text(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        data = drawn(lines("The ferry car-", "ries ünder bridges;", "", "a well-known", "one."))
        at_once = read(data)
        monkeypatch.setattr(pdfium_c, "FPDFText_GetText", lambda *_: 1)

        assert read(data) == at_once
        assert at_once.text.startswith("The ferry carries ünder bridges;")
