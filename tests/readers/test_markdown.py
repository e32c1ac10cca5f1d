"""Markdown: structure, front matter, lines."""

from __future__ import annotations

from datetime import date

import pytest

from docsearch.domain.document import SegmentKind
from docsearch.readers.markdown import MarkdownReader
from tests.readers.extraction import assert_whole, headings_of, line_of, pieces
from tests.readers.samples import MARKDOWN

READER = MarkdownReader()


def test_the_text_is_the_source_as_it_stands() -> None:
    assert READER.read(MARKDOWN.encode(), "a.md").text == MARKDOWN


def test_front_matter_is_read_and_is_the_first_piece() -> None:
    extracted = READER.read(MARKDOWN.encode(), "a.md")

    assert extracted.title == "Sourdough"
    assert extracted.tags == ("bread", "rye")
    assert extracted.day == date(2026, 2, 8)
    assert "tags:" in pieces(extracted)[0]
    assert extracted.segments[0].location.line == 1
    assert extracted.segments[0].headings == ()
    assert_whole(extracted)


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
        ("tag: rye", ("rye",), None),
        ("tags: [bread]\nkeywords: [rye]", ("bread", "rye"), None),
        ("up: [[Home]]\ntags: [[rye]]", ("rye",), None),
        ("created: 2026-03-01", (), date(2026, 3, 1)),
        ("tags: [yes, 1.10, 010]", ("yes", "1.10", "010"), None),
    ],
)
def test_front_matter_in_the_ways_people_write_it(
    front: str, tags: tuple[str, ...], day: date | None
) -> None:
    extracted = READER.read(f"---\n{front}\n---\ntext\n".encode(), "a.md")

    assert (extracted.tags, extracted.day) == (tags, day)
    assert pieces(extracted) == [f"---\n{front}\n---", "text"]
    assert extracted.losses == ()


@pytest.mark.parametrize(
    ("front", "title", "tags", "day"),
    [
        ("title: Bread: a guide\ntags: [rye, sour]", "Bread: a guide", ("rye", "sour"), None),
        ("title: [[Bread]] notes\ntags: [rye]", "[[Bread]] notes", ("rye",), None),
        ("title: Bread\ntags:\n\t- rye\n\t- 'sour'", "Bread", ("rye", "sour"), None),
        ("title: <% tp.title %>\ndate: {{date}}\ntags: [rye]", "<% tp.title %>", ("rye",), None),
        ("title: @ada on bread\ndate: 2026-03-01", "@ada on bread", (), date(2026, 3, 1)),
        ('title: "Bread\ntags: rye sour', '"Bread', ("rye", "sour"), None),
    ],
)
def test_front_matter_that_is_no_yaml_is_read_line_by_line_and_said_so(
    front: str, title: str, tags: tuple[str, ...], day: date | None
) -> None:
    extracted = READER.read(f"---\n{front}\n---\ntext\n".encode(), "a.md")

    assert (extracted.title, extracted.tags, extracted.day) == (title, tags, day)
    assert pieces(extracted) == [f"---\n{front}\n---", "text"]
    assert len(extracted.losses) == 1
    assert "no YAML (line" in extracted.losses[0]


@pytest.mark.parametrize(
    "front",
    [
        '+++\ntitle = "Bread"\ndate = 2026-03-01\ntags = ["rye"]\n+++\n',
        '+++\ntitle = "Bread"\ndate = 2026-03-01\n[taxonomies]\ntags = ["rye"]\n+++\n',
        '{\n"title": "Bread",\n"date": "2026-03-01",\n"tags": ["rye"]\n}\n',
        '{\n"title": "Bread",\n"date": "2026-03-01",\n"tags": ["rye"],\n}\n',
        "---\ntitle: Bread\ndate: 2026-03-01\ntags: [rye]\n...\n",
        "title:: Bread\ntags:: rye\ndate:: 2026-03-01\n\n",
        "% Bread\n% Ada\n% 2026-03-01\n\n#rye\n\n",
    ],
)
def test_other_tools_write_it_otherwise(front: str) -> None:
    extracted = READER.read(f"{front}\n## Dough\n\ntext\n".encode(), "a.md")

    assert (extracted.title, extracted.tags) == ("Bread", ("rye",))
    assert extracted.day == date(2026, 3, 1)
    assert line_of(extracted, "text") == front.count("\n") + 4
    assert headings_of(extracted, "text") == ("Dough",)


