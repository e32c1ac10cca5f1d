"""OpenDocument: the numbers, fields and notes that LibreOffice shows, where it shows them.

Numbers of lists and headings in here are those of LibreOffice's own export to text.
"""

from __future__ import annotations

import pytest

from docsearch.domain.document import ExtractedText
from docsearch.domain.errors import ReaderError
from docsearch.readers.registry import default_readers
from tests.readers.extraction import headings_of, pieces
from tests.readers.samples import zipped

_URN = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = " ".join(
    f'xmlns:{prefix}="{_URN}:{name}:1.0"'
    for prefix, name in (
        *(("office", "office"), ("text", "text"), ("style", "style"), ("table", "table")),
        *(("draw", "drawing"), ("svg", "svg-compatible"), ("meta", "meta")),
    )
)
_OTHERS = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
STYLES = """
<text:outline-style>
<text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/>
<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>
<text:outline-level-style text:level="3" style:num-format=""/></text:outline-style>
<text:list-style style:name="L">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="("
 style:num-suffix=")"/>
<text:list-level-style-bullet text:level="3"/></text:list-style>
<style:style style:name="H"><style:text-properties text:display="none"/></style:style>
"""


def flat(body: str, margins: str = "") -> bytes:
    return (
        f"<?xml version='1.0'?><office:document {_SPACES} {_OTHERS} "
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:meta>'
        "<dc:title>Own</dc:title><meta:keyword>pumps</meta:keyword></office:meta>"
        f"<office:styles>{STYLES}</office:styles><office:master-styles>{margins}"
        f"</office:master-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document>"
    ).encode()


def extracted(body: str, margins: str = "") -> ExtractedText:
    form, found = default_readers().read(flat(body, margins), "a.fodt")
    assert form == "ODT"
    return found


def read(body: str) -> list[str]:
    return pieces(extracted(body))


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def items(*inner: str, more: str = "") -> str:
    each = "".join(f"<text:list-item>{item}</text:list-item>" for item in inner)
    return f'<text:list text:style-name="L" {more}>{each}</text:list>'


def test_a_flat_file_is_a_document_whatever_its_name_is() -> None:
    form, found = default_readers().read(flat(p("Words.")), "a.xml")

    assert (form, pieces(found)) == ("ODT", ["Words."])
    assert (found.title, found.tags) == ("Own", ("pumps",))


def test_a_flat_file_that_declares_entities_is_refused() -> None:
    data = flat(p("&a;")).replace(
        b"<office:document ", b"<!DOCTYPE a [<!ENTITY a 'b'>]>\n<office:document "
    )

    with pytest.raises(ReaderError, match="declares entities"):
        default_readers().read(data, "a.fodt")


class TestNumbers:
    def test_items_have_the_numbers_that_are_seen(self) -> None:
        deep = items(p("dot"))
        body = items(
            p("one") + p("more") + items(p("sub"), p("sub") + deep), p("two"), more='xml:id="x"'
        )
        assert read(body) == [
            *("1. one", "more", "(a) sub", "(b) sub", "- dot", "2. two"),
        ]

    def test_a_list_goes_on_only_where_it_says_so(self) -> None:
        body = (
            items(p("a"), more='xml:id="x"')
            + p("between")
            + items(p("b"), more='text:continue-numbering="true"')
            + items(p("c"))
            + items(p("d"), more='text:continue-list="x"')
            + '<text:list text:style-name="L"><text:list-header><text:p>head</text:p>'
            '</text:list-header><text:list-item text:start-value="9"><text:p>e</text:p>'
            "</text:list-item></text:list>"
        )
        assert read(body) == ["1. a", "between", "2. b", "1. c", "3. d", "head", "9. e"]

    def test_headings_are_numbered_by_the_outline(self) -> None:
        titles = ((1, "Aims"), (1, "Rules"), (2, "Terms"), (3, "Small"))
        body = "".join(f'<text:h text:outline-level="{at}">{text}</text:h>' for at, text in titles)
        plain = '<text:h text:outline-level="1" text:is-list-header="true">Annex</text:h>'

        found = extracted(body + p("Here.") + plain)

        assert headings_of(found, "Here.") == ("II. Rules", "II.1 Terms", "Small")
        assert pieces(found)[-1] == "Annex"


