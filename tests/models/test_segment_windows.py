"""Query and passage cut apart: every token in some piece, and the same pieces for every query."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from docsearch.models.registry import ModelRegistry
from docsearch.models.segment.windows import SegmentCutter, SegmentPair

WINDOW = 128
OVERLAP = 42
CLS, SEP = 101, 102


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = ModelRegistry(tmp_path_factory.mktemp("data"), True).state("docsearch-mini-v1").folder
    assert folder is not None
    return Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))


@pytest.fixture(scope="module")
def cutter(tokenizer: Tokenizer) -> SegmentCutter:
    return SegmentCutter(tokenizer, WINDOW)


@given(
    passage=st.lists(
        st.sampled_from(["bread", "oven", "Straße", "naïve", "👍", "\udce9", "-"]), max_size=400
    ),
    query=st.sampled_from(["", "bread", "restore the nightly backup " * 4]),
)
def test_the_pieces_hold_the_whole_passage_in_order(
    cutter: SegmentCutter, passage: list[str], query: str
) -> None:
    text = " ".join(passage)
    (pieces,) = cutter.cut(query, [text])

    assert all(len(piece.passage) <= WINDOW for piece in pieces)
    assert all((piece.passage[0], piece.passage[-1]) == (CLS, SEP) for piece in pieces)
    assert _joined(pieces) == cutter.token_count(text)
    assert all(np.array_equal(piece.query, pieces[0].query) for piece in pieces)


def _joined(pieces: list[SegmentPair]) -> int:
    """How many tokens the pieces hold without what each repeats of the one before."""
    inner = [piece.passage[1:-1].tolist() for piece in pieces]
    whole = inner[0]
    for one in inner[1:]:
        assert len(one) > OVERLAP
        assert whole[-OVERLAP:] == one[:OVERLAP]
        whole += one[OVERLAP:]
    return len(whole)


def test_the_pieces_do_not_depend_on_the_query(cutter: SegmentCutter) -> None:
    passage = "the oven and the bread " * 60
    short, long = (cutter.cut(query, [passage])[0] for query in ("oven", "warm bread " * 30))

    assert len(short) == len(long) > 1
    for one, other in zip(short, long, strict=True):
        assert np.array_equal(one.passage, other.passage)


def test_a_long_query_is_cut_and_comes_on_top_of_the_window(cutter: SegmentCutter) -> None:
    query = "bread " * 300
    ((piece,),) = cutter.cut(query, ["oven"])

    assert len(piece.query) == 256 + 2
    assert cutter.characters_read(query) == len("bread " * 256) - 1
    assert cutter.most_tokens(query) == WINDOW + 256 + 2
    assert len(piece) == len(piece.query) + len(piece.passage)
