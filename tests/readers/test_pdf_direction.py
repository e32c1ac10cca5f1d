"""Letters that run to the left, drawn in any order, are read as a person reads them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.readers.page_layout import PageLine, paragraphs
from docsearch.readers.pdf_direction import Drawn, reading_order, runs_leftwards
from tests.readers.extraction import pieces
from tests.readers.test_pdf import read
from tests.readers.test_pdf_objects import document, stream


def shown(text: str, *, made_up: bool = False) -> list[Drawn]:
    """The text drawn as it stands here, from the left, each letter 5 wide; a mark is put upon
    the letter before it. A space is a gap, or one that somebody made up from the gap."""
    drawn: list[Drawn] = []
    at = 0.0
    for each in text:
        if unicodedata.category(each) == "Mn":
            drawn.append(Drawn(each, at - 4, at - 4, at - 1, 10))
            continue
        if each != " ":
            drawn.append(Drawn(each, at, at, at + 5, 10))
        elif made_up:
            drawn.append(Drawn(each, at + 2, at + 2, at + 2, 0))
        at += 2 if each == " " else 5
    return drawn


class TestOneLine:
    @pytest.mark.parametrize(
        ("seen", "read"),
        [
            ("ם ל ש", "ש ל ם"),
            ("םלועל םולש", "שלום לעולם"),
            ("רופיס 2024 תנשב", "בשנת 2024 סיפור"),
            ("12.5% הנח", "חנה 12.5%"),
            ("15:30-16:45 העשב", "בשעה 15:30-16:45"),
            ("7 - 3 םידומע", "עמודים 3 - 7"),
            ("תשרב Wi-Fi 6E ןקתה", "התקן Wi-Fi 6E ברשת"),
            ("םיקרפ )ןושאר קרפ( תריחב", "בחירת (פרק ראשון) פרקים"),
            ("תארוק f(x) היצקנופה", "הפונקציה f(x) קוראת"),
            ("٣ . . . . (Week plan) عوبسألا ةطخ ٢.٤", "٢.٤ خطة الأسبوع (Week plan) . . . . ٣"),
        ],
    )
    def test_words_and_numbers_in_a_line_from_the_right(self, seen: str, read: str) -> None:
        assert reading_order(shown(seen), leftwards=True) == read
        assert reading_order(shown(seen, made_up=True), leftwards=True) == read
        assert reading_order(shown(seen)[::-1], leftwards=True) == read

    @pytest.mark.parametrize(
        ("seen", "read"),
        [
            ("The word םולש means peace", "The word שלום means peace"),
            ("Say םכל םולש, twice", "Say שלום לכם, twice"),
            ("In ךרכ 3 קרפ, see below", "In פרק 3 כרך, see below"),
        ],
    )
    def test_words_from_the_right_in_a_line_from_the_left(self, seen: str, read: str) -> None:
        assert reading_order(shown(seen), leftwards=False) == read

    def test_vowel_points_drawn_last_stand_upon_their_letters(self) -> None:
        drawn = shown("ם\u05b9ל\u05b8ש")
        marks_last = sorted(drawn, key=lambda each: unicodedata.category(each.text) == "Mn")

        assert reading_order(marks_last, leftwards=True) == "ש" + "ל\u05b8" + "ם\u05b9"

    def test_letters_that_one_glyph_draws_keep_their_order(self) -> None:
        lam_alef = [Drawn(each, 5, 5, 10, 10) for each in "لا"]

        assert reading_order([Drawn("ك", 10, 10, 15, 10), *lam_alef], leftwards=True) == "كلا"

    def test_a_space_without_a_width_is_a_non_joiner(self) -> None:
        drawn = [
            *(Drawn(each, 20 + at, 20 + at, 25 + at, 10) for each, at in (("م", 5), ("ی", 0))),
            Drawn(" ", 20.2, 20.2, 22.4, 10),
            *(Drawn(each, at, at, at + 5, 10) for each, at in (("ر", 15), ("و", 10), ("د", 5))),
        ]

        assert reading_order(drawn, leftwards=True) == "می\u200cرود"

    def test_a_stretched_word_is_one(self) -> None:
        assert reading_order(shown("ديـ ـع"), leftwards=True) == "عــيد"

    @given(st.lists(st.tuples(st.sampled_from("שב7a( \u05b8ـ"), st.integers(0, 90)), max_size=9))
    def test_letters_are_neither_lost_nor_made(self, placed: Sequence[tuple[str, int]]) -> None:
        drawn = [Drawn(each, at, at, at + 5, 10) for each, at in placed]
        for leftwards in (False, True):
            text = reading_order(drawn, leftwards=leftwards)

            for each in "שב7aـ":
                assert text.count(each) == sum(text == each for text, _ in placed)

    def test_a_line_begins_at_the_right_by_its_letters_or_else_its_page(self) -> None:
        assert runs_leftwards("קרפ 2", leftwards_around=False)
        assert not runs_leftwards("the word פרק", leftwards_around=False)
        assert runs_leftwards("Wi-Fi התקן", leftwards_around=True)
        assert not runs_leftwards("the word פרק once", leftwards_around=True)


class TestPages:
    @staticmethod
    def hebrew(*content: str) -> bytes:
        """A page in a font of wide letters, whose codes A to Z are Hebrew letters."""
        pairs = "".join(f"<{code:02x}> <{0x05D0 + code - 65:04x}>\n" for code in range(65, 91))
        letters = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"26 beginbfchar\n{pairs}endbfchar endcmap end end"
        )
        font = (
            "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>"
        )
        return document(f"BT /F 10 Tf {' '.join(content)} ET", stream(letters), font=font)

    def test_letters_drawn_one_by_one_from_the_right_are_words(self) -> None:
        placed = [*zip("ABCD", (490, 484, 478, 472), strict=True)]
        placed += [*zip("EFG", (460, 454, 448), strict=True)]
        from_right = self.hebrew(*(f"1 0 0 1 {x} 700 Tm ({c}) Tj" for c, x in placed))
        from_left = self.hebrew("1 0 0 1 448 700 Tm (GFE DCBA) Tj")

        assert pieces(read(from_right)) == ["אבגד הוז"]
        assert pieces(read(from_left)) == ["אבגד הוז"]

    def test_the_short_last_line_is_in_its_paragraph(self) -> None:
        extracted = read(
            self.hebrew(
                "1 0 0 1 100 700 Tm (DCBA GFE DCBA GFE) Tj",
                "1 0 0 1 100 688 Tm (DCBA GFE DCBA GFE) Tj",
                "1 0 0 1 178 676 Tm (GFE) Tj",
            )
        )

        assert pieces(extracted) == ["הוז אבגד הוז אבגד הוז אבגד הוז אבגד הוז"]

    def test_an_indented_line_begins_a_paragraph(self) -> None:
        def line(text: str, top: float, right: float = 500) -> PageLine:
            return PageLine(text, 100, right, top - 10, top, leftwards=True)

        page = [line("א", 700), line("ב", 688), line("ג", 676, right=480), line("ד", 664)]

        assert [[each.text for each in p] for p in paragraphs(page)] == [["א", "ב"], ["ג", "ד"]]