class TestText:
    def test_fields_show_their_value_and_settings_of_variables_nothing(self) -> None:
        body = p(
            'The <text:user-field-get text:name="s">Neptune</text:user-field-get> of '
            '<text:variable-set text:display="none">12</text:variable-set>'
            "<text:bookmark-ref>page 3</text:bookmark-ref>"
        )
        assert read(body) == ["The Neptune of page 3"]

    def test_what_was_deleted_is_not_read_and_what_was_inserted_once(self) -> None:
        body = (
            "<text:tracked-changes><text:changed-region><text:deletion>"
            f"{p('gone')}</text:deletion></text:changed-region></text:tracked-changes>"
            + p("Left<text:change/>, <text:change-start/>inserted<text:change-end/>.")
        )
        assert read(body) == ["Left, inserted."]

    def test_notes_and_shapes_stand_behind_their_paragraph_and_break_no_word(self) -> None:
        body = p(
            "An<text:note>\n<text:note-citation>1</text:note-citation> <text:note-body>\n"
            f"{p('A note.')}\n</text:note-body></text:note>chor<draw:custom-shape>"
            f"{p('In a shape.')}</draw:custom-shape><draw:frame><draw:text-box>{p('In a box.')}"
            "</draw:text-box><svg:desc>A heron</svg:desc></draw:frame>"
            f"<office:annotation><dc:creator>Ann</dc:creator>{p('Really?')}</office:annotation>."
        )
        found = [" ".join(piece.split()) for piece in read(body)]
        assert found == ["Anchor A heron .", "A note.", "In a shape.", "In a box.", "Really?"]

    def test_hidden_text_is_left_out_and_told(self) -> None:
        body = (
            p('Seen<text:span text:style-name="H"> not that</text:span>.')
            + p('<text:hidden-paragraph text:is-hidden="true"/>nor this')
            + f'<text:section text:display="none">{p("nor here")}</text:section>'
        )
        found = extracted(body)
        assert pieces(found) == ["Seen."]
        assert found.losses == ("6 words formatted as hidden",)

    def test_what_is_repeated_millions_of_times_stands_once(self) -> None:
        body = (
            '<table:table><table:table-row table:number-rows-repeated="1000000"><table:table-cell '
            f'table:number-columns-repeated="16384">{p("a")}</table:table-cell><table:table-cell>'
            f"{items(p('b'))}</table:table-cell></table:table-row></table:table>"
            + p('c<text:s text:c="1000000000"/>d')
        )
        assert read(body) == ["a | 1. b", "c d"]

    def test_headers_and_footers_stand_once_under_no_heading(self) -> None:
        header = f"<style:header>{p('Confidential')}</style:header>"
        master = f"<style:master-page>{header}</style:master-page>" * 2
        off = f'<style:footer style:display="false">{p("off")}</style:footer>'

        found = extracted('<text:h text:outline-level="3">T</text:h>' + p("Text."), master + off)

        assert pieces(found) == ["T", "Text.", "Confidential"]
        assert headings_of(found, "Confidential") == ()


def test_a_packed_document_whose_styles_are_broken_keeps_its_text() -> None:
    content = flat(p("Words.")).decode()
    data = zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "styles.xml": "<broken",
        }
    )
    _, found = default_readers().read(data, "a.odt")

    assert pieces(found) == ["Words."]
    assert found.losses == ("styles.xml cannot be read",)


def test_an_embedded_file_is_named() -> None:
    body = p('See<draw:frame><draw:object-ole xlink:href="./Object 3"/></draw:frame>')

    assert extracted(body).losses == ("embedded file Object 3",)
