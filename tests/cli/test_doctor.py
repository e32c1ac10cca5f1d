"""What `docsearch doctor` says of the places it needs, and with which exit code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docsearch.cli import diagnosis
from docsearch.models.registry import ModelRegistry
from docsearch.storage.layout import IndexLayout
from tests.cli.command import Ended, Home


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without torch, and without hashing the models."""
    monkeypatch.setattr(diagnosis, "machine", dict)
    unhashed = ModelRegistry.state
    monkeypatch.setattr(ModelRegistry, "state", lambda self, name, **_: unhashed(self, name))


def problems(ended: Ended) -> list[str]:
    assert "Traceback" not in ended.err
    _, _, told = ended.out.partition("\nproblems\n")
    return [each.strip() for each in told.splitlines()]


def test_nothing_is_wrong_on_a_fresh_machine(home: Home) -> None:
    ended = home.call("doctor")
    assert (ended.code, problems(ended)) == (0, [])


@pytest.mark.parametrize("fault", ["a folder", "not TOML", "not UTF-8"])
def test_settings_that_cannot_be_read_are_told_with_all_else(home: Home, fault: str) -> None:
    (home.folder / "notes").mkdir()
    home.config.parent.mkdir(parents=True)
    if fault == "a folder":
        home.config.mkdir()
    else:
        home.config.write_bytes(b"candidates = [[" if fault == "not TOML" else b"\xff\xfe\xff")
    ended = home.call("doctor", "notes")
    assert ended.code == 4
    (told,) = problems(ended)
    assert told.startswith(str(home.config))
    assert told.endswith("Correct the file, or move it away.")
    assert ended.err.startswith(f"Configuration: {home.config}")
    assert "watching" in ended.out


def test_a_flag_out_of_bounds_is_no_finding(home: Home) -> None:
    ended = home.call("doctor", DOCSEARCH_CANDIDATES="many")
    assert (ended.code, ended.out) == (4, "")


def test_a_full_disk_is_told_with_what_to_do(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 40_000_000}))
    ended = home.call("doctor")
    assert ended.code == 1
    (told,) = problems(ended)
    assert told.startswith("Only 40 MB are free where the indexes and models lie (")
    assert told.endswith("Make room, or name another place with --data-dir.")


def test_a_data_folder_that_cannot_be_written_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home.folder / "mine"
    folder.mkdir()
    # Nobody, as whom other tests try this, may not import what a command needs.
    monkeypatch.setattr(diagnosis, "may_use", lambda path, _mode: path != folder)
    ended = home.call("doctor", "--data-dir", str(folder))
    assert ended.code == 1
    assert problems(ended) == [
        f"{folder} is not writable. Make it writable for you, or name another place with "
        "--data-dir."
    ]


def test_a_file_in_place_of_the_data_folder_is_told(home: Home) -> None:
    (home.folder / "data").write_text("a file")
    ended = home.call("doctor", ".")
    assert ended.code == 1
    assert problems(ended) == [
        f"{home.folder / 'data'} is no folder; name another place with --data-dir."
    ]


def test_a_missing_folder_ends_it_as_it_ends_every_command(home: Home) -> None:
    ended = home.call("doctor", "gone")
    assert (ended.code, ended.out) == (3, "")
    assert "There is no folder gone" in ended.err


def test_an_index_that_an_older_docsearch_left_is_told(home: Home, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    place = IndexLayout.of(notes, home.folder / "data" / "docsearch")
    place.create()
    place.catalog.write_bytes(b"")
    ended = home.call("doctor", str(notes))
    assert ended.code == 1
    assert any("Run `docsearch index` on the folder" in each for each in problems(ended))


def test_a_model_that_is_cut_is_told_with_what_to_run(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(diagnosis, "machine", dict)
    cut = home.folder / "data" / "docsearch" / "models" / "cross-encoder--ms-marco-MiniLM-L6-v2"
    cut.mkdir(parents=True)
    (cut / "model.safetensors").write_bytes(b"cut")
    ended = home.call("doctor")
    assert ended.code == 1
    (told,) = problems(ended)
    assert told.startswith("ms-marco-MiniLM-L6-v2: incomplete. ")
    assert told.endswith("docsearch models pull ms-marco-MiniLM-L6-v2")
