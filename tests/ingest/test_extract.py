from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from docsearch.domain.document import ExtractedText, Segment, SegmentKind, SourceFile
from docsearch.domain.errors import ReaderError
from docsearch.ingest import safe_open
from docsearch.ingest.extract import UNSETTLED_NS, extract, take_snapshot


def test_a_snapshot_is_the_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.md").write_bytes(b"bytes")
    status = (tmp_path / "sub" / "a.md").stat()
    snapshot = take_snapshot(tmp_path, "sub/a.md", 5, lambda: status.st_ctime_ns + UNSETTLED_NS)
    assert snapshot is not None
    assert snapshot.data == b"bytes"
    assert snapshot.content_hash == hashlib.sha256(b"bytes").digest()
    identity = (status.st_dev, status.st_ino)
    assert snapshot.source == SourceFile(
        "sub/a.md", 5, status.st_mtime_ns, identity, status.st_ctime_ns
    )


def test_of_a_file_that_changed_just_before_no_time_of_change_is_noted(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"bytes")
    changed_ns = (tmp_path / "a.md").stat().st_ctime_ns
    snapshot = take_snapshot(tmp_path, "a.md", 5, lambda: changed_ns + UNSETTLED_NS - 1)
    assert snapshot is not None
    assert snapshot.source.changed_ns == 0


def test_a_file_that_is_gone_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert take_snapshot(tmp_path, "a.md", 5) is None
    assert take_snapshot(tmp_path, "sub/a.md", 5) is None
    assert take_snapshot(tmp_path, "file/a.md", 5) is None


def test_a_file_that_has_grown_too_large_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"x" * 6)
    with pytest.raises(ReaderError, match="larger than the limit"):
        take_snapshot(tmp_path, "a.md", 5)


def test_a_file_without_permission_is_told(plain_folder: Path) -> None:
    (plain_folder / "a.md").touch(mode=0o000)
    with pytest.raises(ReaderError, match="cannot be read: permission denied"):
        take_snapshot(plain_folder, "a.md", 5)


def test_a_pipe_put_in_its_place_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(ReaderError, match="not a regular file"):
        take_snapshot(tmp_path, "a.md", 5)


@pytest.mark.parametrize("path", ["link.md", "folder/secret.md"])
def test_a_link_put_in_its_place_leads_nowhere(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.md").write_text("secret")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.md").symlink_to(tmp_path / "outside" / "secret.md")
    (inside / "folder").symlink_to(tmp_path / "outside")
    with suppress(ReaderError):
        assert take_snapshot(inside, path, 100) is None


def test_a_file_that_changes_once_while_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    path.write_text("before")
    real_read = safe_open._read
    reads = []

    def read(file: int, most: int) -> bytes:
        data = real_read(file, most)
        reads.append(data)
        if len(reads) == 1:
            path.write_text("after the edit")
        return data

    monkeypatch.setattr(safe_open, "_read", read)
    snapshot = take_snapshot(tmp_path, "a.md", 100)
    assert snapshot is not None
    assert snapshot.data == b"after the edit"
    assert len(reads) == 2


class SurrogateReaders:
    fingerprint = "1"

    def read(self, data: bytes, name: str) -> tuple[str, ExtractedText]:
        segment = Segment(0, 3, SegmentKind.PARAGRAPH, ("h\ud800",))
        return "odd", ExtractedText("a\udc80b", (segment,), title="\ud800", tags=("\udfff",))


def test_lone_surrogates_are_replaced_in_place() -> None:
    _, extracted = extract(b"", "a.md", SurrogateReaders())
    mark = "\N{REPLACEMENT CHARACTER}"
    assert extracted.text == f"a{mark}b"
    assert extracted.title == mark
    assert extracted.tags == (mark,)
    assert extracted.segments[0].headings == (f"h{mark}",)


class LossyReaders:
    fingerprint = "1"

    def read(self, data: bytes, name: str) -> tuple[str, ExtractedText]:
        losses = ("\ud800" * 5_000, *(f"cell {number // 2}" for number in range(60)))
        return "odd", ExtractedText("", (), losses=losses)


def test_losses_are_told_once_each_in_a_number_and_length_that_fit_a_list() -> None:
    _, extracted = extract(b"", "a.md", LossyReaders())
    cells = [f"cell {number}" for number in range(19)]
    assert extracted.losses == ("\N{REPLACEMENT CHARACTER}" * 200, *cells, "11 more such losses")


def test_a_file_that_does_not_fit_in_memory_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(file: int, most: int) -> bytes:
        raise MemoryError

    (tmp_path / "a.md").touch()
    monkeypatch.setattr(safe_open, "_read", read)
    with pytest.raises(ReaderError, match="too large for the memory of this machine"):
        take_snapshot(tmp_path, "a.md", 5)


class _Untitled:
    fingerprint = "untitled"

    def read(self, data: bytes, name: str) -> tuple[str, ExtractedText]:
        return "plain text", ExtractedText(data.decode(), (), "Own" if b"own" in data else None)


@pytest.mark.parametrize(
    ("path", "title", "day"),
    [
        ("notes/Invoice heat-pump_2025.pdf", "Invoice heat pump 2025", None),
        ("2026-03-01.md", "2026-03-01", date(2026, 3, 1)),
        ("2026-03-01 boat_trip.md", "2026 03 01 boat trip", date(2026, 3, 1)),
        ("2026-02-31.md", "2026-02-31", None),
        (".env", ".env", None),
        ("bytes \udcff.md", "bytes \N{REPLACEMENT CHARACTER}", None),
    ],
)
def test_the_file_s_name_is_the_title_of_a_text_without_one(
    path: str, title: str, day: date | None
) -> None:
    _, extracted = extract(b"text", path, _Untitled())
    assert (extracted.title, extracted.day) == (title, day)
    assert extract(b"own text", path, _Untitled())[1].title == "Own"


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("Gutter cleaning.md", "- ladder\n- gloves", "Gutter cleaning"),
        ("Gutter cleaning.md", "# Gutter\ncleaning\n\n- ladder", ""),
        ("Gutter cleaning.md", "own text: two ladders", ""),
        ("DSC_0042.md", "- ladder", ""),
        ("a.md", "own words", ""),
        ("a.md", "words of it, and " + "more " * 400 + "own", "Own"),
    ],
)
def test_models_read_a_title_that_says_something_and_does_not_begin_the_text(
    path: str, text: str, name: str
) -> None:
    _, extracted = extract(text.encode(), path, _Untitled())
    assert extracted.name == name
