"""Rows as a person reads them: names only where there are some, lines that are true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.errors import ReaderError
from docsearch.readers.delimited import DelimitedReader
from tests.readers.extraction import line_of, pieces

READ = DelimitedReader().read


@pytest.mark.parametrize(
    "rows",
    [
        "le chat\tthe cat\nle chien\tthe dog\nla vache\tthe cow\n",
        "Dora,Lima,cook\nEmil,Oslo,tailor\nFay,Riga,smith\n",
        "1,2\n3,4\n",
        "2024-01-02,pear\n2024-01-03,plum\n",
    ],
)
def test_a_first_row_like_the_others_names_nothing(rows: str) -> None:
    found = pieces(READ(rows.encode(), "a.tsv" if "\t" in rows else "a.csv"))

    assert found == [row.replace("\t", " | ").replace(",", " | ") for row in rows.splitlines()]


@pytest.mark.parametrize(
    ("rows", "second"),
    [
        ("Ship,Crew\nMary,12\nRose,40\n", "Ship: Mary | Crew: 12"),
        ("Ship,Left\nMary,2024-05-01\nRose,2024-06-01\n", "Ship: Mary | Left: 2024-05-01"),
        ("name,colour\napple,green\npear,yellow\n", "name: apple | colour: green"),
        ("ship_name,home_port\nMary,Ulm\nRose,Bonn\n", "ship_name: Mary | home_port: Ulm"),
        (",ship,crew\n0,Mary,12\n1,Rose,40\n", "0 | ship: Mary | crew: 12"),
        ("Land,1990,1991\nPeru,5,6\nChile,7,8\n", "Land: Peru | 1990: 5 | 1991: 6"),
        ("name,phone,phone\nAnn,1,2\nBob,3,4\n", "name: Ann | phone: 1 | phone: 2"),
        ("sep=;\nname;size\nUlm, Donau;1,5\nBonn;2,5\n", "name: Ulm, Donau | size: 1,5"),
        ("name;size\n1,5;2,5\n3,5;4,5\n", "name: 1,5 | size: 2,5"),
        ("ship\tcrew\nm\tMary\t12\nr\tRose\t40\n", "m | ship: Mary | crew: 12"),
        ("# fleet, 2026\n\nFleet list\nname,size\nMary,5\nRose,6\n", "name: Mary | size: 5"),
        ("#name,size\nMary,5\nRose,6\n", "name: Mary | size: 5"),
        (
            "Vessel,Water\n" + "".join(f"V{n}x,{'salt' if n % 2 else 'fresh'}\n" for n in range(9)),
            "Vessel: V0x | Water: fresh",
        ),
    ],
)
def test_names_stand_before_values(rows: str, second: str) -> None:
    assert second in pieces(READ(rows.encode(), "a.csv"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("name,size,city\nAnn,1\nBob,2,Ulm,rest\nCid\n", [(2, "name: Ann | size: 1"), (4, "Cid")]),
        (
            "name,size,city\nAnn,1\nBob,2,Ulm,rest\n",
            [(3, "name: Bob | size: 2 | city: Ulm | rest")],
        ),
        (
            "url,title\nhttps://a.b/c?d=1,2,Home\n",
            [(2, "url: https://a.b/c?d=1 | title: 2 | Home")],
        ),
        ('name, the "note"\nAnn, "Ulm, Donau"\n', [(2, 'name: Ann | the "note": Ulm, Donau')]),
        ("name,size\nAnn,1\nSource: the office\n", [(3, "Source: the office")]),
        ("note\nHello, world\nBye\nOne, two\n", [(2, "Hello, world"), (4, "One, two")]),
        ("text\nCats, dogs, and birds\nNone\n", [(2, "Cats, dogs, and birds")]),
        (
            "May,,\n,,\nname,size,city\nAnn,1,Ulm\n",
            [(1, "May"), (4, "name: Ann | size: 1 | city: Ulm")],
        ),
        (
            "name,size\nAnn,1\n\ncity,people\nUlm,126329\n",
            [(2, "name: Ann | size: 1"), (4, "city | people"), (5, "city: Ulm | people: 126329")],
        ),
        ("name,size\nAnn,1\n\nBob,unknown\nCid,3\n", [(4, "name: Bob | size: unknown")]),
        ("name;price\nfig;1,50\nplum;2,25\n", [(2, "name: fig | price: 1,50")]),
        ("\ufeffsep=;\r\nname;size\r\nAnn;1,5\r\n", [(3, "name: Ann | size: 1,5")]),
        ("name,size\n", [(1, "name | size")]),
    ],
)
def test_no_row_gets_a_name_that_is_not_its_own(rows: str, expected: list[tuple[int, str]]) -> None:
    extracted = READ(rows.encode(), "a.csv")

    assert set(expected) <= {
        (segment.location.line, extracted.text[segment.start : segment.end])
        for segment in extracted.segments
    }


@pytest.mark.parametrize("inner", ["\v", "\u2028", "\x85", "\x1c", "\f", "\r"])
def test_other_line_ends_in_a_cell_do_not_end_the_row(inner: str) -> None:
    rows = f"name,note\nAnn,one{inner}two\nBob,three\n"

    extracted = READ(rows.encode(), "a.csv")

    assert pieces(extracted)[1:] == ["name: Ann | note: one two", "name: Bob | note: three"]
    assert line_of(extracted, "Bob") == 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_may_end_in_any_way_and_quotes_may_hold_line_ends(end: str) -> None:
    rows = end.join(["name,note", 'Ann,"one', '""two"""', "Bob,three", ""])

    extracted = READ(rows.encode(), "a.csv")

    assert pieces(extracted)[1:] == ['name: Ann | note: one "two"', "name: Bob | note: three"]
    assert line_of(extracted, "Bob") == 4


