"""The share of an extractor's words that docsearch finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.word_recall import EXTRACTORS, Extractor, compare, words


def test_a_word_is_the_same_in_any_case_and_with_a_soft_hyphen() -> None:
    assert words("The HAR\u00adBOUR of \ufb01sh, 3rd") == {"the", "harbour", "fish"}


def test_words_that_docsearch_does_not_find_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("The lake froze.")
    fake = Extractor("fake", lambda path: path.read_text("utf-8") + " Harbour")
    monkeypatch.setitem(EXTRACTORS, "md", (fake,))

    tallies, troubles = compare([tmp_path / "a.md"])

    tally = tallies["md", "fake"]
    assert (tally.documents, tally.words, tally.found) == (1, 4, 3)
    assert tally.misses == [(tmp_path / "a.md", 0.75, ["harbour"])]
    assert troubles == []


def test_what_cannot_be_compared_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("The lake froze.")
    (tmp_path / "b.csv").write_bytes(b"\0\1\2\3")
    absent = Extractor("absent", lambda path: "", "no-such-program")
    monkeypatch.setitem(EXTRACTORS, "md", (absent,))

    tallies, troubles = compare([tmp_path / "a.md", tmp_path / "b.csv"])

    assert troubles[0] == "left out: no-such-program is not installed"
    assert troubles[1].startswith("docsearch skips b.csv: ")
    assert ("md", "absent") not in tallies


def test_messages_of_a_maildir_calendars_and_saved_pages_are_compared(tmp_path: Path) -> None:
    cur = tmp_path / "cur"
    cur.mkdir()
    (cur / "17.host:2,S").write_text("From: a@b.cd\nSubject: Harbour\nDate: x\n\nlow water\n")
    (tmp_path / "a.ics").write_text(
        'BEGIN:VEVENT\nSUMMARY;X="a:b":Boat\n  race\\nday\nEND:VEVENT\n'
    )
    (tmp_path / "a.mhtml").write_text(
        "Subject: Harbour\nContent-Type: text/html\n\n<nav>Menu</nav><main><p hidden>x</p>"
        "<p>in<b>si</b>de</p></main><p>Outside</p>\n"
    )

    tallies, troubles = compare(sorted(path for path in tmp_path.rglob("*") if path.is_file()))

    assert troubles == []
    assert {suffix: (tally.words, tally.found) for (suffix, _), tally in tallies.items()} == {
        **{"maildir": (3, 3), "ics": (3, 3), "mhtml": (2, 2)}
    }


def test_of_two_forms_of_a_mail_the_last_is_the_reference(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(
        "Subject: Tide\nContent-Type: multipart/alternative; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nplain\n"
        "--b\nContent-Type: text/html\n\n<p>caf&eacute; low<br>water</p>\n--b--\n"
    )

    assert words(EXTRACTORS["eml"][0].text(tmp_path / "a.eml")) == {"tide", "café", "low", "water"}


def test_mail_and_notebooks_are_read_by_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(
        "Subject: Harbour\nContent-Type: text/html\n\n<style>p{color:red}</style><p>Ice here</p>\n"
    )
    (tmp_path / "a.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "source": ["print(lake)"], "outputs": '
        '[{"data": {"text/plain": "frozen"}}]}]}'
    )

    mail, notebook = (
        EXTRACTORS[suffix][0].text(tmp_path / f"a.{suffix}") for suffix in ("eml", "ipynb")
    )

    assert words(mail) == {"harbour", "ice", "here"}
    assert words(notebook) == {"print", "lake", "frozen"}
