from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.query import Filters, Query
from docsearch.search.query_syntax import parse
from tests.readers.test_linear import calls

TODAY = date(2024, 3, 1)


def read(typed: str) -> Query:
    return parse(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "words", "filters"),
    [
        ("disk  full\ton host", "disk full on host", Filters()),
        ("path:ops/*.md disk", "disk", Filters(paths=("ops/*.md",))),
        ('path:"my notes" PATH:b', "", Filters(paths=("my notes", "b"))),
        ("ext:md", "", Filters(extensions=("md",))),
        ("ext:.MD,*.rst,,txt", "", Filters(extensions=("md", "rst", "txt"))),
        ("tag:home tag:Garden", "", Filters(tags=("home", "Garden"))),
        ("-old log", "log", Filters(excluded=("old",))),
        ("-🎉 log", "log", Filters(excluded=("🎉",))),
        ("“🎉” log", "🎉 log", Filters(phrases=("🎉",))),
        ('-"old news" log', "log", Filters(excluded=("old news",))),
        ('"exact  phrase" more', "exact phrase more", Filters(phrases=("exact phrase",))),
        ('before "in it" after', "before in it after", Filters(phrases=("in it",))),
        ("after:2024-01-31", "", Filters(after=date(2024, 1, 31))),
        ("before:2024-02", "", Filters(before=date(2024, 2, 29))),
        ("after:2024-02", "", Filters(after=date(2024, 2, 1))),
        ("before:2023", "", Filters(before=date(2023, 12, 31))),
        ("after:yesterday before:today", "", Filters(after=date(2024, 2, 29), before=TODAY)),
        ('after:"2024-01-31"', "", Filters(after=date(2024, 1, 31))),
        ("after:2020 after:2022", "", Filters(after=date(2022, 1, 1))),
        ("before:2020 before:2022", "", Filters(before=date(2020, 12, 31))),
        ("ext:md\N{IDEOGRAPHIC SPACE}予算", "予算", Filters(extensions=("md",))),
    ],
)
def test_what_is_syntax_becomes_filters(typed: str, words: str, filters: Filters) -> None:
    assert read(typed) == Query(typed, words, filters)


@pytest.mark.parametrize(
    "typed",
    [
        "std::vector",
        "path::join",
        "https://example.org/a?b=c",
        "note: see C:\\Users",
        "foo:bar",
        "xpath:a",
        "e-mail --flag a - b -> c",
        '5" disk',
        'say"it"',
        "AND OR NOT NEAR(a b) a* ^b {c} (d",
        "👩‍💻 🎉",
        "'; DROP TABLE chunks; --",
    ],
)
def test_what_is_not_syntax_is_plain_text_and_not_marked(typed: str) -> None:
    assert read(typed) == Query(typed, typed)


@pytest.mark.parametrize(
    ("typed", "unparsed"),
    [
        ("after:2024-13-01", ("after:2024-13-01",)),
        ("before:2023-02-29 x", ("before:2023-02-29",)),
        ("after:soon", ("after:soon",)),
        ("after:2024-1-1", ("after:2024-1-1",)),
        ("before:0000", ("before:0000",)),
        ("after:٢٠٢٤", ("after:٢٠٢٤",)),
        ("path: x", ("path:",)),
        ('tag:"" x', ('tag:""',)),
        ("ext:,. x", ("ext:,.",)),
        ('"never closed', ('"never',)),
        ('x -"never closed', ('-"never',)),
        ('path:"never closed', ('path:"never',)),
        ('"" "!?"', ('""', '"!?"')),
        ("-path:old x", ("-path:old",)),
    ],
)
def test_what_cannot_be_read_is_searched_as_text_and_listed(
    typed: str, unparsed: tuple[str, ...]
) -> None:
    assert read(typed) == Query(typed, typed, Filters(), unparsed)


def test_the_rest_is_read_while_a_quote_is_still_open() -> None:
    assert read('ext:md "disk fu') == Query(
        'ext:md "disk fu', '"disk fu', Filters(extensions=("md",)), ('"disk',)
    )


