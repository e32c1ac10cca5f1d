from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.notes import write_notes
from docsearch.bench.rerank import Words
from docsearch.bench.rerank_parts import tokenizer_file
from docsearch.models.registry import ModelRegistry


def texts(folder: Path, count: int, length: int) -> dict[str, str]:
    words = Words(tokenizer_file(ModelRegistry(Path("nowhere"))), 3)
    return {path: (folder / path).read_text() for path in write_notes(folder, words, count, length)}


def test_the_same_notes_are_made_each_time(tmp_path: Path) -> None:
    first = texts(tmp_path / "first", 120, 40)
    assert first == texts(tmp_path / "second", 120, 40)
    on_disk = [path for path in (tmp_path / "first").rglob("*") if path.is_file()]
    assert len(on_disk) == len(first) == len(set(first.values())) == 120


def test_a_note_is_about_as_long_as_wanted(tmp_path: Path) -> None:
    for text in texts(tmp_path, 5, 480).values():
        assert len(text.split()) == pytest.approx(480, abs=10)
