"""HTML and e-mail: what a person reads, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from docsearch.domain.document import SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.html_page import HtmlReader
from docsearch.readers.mail import MailboxReader, MailReader
from tests.readers.extraction import assert_whole, headings_of, line_of, pieces
from tests.readers.samples import EMAIL, HTML, MAILBOX, PAGE


class TestHtml:
    reader = HtmlReader()

    def test_a_page_is_read_without_navigation_and_scripts(self) -> None:
        extracted = self.reader.read(HTML.encode(), "a.html")

        assert pieces(extracted) == [
            "Tides",
            "High water\ntwice a day.",
            "- spring",
            "- new moon",
            "- neap",
            "  h = 12\n  t = 25",
            "Port | Hour",
            "Brest | 5",
        ]
        assert pieces(extracted, SegmentKind.CODE) == ["  h = 12\n  t = 25"]
        assert pieces(extracted, SegmentKind.TABLE) == ["Port | Hour", "Brest | 5"]

    def test_head_and_lines(self) -> None:
        extracted = self.reader.read(HTML.encode(), "a.html")

        assert (extracted.title, extracted.tags) == ("Tides", ("sea", "moon"))
        assert extracted.day == date(2025, 8, 2)
        assert headings_of(extracted, "Brest") == ("Tides",)
        assert line_of(extracted, "Brest") == 9

    def test_the_main_part_is_taken_where_it_is_marked(self) -> None:
        page = b"<body><div>Menu</div><div role='main'><p>Text</p></div><div>Ads</div></body>"

        assert pieces(self.reader.read(page, "a.html")) == ["Text"]

    @pytest.mark.parametrize(
        "hidden",
        [
            "<p hidden>x</p>",
            "<p style='display: none'>x</p>",
            "<p aria-hidden='true'>x</p>",
            "<template>x</template>",
            "<noscript>x</noscript>",
            "<button>x</button>",
            "<!-- x -->",
        ],
    )
    def test_hidden_parts_are_left_out_and_what_follows_is_kept(self, hidden: str) -> None:
        page = f"<body><p>before</p>{hidden}tail<p>after</p></body>"

        assert pieces(self.reader.read(page.encode(), "a.html")) == ["before", "tail", "after"]

    @pytest.mark.parametrize("between", ["", "\n\n", " ", "\n<!-- x -->"])
    def test_text_behind_the_end_of_the_page_is_read_as_browsers_do(self, between: str) -> None:
        page = f"<html><body><p>one</p></body>{between}</html>\nlist footer\n<p>last</p>".encode()

        extracted = self.reader.read(page, "a.html")

        assert pieces(extracted) == ["one", "list footer", "last"]
        assert line_of(extracted, "last") == 3 + between.count("\n")

    def test_a_table_that_lays_out_the_page_is_no_table(self) -> None:
        page = b"<table><tr><td><h2>Head</h2><p>one</p></td><td>two</td></tr></table>"

        extracted = self.reader.read(page, "a.html")

        assert pieces(extracted) == ["Head", "one", "two"]
        assert not pieces(extracted, SegmentKind.TABLE)

    def test_words_are_not_cut_at_inline_tags_nor_joined_at_blocks(self) -> None:
        page = b"<div>un<b>believ</b>able<div>next</div>last<table><tr><td><p>a</p><p>b</p></table>"

        assert pieces(self.reader.read(page, "a.html")) == ["unbelievable", "next", "last", "a b"]

    @pytest.mark.parametrize(
        ("head", "encoding"),
        [
            ("<meta charset='iso-8859-15'>", "iso-8859-15"),
            ("<meta http-equiv=x content='text/html; charset=windows-1251'>", "cp1251"),
            ("<meta charset='nonsense'>", "utf-8"),
            ("", "utf-8"),
            ("", "utf-16"),
            ("", "cp1252"),
        ],
    )
    def test_encodings(self, head: str, encoding: str) -> None:
        words = "Привет" if encoding == "cp1251" else "Käse für 5 Euro"

        page = f"<html><head>{head}</head><body>{words}</body></html>".encode(encoding)

        assert self.reader.read(page, "a.html").text == words

    def test_xhtml_with_tags_that_are_closed_at_once(self) -> None:
        page = PAGE.format(title="Title", text="Text").encode()

        assert pieces(self.reader.read(page, "a.xhtml")) == ["Title", "Text end"]
        broken = page.replace(b"</p>", b"")
        assert pieces(self.reader.read(broken, "a.xhtml")) == ["Title", "Text end"]

    def test_entities_of_the_page_itself_are_refused_in_xhtml(self) -> None:
        page = (
            b"<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
            b"<html xmlns='http://www.w3.org/1999/xhtml'><body>&a;</body></html>"
        )

        with pytest.raises(ReaderError, match="declares entities"):
            self.reader.read(page, "a.xhtml")

    def test_a_million_nested_elements_are_refused(self) -> None:
        with pytest.raises(ReaderError, match="nested too deeply"):
            self.reader.read(b"<div>" * 1_000_000 + b"x", "a.html")

    def test_escapes_and_nuls(self) -> None:
        extracted = self.reader.read(b"<p>\x1b[31mred&#0;&#xd800;&#27;</p>", "a.html")

        assert_whole(extracted)
        assert extracted.text.startswith("\x1b[31mred")


class TestMail:
    reader = MailReader()

    def test_a_message(self) -> None:
        extracted = self.reader.read(EMAIL.encode(), "a.eml")

        assert pieces(extracted) == [
            "Keys of the hut",
            "From: Zoë <zoe@example.org>\nTo: Bo <bo@example.org>\n"
            "Date: Mon, 07 Sep 2026 10:00:00 +0200",
            "The key is under the grün pot.",
            "Zoë",
            "The key, in HTML",
            "- Attachment: plan.pdf (application/pdf)",
        ]
        assert extracted.title == "Keys of the hut"
        assert extracted.day == date(2026, 9, 7)

    def test_html_is_read_where_there_is_no_plain_text(self) -> None:
        data = (
            b"Subject: x\nContent-Type: text/html; charset=utf-8\n\n<p>Hi <b>you</b></p><ul><li>a"
        )

        assert pieces(self.reader.read(data, "a.eml")) == ["x", "Hi you", "- a"]

    @pytest.mark.parametrize(
        "data",
        [
            b"Subject: =?nonsense?q?x?=\n\nbody",
            b"Date: never\nTo: (((\n\nbody",
            b"Content-Type: multipart/mixed\n\nbody",
            b"Content-Type: text/plain; charset=nonsense\n\nbody",
            b"Content-Transfer-Encoding: base64\n\n!!!body",
            b"no headers at all\n\nbody",
            b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nbody",
            b"To: " + b"(" * 9_000 + b"\n\nbody",
            b"To: " + b"a@b.c, " * 50_000 + b"\n\nbody",
        ],
    )
    def test_malformed_messages_are_text_or_a_reason(self, data: bytes) -> None:
        try:
            assert_whole(self.reader.read(data, "a.eml"))
        except ReaderError as error:
            reason = str(error)
            assert reason.isprintable()


class TestMailbox:
    reader = MailboxReader()

    def test_each_message_has_its_subject_and_line(self) -> None:
        extracted = self.reader.read(MAILBOX.encode(), "a.mbox")

        assert pieces(extracted, SegmentKind.HEADING) == ["First", "Second"]
        assert headings_of(extracted, "Hi there") == ("Second",)
        assert line_of(extracted, "Second") == 10
        assert "From here on it is quoted." in pieces(extracted)

    def test_a_file_without_a_separator_is_one_message(self) -> None:
        extracted = self.reader.read(b"Subject: x\n\nbody", "a.mbox")

        assert pieces(extracted) == ["x", "body"]


@pytest.mark.parametrize(
    ("ruby", "text"),
    [
        ("<ruby>漢字<rt>かんじ</rt></ruby>を学ぶ", "漢字(かんじ)を学ぶ"),
        (
            "<ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp>京<rt>きょう</rt></ruby>で",
            "東京(とうきょう)で",
        ),
        ("<ruby><rb>北</rb><rt>ほっ</rt><rb>海</rb><rt>かい</rt></ruby>", "北海(ほっかい)"),
        ("<ruby>町</ruby>", "町"),
    ],
)
def test_a_word_with_its_reading_above_it_stays_one_word(ruby: str, text: str) -> None:
    page = f"<html><body><p>{ruby}</p></body></html>"
    assert HtmlReader().read(page.encode(), "a.html").text == text
