"""The commands that work on a folder, as a user gives them, with the real embedding model."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.terminal import Terminal
from docsearch import __version__
from docsearch.storage.layout import IndexLayout
from tests.cli.command import TIMEOUT, Ended, Home
from tests.standins.hub import HubStandIn
from tests.standins.tiny_models import write_cross_encoder

HOSTILE = "odd\x1b[31m\nname.md"
DOCUMENTS = {
    "ops/disk.md": "# Full disk\n\nWhen the disk is full, delete old logs first.\n",
    "ops/backup.md": "# Backup\n\nThe backup starts at two and restores are tested weekly.\n",
    "home/bread.txt": "The oven must be hot before the bread goes in.\n",
    "home/train.txt": "The ticket for the train is valid on both days.\n",
    HOSTILE: "# \x1b]0;owned\x07\n\nA disk of bread and a full oven.\n",
    ".gitignore": "*.log\n",
    "debug.log": "the disk is full\n",
    "picture.png": "\x89PNG\r\n\x1a\n\x00\x00\x00",
}
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Indexed:
    """A folder that has been indexed, the home of whoever did it, and how that went."""

    home: Home
    folder: Path
    ended: Ended

    def call(self, *words: str, **environment: str) -> Ended:
        return self.home.call(*words, cwd=self.folder, **environment)

    def run(self, *words: str, **environment: str) -> Ended:
        return self.home.run(*words, cwd=self.folder, **environment)


def write(folder: Path, documents: dict[str, str]) -> None:
    for name, text in documents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("latin-1"))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    base = tmp_path_factory.mktemp("commands")
    home, folder = Home(base / "home"), base / "my notes"
    home.folder.mkdir()
    write(folder, DOCUMENTS)
    return Indexed(home, folder, home.run("index", str(folder)))


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("models") / "tiny")


def words_of(json_text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json_text)
    return data


def test_index_says_what_it_did(indexed: Indexed) -> None:
    assert (indexed.ended.code, indexed.ended.out.splitlines()[0]) == (
        *(0, "5 files and 5 chunks are indexed, 1 file skipped."),
    )
    assert "5 chunks embedded" in indexed.ended.out
    assert "indexing: " in indexed.ended.err
    assert "\x1b" not in indexed.ended.err


def test_a_second_index_has_nothing_to_embed(indexed: Indexed) -> None:
    ended = indexed.call("index", ".")
    assert ended.code == 0
    assert "0 chunks embedded" in ended.out


def test_query_ranks_with_the_real_models_in_both_orders(indexed: Indexed, reranker: Path) -> None:
    ended = indexed.run("query", ".", "the disk is full", "--json", "--reranker", str(reranker))
    assert ended.code == 0, ended.err
    data = words_of(ended.out)
    by_before = sorted(data["hits"], key=lambda hit: hit["before"]["rank"])
    assert by_before[0]["path"] == "ops/disk.md"
    assert by_before[0]["headings"][-1] == "Full disk"
    assert len(by_before) == 5
    assert [hit["after"]["rank"] for hit in data["hits"]] == [1, 2, 3, 4, 5]
    raw = [hit["after"]["raw"] for hit in data["hits"]]
    assert raw == sorted(raw, reverse=True)
    assert all(0 <= hit["after"]["unit"] <= 1 for hit in data["hits"])
    assert sum(hit["movement"] for hit in data["hits"]) == 0
    assert (data["timings"]["pairs"], data["timings"]["windows"]) == (5, 5)
    assert data["timings"]["embed"] > 0


def test_a_query_sees_what_has_changed_unless_told_not_to(indexed: Indexed) -> None:
    new = indexed.folder / "cellar.txt"
    new.write_text("Potatoes keep in the cellar.\n")
    try:
        asked = ("query", ".", "potatoes", "--source", "bm25", "--json")
        assert words_of(indexed.call(*asked, "--no-index").out)["hits"] == []
        assert [hit["path"] for hit in words_of(indexed.call(*asked).out)["hits"]] == ["cellar.txt"]
    finally:
        new.unlink()
    assert words_of(indexed.call(*asked).out)["hits"] == []


def test_piped_it_is_plain_columns_and_says_the_rest_on_stderr(indexed: Indexed) -> None:
    asked = ("query", ".", "--no-index", "--source", "bm25", "--reranker", "ms-marco-MiniLM-L6-v2")
    ended = indexed.run(*asked, "full disk after:soon")
    assert ended.code == 0
    rows = [re.split(r"  +", line.strip()) for line in ended.out.splitlines()]
    assert rows[0] == ["rank", "bm25", "file › heading", "passage"]
    assert rows[1][2] == "ops/disk.md › Full disk:1"
    assert not CONTROLS.search(ended.out + ended.err)
    assert "odd␛[31m␤name.md" in ended.out.replace("␛[31m name", "␛[31m␤name")
    assert "searched as plain text: after:soon" in ended.err
    assert "reranker: off (not downloaded)" in ended.err
    assert "ms-marco-MiniLM-L6-v2: 92 MB from " in ended.err
    assert "docsearch models pull ms-marco-MiniLM-L6-v2" in ended.err


def test_a_reranker_by_its_hub_id_is_also_told_how_to_fetch(indexed: Indexed) -> None:
    asked = ("query", ".", "--no-index", "--source", "bm25", "--reranker")
    ended = indexed.call(*asked, "someone/reranker", "full disk")
    assert "reranker: off (not downloaded)" in ended.err
    assert "docsearch models pull someone/reranker" in ended.err


def test_an_empty_query_is_told_of_and_nothing_else(indexed: Indexed) -> None:
    ended = indexed.call("query", ".", "--no-index", "  ")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.splitlines() == ["Nothing found.", "the query is empty"]


def test_top_and_filters_choose(indexed: Indexed) -> None:
    asked = ("query", ".", "--no-index", "--source", "bm25", "--reranker", "none")
    ended = indexed.call(*asked, "--top", "1", "disk", "ext:md")
    assert len(ended.out.splitlines()) == 2
    assert "models pull" not in ended.err
    ended = indexed.call(*asked, "path:home", "--json")
    assert {hit["path"] for hit in words_of(ended.out)["hits"]} == {
        "home/bread.txt",
        "home/train.txt",
    }
    nothing = indexed.call(*asked, "disk ext:pdf")
    assert (nothing.code, nothing.out) == (0, "")
    assert "Nothing found." in nothing.err
    assert "no passage matches the filters" in nothing.err


@pytest.mark.parametrize(
    "typed",
    ["   ", "👩‍💻 🎉", 'AND OR NOT NEAR( * ^ " : -', "disk " * 20_000],
    ids=["blank", "emoji", "operators", "long"],
)
def test_any_query_at_all_ends_well(indexed: Indexed, typed: str) -> None:
    ended = indexed.call("query", ".", "--no-index", "--source", "bm25", "--json", "--", typed)
    assert ended.code == 0, ended.err
    assert isinstance(words_of(ended.out)["hits"], list)


def on_a_terminal(indexed: Indexed, *words: str, **environment: str) -> Terminal:
    return Terminal(
        [sys.executable, "-m", "docsearch", *words],
        indexed.home.environment(**environment),
        columns=90,
        folder=indexed.folder,
    )


def test_on_a_terminal_it_is_a_coloured_table(indexed: Indexed) -> None:
    asked = ("query", ".", "--no-index", "--source", "bm25", "full disk")
    with on_a_terminal(indexed, *asked) as screen:
        assert screen.wait_for_exit() == 0
        assert b"\x1b[" in screen.raw
        assert "ops/disk.md › Full disk:1" in screen.text
        assert "odd␛[31m" in screen.text


def test_no_color_leaves_no_escape_sequence(indexed: Indexed) -> None:
    asked = ("query", ".", "--no-index", "--source", "bm25", "full disk")
    with on_a_terminal(indexed, *asked, NO_COLOR="1") as screen:
        assert screen.wait_for_exit() == 0
        assert b"\x1b" not in screen.raw
        assert "ops/disk.md › Full disk:1" in screen.text


def test_a_reader_that_goes_away_is_no_error(indexed: Indexed) -> None:
    asked = ["query", ".", "--no-index", "--source", "bm25", "--reranker", "none", "--json", "disk"]
    read, write_end = os.pipe()
    os.close(read)
    with os.fdopen(write_end, "wb") as out:
        ended = subprocess.run(
            [sys.executable, "-m", "docsearch", *asked],
            env=indexed.home.environment(),
            cwd=indexed.folder,
            stdout=out,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr
    assert b"BrokenPipe" not in ended.stderr


def test_ctrl_c_ends_indexing_cleanly(indexed: Indexed, tmp_path: Path) -> None:
    many = tmp_path / "many"
    write(many, {f"{number}.txt": f"Page {number}. " * 200 for number in range(300)})
    process = subprocess.Popen(
        [sys.executable, "-m", "docsearch", "index", str(many)],
        env=indexed.home.environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("indexing: "):
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 130
    assert err.endswith("Stopped.\n")
    assert "Traceback" not in err
    assert indexed.home.call("status", str(many)).code == 0


def test_status_lists_what_is_indexed_and_what_was_skipped_and_why(indexed: Indexed) -> None:
    ended = indexed.call("status", ".")
    assert ended.code == 0
    assert "indexed  5 files, 5 chunks" in ended.out
    assert "to do    nothing, the index is up to date" in ended.out
    assert "  picture.png: binary file" in ended.out
    assert "debug.log" not in ended.out
    assert not CONTROLS.search(ended.out)
    assert "  debug.log: " in indexed.call("status", ".", "--show-ignored").out


def test_status_as_data(indexed: Indexed) -> None:
    data = words_of(indexed.call("status", ".", "--json", "--show-ignored").out)
    assert (data["files"], data["chunks"], data["bytes_on_disk"] > 0) == (5, 5, True)
    assert data["readers"]["Markdown"] == 3
    assert data["to_do"] == {"new": 0, "changed": 0, "moved": 0, "gone": 0, "stale": 0}
    assert [each["path"] for each in data["skipped"]] == ["picture.png"]
    assert "debug.log" in [each["path"] for each in data["ignored"]]


def test_status_tells_what_is_to_be_done(indexed: Indexed) -> None:
    new = indexed.folder / "new.txt"
    new.write_text("new")
    try:
        assert "to do    1 new" in indexed.call("status", ".").out
        status = indexed.call("status", ".", "--chunk-tokens", "128").out
        assert re.search(r"1 new, [56] read with other settings or by another version", status)
    finally:
        new.unlink()


def test_a_folder_that_was_never_indexed(indexed: Indexed, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    ended = indexed.home.call("status", str(tmp_path))
    assert ended.code == 0
    assert "none yet; `docsearch index` makes it" in ended.out
    assert "to do    1 new" in ended.out
    ended = indexed.home.call("query", str(tmp_path), "a", "--no-index")
    assert ended.code == 5
    assert ended.err.startswith("Index: There is no index at ")


def test_a_data_directory_that_cannot_be_made_is_told(indexed: Indexed) -> None:
    ended = indexed.call("index", ".", "--data-dir", str(indexed.folder / "picture.png" / "data"))
    assert ended.code == 5
    assert "--data-dir" in ended.err
    assert "Traceback" not in ended.err


def test_models_are_listed_and_none_is_fetched_offline(indexed: Indexed) -> None:
    listed = indexed.run("models", "list").out
    assert re.search(r"all-MiniLM-L6-v2 +bi-encoder +ready", listed)
    assert re.search(r"docsearch-mini-v1 +cross-encoder +ready", listed)
    assert re.search(r"ms-marco-MiniLM-L6-v2 +cross-encoder +not downloaded", listed)
    data = json.loads(indexed.call("models", "list", "--json").out)
    assert data[0]["availability"] == "ready"
    ended = indexed.call("models", "pull", "--offline")
    assert (ended.code, ended.out) == (0, "docsearch-mini-v1 is ready.\n")
    ended = indexed.call("models", "pull", "--offline", "ms-marco-MiniLM-L6-v2")
    assert (ended.code, ended.out) == (6, "")
    assert ended.err.startswith("Model: ms-marco-MiniLM-L6-v2 is not downloaded")
    assert indexed.call("models", "pull", "no such/model").code == 6
    assert indexed.call("models", "remove", "ms-marco-MiniLM-L6-v2").code == 6
    ended = indexed.call("models", "remove", "docsearch-mini-v1")
    assert (ended.code, "is a part of docsearch" in ended.err) == (6, True)
    ended = indexed.call("models", "pull", DOCSEARCH_RERANKER="none")
    assert (ended.code, ended.err) == (
        *(2, "Usage: The settings name no reranker; say which model to fetch.\n"),
    )


def test_a_model_is_announced_fetched_listed_and_deleted(indexed: Indexed, reranker: Path) -> None:
    with HubStandIn() as hub:
        hub.publish("someone/tiny", reranker)
        pulled = indexed.run("models", "pull", "someone/tiny", HF_ENDPOINT=hub.address)
    assert (pulled.code, pulled.out) == (0, "someone/tiny is ready.\n"), pulled.err
    assert pulled.err.startswith("fetching someone/tiny: ")
    assert hub.address in pulled.err
    assert "\x1b" not in pulled.err
    assert re.search(r"someone/tiny +cross-encoder +ready", indexed.call("models", "list").out)
    assert indexed.call("models", "remove", "someone/tiny").out == "someone/tiny is deleted.\n"
    assert "someone/tiny" not in indexed.call("models", "list").out


def test_doctor_finds_a_sound_machine_sound(indexed: Indexed) -> None:
    ended = indexed.run("doctor", ".", "--json")
    assert ended.code == 0, ended.out + ended.err
    data = words_of(ended.out)
    assert data["problems"] == []
    assert data["software"]["docsearch"] == __version__
    assert data["software"]["torch"]
    assert data["machine"]["CPU features"]
    assert data["models"]["all-MiniLM-L6-v2"]["state"] == "ready"
    assert len(data["models"]["all-MiniLM-L6-v2"]["sha256 of the weights"]) == 64
    assert (data["index"]["files"], data["index"]["stale files"]) == (5, 0)
    assert data["index"]["fingerprint of the vectors"]
    assert re.fullmatch(r"5, 7\.\d kB: float32, exact", data["index"]["vectors in memory"])
    assert data["watching"]["state"] in {"watching", "polling"}


def test_doctor_tells_of_an_index_that_is_torn(indexed: Indexed, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    place = IndexLayout.of(tmp_path, indexed.home.folder / "data" / "docsearch").folder
    place.mkdir(parents=True)
    (place / "index.sqlite").write_bytes(b"torn" * 4000)
    ended = indexed.home.call("doctor", str(tmp_path))
    assert ended.code == 1
    problems = ended.out.split("\nproblems\n")[1]
    assert str(place / "index.sqlite") in problems
    assert indexed.home.call("query", str(tmp_path), "a", "--no-index").code == 5
