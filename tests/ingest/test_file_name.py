from __future__ import annotations

import pytest

from docsearch.ingest.file_name import says_something, title_of


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("bills/heat_pump-service.pdf", "heat pump service"),
        ("BoilerServiceReport.md", "Boiler Service Report"),
        ("weeklyReportMarch.md", "weekly Report March"),
        ("PostgreSQL.md", "PostgreSQL"),
        ("ArchLinux.md", "ArchLinux"),
        ("冷蔵庫の修理.txt", "冷蔵庫の修理"),
        ("2026-05-17.md", "2026-05-17"),
        ("___.md", None),
    ],
)
def test_a_name_is_a_title_in_words(path: str, title: str | None) -> None:
    assert title_of(path) == title


@pytest.mark.parametrize(
    "title",
    [
        "Boiler service",
        "2026 05 17 garden",
        "冷蔵庫",
        "คู่มือ",
        "Смета",
        "scan of the lease",
        "3D print",
    ],
)
def test_a_name_with_a_word_of_its_own_says_something(title: str) -> None:
    assert says_something(title)


@pytest.mark.parametrize(
    "title",
    [
        "IMG 7781",
        "scan0042",
        "Untitled 5",
        "index",
        "README",
        "New Document (3)",
        "20260517",
        "2026-05-17",
        "9e107d9d372bb6826bd81d3542a419d6",
        "6fa459ea ee8a 3ca4 894e",
        "a",
        "",
    ],
)
def test_what_devices_and_habit_call_a_file_says_nothing(title: str) -> None:
    assert not says_something(title)