def test_an_open_quote_costs_its_row() -> None:
    rows = 'name,size\n"Ann,1\nBob,2\nCid,"3"\n5" pipe,4\nDan,5\n'

    assert pieces(READ(rows.encode(), "a.csv"))[1:] == [
        *("name: Ann | size: 1", "name: Bob | size: 2", "name: Cid | size: 3"),
        *('name: 5" pipe | size: 4', "name: Dan | size: 5"),
    ]


def test_notes_around_a_table_are_read_as_they_stand() -> None:
    rows = "Fleet as of May\n# checked, twice\nname,size\nMary,5\n# new, too\nRose,6\n"

    assert pieces(READ(rows.encode(), "a.csv")) == [
        *("Fleet as of May", "# checked, twice", "name | size", "name: Mary | size: 5"),
        *("# new, too", "name: Rose | size: 6"),
    ]


@pytest.mark.parametrize("columns", [30, 300])
def test_names_add_at_most_four_times_the_table(columns: int) -> None:
    names = ",".join(f"{'how content are you with ' * 2}{n}" for n in range(columns))
    rows = "\n".join([names] + [",".join("5" * columns)] * 300)

    extracted = READ(rows.encode(), "a.csv")

    assert len(extracted.text) < 6.5 * len(rows)
    assert pieces(extracted)[0].startswith("how content are you")


def test_a_small_table_keeps_its_long_names() -> None:
    rows = "How content are you with us?,And why?\n5,prompt\n4,kind\n"

    assert pieces(READ(rows.encode(), "a.csv"))[1] == (
        "How content are you with us?: 5 | And why?: prompt"
    )


@given(st.text(alphabet='ab,;"\n #1', max_size=120).filter(str.strip))
def test_no_word_is_lost_and_lines_are_true(text: str) -> None:
    try:
        extracted = READ(text.encode(), "a.csv")
    except ReaderError:
        return
    last = text.rstrip().count("\n") + 1
    lines = [segment.location.line for segment in extracted.segments]
    assert all(line is not None and 1 <= line <= last for line in lines)
    for character in "ab1":
        assert extracted.text.count(character) >= text.count(character)
