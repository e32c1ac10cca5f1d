from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.query import Filters
from docsearch.storage.filters import (
    admits_file,
    effective_day,
    finder,
    has_extension,
    path_matches,
)
from tests.fakes.contents import NOON_2024_NS


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("READ", "docs/readme.md", True),
        ("docs/read", "docs/readme.md", True),
        ("*.md", "docs/readme.md", True),
        ("read*", "docs/readme.md", True),
        ("docs/*", "docs/sub/readme.md", True),
        ("doc/*", "docs/readme.md", False),
        ("*.MD", "docs/readme.md", False),
        ("readme.??", "docs/readme.md", True),
        ("*/Caf\u00e9*", "x/Cafe\u0301 menu.md", True),
        ("*/Cafe\u0301*", "x/Caf\u00e9 menu.md", True),
        ("caf\u00e9", "x/Cafe\u0301 menu.md", True),
        ("[old", "notes/[old]/a.md", True),
        ("[old]", "notes/[old]/a.md", True),
        ("e\u0301te\u0301", "Été.md", True),
        ("\udcff", "bad\udcffname", True),
        ("a\nb", "x/a\nb.md", True),
        ("", "anything", True),
    ],
)
def test_path(pattern: str, path: str, expected: bool) -> None:
    assert path_matches(pattern, path) is expected


@pytest.mark.parametrize(
    ("path", "extension", "expected"),
    [
        ("a.md", "md", True),
        ("a.MD", "md", True),
        ("a.tar.gz", "tar.gz", True),
        ("a.tar.gz", "gz", True),
        ("a.xmd", "md", False),
        (".md", "md", False),
        ("sub/.md", "md", False),
        ("md", "md", False),
        ("a.md/file", "md", False),
    ],
)
def test_extension(path: str, extension: str, expected: bool) -> None:
    assert has_extension(path, extension) is expected


def test_the_documents_own_day_counts_before_the_files() -> None:
    assert effective_day(date(2020, 1, 2), NOON_2024_NS) == date(2020, 1, 2)
    assert effective_day(None, NOON_2024_NS) == date(2024, 1, 1)


@given(st.integers(-(2**70), 2**70))
def test_any_time_of_a_file_has_a_day(modified_ns: int) -> None:
    day = effective_day(None, modified_ns)
    assert date.min <= day <= date.max


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("red cat", "A RED, cat!", True),
        ("red cat", "red\n\n  cat", True),
        ("red cat", "red scat", False),
        ("red cat", "red big cat", False),
        ("redcat", "red cat", False),
        ("don't", "Don't", True),
        ("don't", "don t", False),
        ("node.js", "in Node.js now", True),
        ("node.js", "node js", False),
        ("->", "a -> b", True),
        ("->", "a - > b", False),
        ("Straße", "STRASSE", True),
        ("É", "e\u0301", True),
        ("Muller zahlt", "Müller  zahlt", True),
        ("e", "e\u0301t", False),
        ("   ", "anything", True),
        (".*", "anything", False),
        ("red - cat", "red -\n cat", True),
        ("red - cat", "red cat", False),
        pytest.param("- " * 50, "-" * 5000, False, id="marks that could be split in many ways"),
        pytest.param("a " * 50_000, "a" * 5000, False, id="100000 characters"),
    ],
)
def test_phrase(phrase: str, text: str, expected: bool) -> None:
    assert finder(phrase)(text) is expected


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_phrase_between_spaces_is_always_found(phrase: str, around: str) -> None:
    assert finder(phrase)(f"{around} {phrase} {around}")


def test_every_condition_must_hold() -> None:
    filters = Filters(paths=("a",), extensions=("md",), tags=("x",))
    assert admits_file(filters, "a.md", ["X", "y"], None, 0)
    assert not admits_file(filters, "b.md", ["x"], None, 0)
    assert not admits_file(filters, "a.txt", ["x"], None, 0)
    assert not admits_file(filters, "a.md", ["y"], None, 0)


@pytest.mark.parametrize(
    ("wanted", "held", "found"),
    [
        ("boats", "boats/red", True),
        ("boats/", "Boats/Red", True),
        ("#boats", "boats", True),
        ("boats", "#Boats", True),
        ("boats/red", "boats", False),
        ("boat", "boats", False),
        ("БРОД", "брод/белый", True),
    ],
)
def test_a_tag_finds_those_below_it_with_or_without_its_sign(
    wanted: str, held: str, found: bool
) -> None:
    assert admits_file(Filters(tags=(wanted,)), "a.md", [held], None, 0) is found
