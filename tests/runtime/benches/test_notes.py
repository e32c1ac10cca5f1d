from __future__ import annotations

from pathlib import Path

from docsearch.runtime.benches.notes import write_notes


def texts(folder: Path, count: int, words: int) -> dict[str, str]:
    return {path: (folder / path).read_text() for path in write_notes(folder, count, words)}


def test_the_same_notes_are_made_each_time(tmp_path: Path) -> None:
    first = texts(tmp_path / "first", 120, 40)
    assert first == texts(tmp_path / "second", 120, 40)
    on_disk = [path for path in (tmp_path / "first").rglob("*") if path.is_file()]
    assert len(on_disk) == len(first) == len(set(first.values())) == 120


def test_a_note_is_as_long_as_wanted(tmp_path: Path) -> None:
    for text in texts(tmp_path, 5, 333).values():
        _, body = text.split("\n", maxsplit=1)
        assert len(body.split()) == 333