def test_filters_without_end_are_plain_text_in_the_end() -> None:
    query = read(" ".join(f"-w{number} path:p{number}" for number in range(80)) + " plain words")
    assert len(query.filters.excluded) == len(query.filters.paths) == 50
    assert query.unparsed[:2] == ("-w50", "path:p50")
    assert query.words.endswith("-w79 path:p79 plain words")
    assert "plain" not in query.unparsed


@pytest.mark.parametrize("filter_", ["path:{}", '"{}"', "-{}", 'tag:"{}"'])
def test_a_filter_of_endless_length_is_plain_text(filter_: str) -> None:
    typed = filter_.format("a[-" * 2000)
    assert read(typed) == Query(typed, typed, Filters(), (typed,))


def test_spaces_alone_ask_nothing() -> None:
    assert read(" \t\n ") == Query(" \t\n ", "")


def test_the_day_is_taken_from_the_clock_where_none_is_given() -> None:
    earliest = date.today()
    assert parse("after:today").filters.after in {earliest, date.today()}


syntax = st.lists(
    st.one_of(
        st.sampled_from(
            ['"', "-", " ", "path:", "ext:", "tag:", "after:", "before:", "2024", ",", ":", "a"]
        ),
        st.text(st.characters(), max_size=3),
    ),
    max_size=30,
).map("".join)


@given(syntax)
def test_any_text_at_all_is_a_query(typed: str) -> None:
    query = read(typed)
    assert query.typed == typed
    filters = query.filters
    for value in (*filters.paths, *filters.extensions, *filters.tags, *filters.excluded):
        assert value == value.strip() != ""
        assert value.encode(), "neither the models nor the database take lone surrogates"
    assert query.words.encode() is not None
    assert query.words == query.words.strip()
    assert all(piece in query.words for piece in query.unparsed)
    assert all(phrase in query.words for phrase in filters.phrases)


# A lone tatweel is a letter to Unicode, and nothing to find.
WORDS = st.text(st.characters(categories=["L", "N"], exclude_characters="\u0640"), min_size=1)


@given(WORDS.filter(str.split))
def test_a_word_is_itself_and_can_be_excluded_or_quoted(word: str) -> None:
    word = "".join(word.split())
    assert read(word).words == word
    assert read(f"-{word}").filters.excluded == (word,)
    assert read(f'"{word}"').filters.phrases == (word,)


@pytest.mark.parametrize(
    "unit",
    ['"', '-"', 'path:"', '"a', 'a"', "-", " ", "path:", "x", '"a" ', "after:2024 ", "ext:,"],
)
def test_a_query_of_100_000_characters_is_read(unit: str) -> None:
    typed = (unit * 100_000)[:100_000]
    assert read(typed).typed == typed


@pytest.mark.parametrize(
    "quoted",
    ["“red cat”", "„red cat“", "«red cat»", "»red cat«", "‹red cat›", "「red cat」", '"red cat”'],
)
def test_typographic_marks_quote_a_phrase(quoted: str) -> None:
    assert parse(quoted).filters.phrases == ("red cat",)
    assert parse(f"-{quoted}").filters.excluded == ("red cat",)
    assert parse(f"path:{quoted}").filters.paths == ("red cat",)


def test_a_typographic_mark_without_its_other_half_is_plain_text() -> None:
    query = parse("“red cat")
    assert (query.words, query.unparsed, query.filters.phrases) == ("“red cat", ("“red",), ())


def test_a_filler_that_is_not_seen_excludes_nothing() -> None:
    assert parse("-\u3164 cat").filters.excluded == ()


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        '"',
        '-"a" ',
        '"a" "',
        "path:a ",
        'path:"',
        "ext:a,",
        "-a ",
        "after:2024 ",
        "-",
        "a",
        "«",
    ],
)
def test_twice_the_query_takes_twice_the_steps(piece: str) -> None:
    once, twice = (calls(lambda count=count: parse(piece * count)) for count in (5000, 10_000))  # type: ignore[misc]
    assert twice <= 2.6 * once
