"""EPUB: pages in the order of the spine, under the titles of the table of contents."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from docsearch.domain.errors import ReaderError
from docsearch.readers.epub import EpubReader
from tests.readers.extraction import headings_of, pieces
from tests.readers.samples import zipped
from tests.readers.test_documents import replaced

_CONTAINER = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
_NAV = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
_NCX = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'


def page(body: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'


def book(pages: Mapping[str, str], more: str = "", files: Mapping[str, str] | None = None) -> bytes:
    """A book with these pages by their links, in this order; `more` items and `files` beside."""
    kind = 'media-type="application/xhtml+xml"'
    items = "".join(f'<item id="p{at}" href="{link}" {kind}/>' for at, link in enumerate(pages))
    spine = "".join(f'<itemref idref="p{at}"/>' for at in range(len(pages)))
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _CONTAINER,
        "OPS/book.opf": f"<package><metadata/><manifest>{items}{more}</manifest>"
        f"<spine>{spine}</spine></package>",
        **{f"OPS/{name}": text for name, text in pages.items() if text},
        **{f"OPS/{name}": text for name, text in (files or {}).items()},
    }
    return zipped(members)


def nav(lines: str) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f'<body><nav epub:type="toc"><ol>{lines}</ol></nav></body></html>'
    )


def point(title: str, link: str, inner: str = "") -> str:
    return (
        f"<navPoint><navLabel><text>{title}</text></navLabel>"
        f'<content src="{link}"/>{inner}</navPoint>'
    )


class TestContents:
    def test_titles_of_the_navigation_stand_over_pages_without_headings(self) -> None:
        lines = (
            '<li><a href="a.xhtml">Part <b>One</b></a><ol><li><a href="b.xhtml#s">Storms</a></li>'
            "</ol></li>"
        )
        pages = {
            "a.xhtml": page("<p>Calm.</p>"),
            "b.xhtml": page('<p>Before.</p><p><span id="s"/>Windy.</p>'),
        }
        extracted = EpubReader().read(book(pages, _NAV, {"nav.xhtml": nav(lines)}), "a.epub")

        assert pieces(extracted) == ["Part One", "Calm.", "Before.", "Storms", "Windy."]
        assert headings_of(extracted, "Windy.") == ("Part One", "Storms")

    def test_titles_of_an_ncx_do_the_same(self) -> None:
        points = point("Part", "a.xhtml", point("Storms", "b.xhtml"))
        ncx = f"<ncx><navMap>{points}</navMap></ncx>"
        pages = {"a.xhtml": page("<p>Calm.</p>"), "b.xhtml": page("<div><p>Windy.</p></div>")}

        extracted = EpubReader().read(book(pages, _NCX, {"toc.ncx": ncx}), "a.epub")

        assert headings_of(extracted, "Windy.") == ("Part", "Storms")

    @pytest.mark.parametrize(
        "body",
        [
            '<p class="title" id="s">Storms</p><p>Windy.</p>',
            '<a id="s"/><p>STORMS</p><p>Windy.</p>',
            '<div id="s"><p><b>Storms</b></p><p>Windy.</p></div>',
        ],
    )
    def test_a_paragraph_that_says_the_title_becomes_the_heading(self, body: str) -> None:
        ncx = f"<ncx><navMap>{point('Storms', 'a.xhtml#s')}</navMap></ncx>"

        extracted = EpubReader().read(
            book({"a.xhtml": page(body)}, _NCX, {"toc.ncx": ncx}), "a.epub"
        )
        assert [piece.casefold() for piece in pieces(extracted)] == ["storms", "windy."]
        assert len(headings_of(extracted, "Windy.")) == 1

    def test_a_page_with_headings_keeps_them_alone(self) -> None:
        ncx = f"<ncx><navMap>{point('1. Storms', 'a.xhtml')}</navMap></ncx>"
        pages = {"a.xhtml": page("<h2>Storms</h2><p>Windy.</p>")}

        extracted = EpubReader().read(book(pages, _NCX, {"toc.ncx": ncx}), "a.epub")

        assert pieces(extracted) == ["Storms", "Windy."]


class TestPages:
    def test_a_page_that_is_missing_or_unsafe_costs_itself_alone(self) -> None:
        bomb = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
        pages = {"a.xhtml": "", "b.xhtml": bomb, "c.xhtml": page("<p>Left.</p>")}

        extracted = EpubReader().read(book(pages), "a.epub")

        assert pieces(extracted) == ["Left."]
        assert extracted.losses == (
            "page 'OPS/a.xhtml': broken archive: 'OPS/a.xhtml' is missing",
            "page 'OPS/b.xhtml': unsafe XML: 'OPS/b.xhtml' declares entities",
        )

    def test_links_are_followed_whether_they_are_encoded_or_not(self) -> None:
        members = {"my page.xhtml": page("<p>One.</p>"), "50%25.xhtml": page("<p>Two.</p>")}
        kind = 'media-type="application/xhtml+xml"'
        items = (
            f'<item id="x" href="my%20page.xhtml" {kind}/><item id="y" href="50%25.xhtml" {kind}/>'
        )
        package = (
            f"<package><manifest>{items}</manifest><spine><itemref idref='y'/>"
            "<itemref idref='x'/></spine></package>"
        )
        data = zipped(
            {
                "mimetype": "application/epub+zip",
                "META-INF/container.xml": _CONTAINER,
                "OPS/book.opf": package,
                **{f"OPS/{name}": text for name, text in members.items()},
            }
        )
        assert pieces(EpubReader().read(data, "a.epub")) == ["Two.", "One."]

    def test_named_characters_and_descriptions_of_pictures_are_read(self) -> None:
        body = '<p>Caf&eacute;&nbsp;&mdash; open</p><p><img src="a.png" alt="A heron"/></p>'

        found = pieces(EpubReader().read(book({"a.xhtml": page(body)}), "a.epub"))

        assert [" ".join(each.split()) for each in found] == ["Café — open", "A heron"]

    @pytest.mark.parametrize("name", ["sinf.xml", "license.lcpl"])
    def test_copy_protection_is_named(self, name: str) -> None:
        data = replaced(book({"a.xhtml": page("x")}), f"META-INF/{name}", b"{}")

        with pytest.raises(ReaderError, match="copy protection"):
            EpubReader().read(data, "a.epub")
