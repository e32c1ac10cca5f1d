"""Markdown: structure, front matter, lines."""

from __future__ import annotations

from datetime import date

import pytest

from docsearch.domain.document import SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.markdown import MarkdownReader
from tests.readers.extraction import assert_whole, headings_of, line_of, pieces
from tests.readers.samples import MARKDOWN

READER = MarkdownReader()


def test_the_text_is_the_source_as_it_stands() -> None:
    assert READER.read(MARKDOWN.encode(), "a.md").text == MARKDOWN


def test_front_matter_is_read_and_is_no_passage() -> None:
    extracted = READER.read(MARKDOWN.encode(), "a.md")

    assert extracted.title == "Sourdough"
    assert extracted.tags == ("bread", "rye")
    assert extracted.day == date(2026, 2, 8)
    assert not any("tags:" in piece for piece in pieces(extracted))


def test_headings_are_without_markup_and_enclose_what_follows() -> None:
    extracted = READER.read(MARKDOWN.encode(), "a.md")

    assert headings_of(extracted, "Feed the starter") == ("Rye bread",)
    assert headings_of(extracted, "bake --hot") == ("Rye bread", "Steps")


def test_each_structure_is_told_by_its_kind_and_line() -> None:
    extracted = READER.read(MARKDOWN.encode(), "a.md")

    assert pieces(extracted, SegmentKind.LIST_ITEM) == ["- Mix", "- Fold"]
    assert pieces(extracted, SegmentKind.CODE) == ["  ```sh\n  bake --hot\n  ```"]
    assert pieces(extracted, SegmentKind.TABLE) == [
        "| flour | grams |\n|-------|-------|",
        "| rye   | 300   |",
    ]
    lines = MARKDOWN.split("\n")
    assert line_of(extracted, "- Fold") == lines.index("- Fold") + 1


@pytest.mark.parametrize(
    ("front", "tags", "day"),
    [
        ("tags: bread, rye", ("bread", "rye"), None),
        ("tags: '#bread #rye'", ("bread", "rye"), None),
        ("tags: [1, 2.5, {a: b}]", ("1", "2.5"), None),
        ("keywords: [x]", ("x",), None),
        ("date: 2026-03-01 10:00:00", (), date(2026, 3, 1)),
        ("date: '2026/03/01'", (), date(2026, 3, 1)),
        ("date: soon", (), None),
        ("date: 2026-02-31x", (), None),
    ],
)
def test_front_matter_in_the_ways_people_write_it(
    front: str, tags: tuple[str, ...], day: date | None
) -> None:
    extracted = READER.read(f"---\n{front}\n---\ntext\n".encode(), "a.md")

    assert (extracted.tags, extracted.day) == (tags, day)
    assert pieces(extracted) == ["text"]


@pytest.mark.parametrize(
    "front", ["just words", "a: [1", "date: 2026-13-45", "!!python/object/apply:os.system [x]"]
)
def test_what_is_no_front_matter_stays_in_the_text(front: str) -> None:
    extracted = READER.read(f"---\n{front}\n---\n\ntext\n".encode(), "a.md")

    assert any(front in piece for piece in pieces(extracted))
    assert_whole(extracted)


def test_aliases_that_multiply_do_not_grow() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    front = f"---\nl0: &l0 lol\n{levels}\ntitle: *l11\ntags: *l11\n---\ntext\n"

    extracted = READER.read(front.encode(), "a.md")

    assert extracted.title is None
    assert extracted.tags == ()


def test_a_file_of_front_matter_alone_has_no_text() -> None:
    with pytest.raises(ReaderError, match="no text in it"):
        READER.read(b"---\ntitle: x\n---\n", "a.md")


def test_lines_count_as_in_an_editor_with_a_lone_carriage_return_and_a_form_feed() -> None:
    extracted = READER.read(b"a\rb\x0c\xe2\x80\xa8c\n\n# Head\n\ntext\n", "a.md")

    assert line_of(extracted, "# Head") == 3
    assert line_of(extracted, "text") == 5


def test_a_very_large_file_is_cut_into_paragraphs() -> None:
    data = b"# Head\n\n" + b"words and more words\n\n" * 60_000

    extracted = READER.read(data, "a.md")

    assert len(extracted.segments) == 60_001
    assert extracted.segments[-1].location.line == 120_001


def test_deep_nesting_is_text_or_a_reason() -> None:
    for data in (b"> " * 20_000 + b"x", b"- " * 20_000 + b"x", b"[" * 50_000, b"# " + b"*a_" * 150):
        assert_whole(READER.read(data, "a.md"))