def test_what_is_merged_and_aliased_without_end_is_read_line_by_line() -> None:
    levels = "\n".join(f"l{n}: &l{n} {{<<: [*l{n - 1}, *l{n - 1}]}}" for n in range(1, 30))
    front = f"l0: &l0 {{k: v}}\n{levels}\ntitle: Bread"
    extracted = READER.read(f"---\n{front}\n---\ntext\n".encode(), "a.md")

    assert extracted.title == "Bread"
    assert "too many aliases" in extracted.losses[0]
    nested = READER.read(f"---\na: {'[' * 60_000}\n---\ntext\n".encode(), "a.md")
    assert "nested too deeply" in nested.losses[0]


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("fold #dough and #bread/rye.", ("dough", "bread/rye")),
        ("#[[sour dough]] rises", ("sour dough",)),
        ("#brød, #хлеб (#パン)", ("brød", "хлеб", "パン")),
        ("tags:: rye, [[sour dough]], #crumb", ("crumb", "rye", "sour dough")),
        ("- bake\n  tag:: rye", ("rye",)),
        ("it is [tags:: rye, sour] bread", ("rye", "sour")),
        ("issue #123, colour #fff or #a1b2c3", ()),
        ("# Heading\n## Next", ()),
        ("C#sharp a#b &#39; `#code` [x](#anchor) https://a.b/#frag [[Note#Part]]", ()),
        ("```\n#include\n```\n\n    #indented", ()),
        ("std::vector tags ::x", ()),
    ],
)
def test_tags_in_the_text(line: str, tags: tuple[str, ...]) -> None:
    assert READER.read(f"{line}\n".encode(), "a.md").tags == tags


@pytest.mark.parametrize("front", ["just words", "!!python/object/apply:os.system [x]"])
def test_what_is_no_front_matter_stays_in_the_text(front: str) -> None:
    extracted = READER.read(f"---\n{front}\n---\n\ntext\n".encode(), "a.md")

    assert any(front in piece for piece in pieces(extracted))
    assert_whole(extracted)


def test_aliases_that_multiply_do_not_grow() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    front = f"---\nl0: &l0 lol\n{levels}\ntitle: *l11\ntags: *l11\n---\ntext\n"

    extracted = READER.read(front.encode(), "a.md")

    assert extracted.title == "*l11"
    assert len(extracted.text) == len(front)


def test_a_file_of_front_matter_alone_is_its_text() -> None:
    extracted = READER.read(b"---\nsummary: rye\n---\n", "a.md")
    assert pieces(extracted) == ["---\nsummary: rye\n---"]


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


def test_a_heading_shows_what_its_links_show_and_no_attributes() -> None:
    text = "# [[Page one|The  alias]] and [[Plain]] {#anchor .class}\n\nWords.\n"

    extracted = READER.read(text.encode(), "a.md")

    assert headings_of(extracted, "Words.") == ("The alias and Plain",)
    assert extracted.tags == ()


def test_headings_of_a_quote_end_with_it() -> None:
    text = "# Own\n\n> ## Quoted\n>\n> > # Deep\n>\n> Inside.\n\nOutside.\n"

    extracted = READER.read(text.encode(), "a.md")

    assert headings_of(extracted, "Inside.") == ("Own", "Quoted")
    assert headings_of(extracted, "Outside.") == ("Own",)


@pytest.mark.parametrize("value", ["[a, b", "[a, b]", "a, b"])
def test_tags_of_broken_front_matter_lack_their_brackets(value: str) -> None:
    text = f"---\ntitle: one: two\ntags: {value}\n---\n\nWords.\n"

    assert READER.read(text.encode(), "a.md").tags == ("a", "b")
