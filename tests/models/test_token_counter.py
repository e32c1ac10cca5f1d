"""Counting with the embedding model's own tokenizer."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsearch.domain.errors import ModelError
from docsearch.models.registry import ModelRegistry
from docsearch.models.token_counter import WordPieceCounter


def test_it_counts_as_bert_does(registry: ModelRegistry) -> None:
    counter = registry.token_counter()
    text = "Reranking, at 3 o'clock"

    pieces = [text[start:end] for start, end in counter.token_spans(text)]

    assert counter.special_tokens == 2
    assert pieces == ["Re", "rank", "ing", ",", "at", "3", "o", "'", "clock"]


def test_no_text_is_too_long_to_count(registry: ModelRegistry) -> None:
    # The model's tokenizer.json asks to cut at 128 tokens and to pad to 128.
    counter = registry.token_counter()

    assert len(counter.token_spans("word " * 2000)) == 2000
    assert len(counter.token_spans("word")) == 1


def test_lone_surrogates_keep_the_offsets(registry: ModelRegistry) -> None:
    text = "caf\udce9 bread"

    spans = registry.token_counter().token_spans(text)

    assert text[slice(*spans[-1])] == "bread"


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"version": "1.0"}'])
def test_a_broken_tokenizer_file_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(content)

    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        WordPieceCounter(file)


def test_a_missing_tokenizer_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Cannot read"):
        WordPieceCounter(tmp_path / "tokenizer.json")
