"""An answer explained, kept and made again by the command, with the models that come with it.

The command runs within the test's process, so that torch is imported once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from docsearch.cli.main import run
from tests.cli.command import Ended

QUERY = "what to do when the disk is full"
DOCUMENTS = {
    "disk.md": "# Full disk\n\nWhen the disk is full, delete the old logs first. Then call Ada.\n",
    "bread.txt": "The oven must be hot before the bread goes in.\n",
    "train.txt": "The ticket for the train is valid on both days.\n",
    "odd\x1b[31m.md": "A disk of bread and a full oven. \x1b]0;owned\x07\n",
    ".gitignore": "*.log\n",
    "debug.log": "the disk is full\n",
}
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")

Explain = Callable[..., Ended]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that has been indexed; the user stands in it, and has no other settings."""
    base = tmp_path_factory.mktemp("explained")
    folder = base / "notes"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(base / name))
        patch.chdir(folder)
        assert run(["index", "."]) == 0
        yield folder


@pytest.fixture
def command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Explain:
    def run_here(*words: str) -> Ended:
        code = run(words)
        return Ended(code, *capsys.readouterr())

    return run_here


@pytest.fixture
def explain(command: Explain) -> Explain:
    return lambda *words: command("explain", ".", "--no-index", QUERY, *words)


def data_of(ended: Ended) -> dict[str, Any]:
    assert ended.code == 0, ended.err
    data: dict[str, Any] = json.loads(ended.out)
    return data


def test_the_first_result_is_explained_in_plain_words(explain: Explain) -> None:
    ended = explain()
    assert ended.code == 0, ended.err
    assert "why is this number 1?  disk.md › Full disk:1" in ended.out
    for name in ("why", "score", "random", "read", "cross", "bi", "marks"):
        assert re.search(rf"^ *{name}\b", ended.out, re.MULTILINE), name
    assert "When the disk is full, delete the old logs first." in ended.out
    assert "measuring: words" in ended.err
    assert not CONTROLS.search(ended.out + ended.err)


def test_a_hostile_result_is_only_ever_shown(explain: Explain) -> None:
    hits = data_of(explain("--list", "--json"))["result"]["hits"]
    number = next(at for at, hit in enumerate(hits, start=1) if hit["path"].startswith("odd"))
    ended = explain("--result", str(number))
    assert "odd␛[31m.md" in ended.out
    assert not CONTROLS.search(ended.out + ended.err)


def test_the_json_holds_it_all_and_the_split_sums_to_the_cosine(
    explain: Explain,
) -> None:
    data = data_of(explain("--json"))
    found = data["inspection"]
    split = found["split"]
    total = split["rest"] + sum(each["effect"] for each in split["effects"])
    assert total == pytest.approx(found["hit"]["before"]["score"], abs=1e-4)
    assert found["words"]["pieces"] == len(found["words"]["effects"])
    assert {"disk", "full"} <= {each["text"] for each in found["words"]["effects"]}
    assert found["faithfulness"]["random_drops"]
    assert found["reasons"]
    assert data["movement"]["tau"] <= 1
    assert data["depth"]["total"] == 4
    whole = data_of(explain("--list", "--json"))
    assert whole["missed"] == {"read": 0, "total": 0, "hits": []}


def test_two_results_are_told_apart(explain: Explain) -> None:
    data = data_of(explain("--versus", "3", "--json"))
    assert data["contrast"]["margin"] > 0
    ended = explain("--versus", "3")
    assert re.search(r"^turns +", ended.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("disk.md:3", "reranked"),
        ("debug.log", "ignored by .gitignore, line 1"),
        ("nowhere.md", "no file nowhere.md in the folder"),
    ],
)
def test_a_target_is_followed_to_where_it_was_lost(
    target: str, told: str, explain: Explain
) -> None:
    ended = explain("--target", target)
    assert (ended.code, told in ended.out) == (0, True), ended


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--result", "9"), 2, "There is no result 9; there are 4."),
        (("--target", "disk.md:99"), 2, "it ends with line 3"),
        (("--target", "/etc/hostname"), 2, "not in the folder"),
        (("--versus", "1"), 2, "is the result itself"),
        (("--versus", "2", "--against", "docsearch-mini-v1"), 2, "ask for one of them"),
        (("--list", "--against", "docsearch-mini-v1"), 2, "Ask for one thing"),
        (("--against", "docsearch-mini-v1"), 2, "made this order itself"),
        (("--against", "ms-marco-electra-base"), 6, "docsearch models list"),
        (("--list", "--target", "disk.md"), 2, "Ask for one thing"),
        (("--with-text",), 2, "are for the FILE of --save"),
        (("--list", "--save", "case.json"), 1, "of a whole list its slope graph is kept"),
        (
            ("--list", "--save", "case.json", "--with-text"),
            2,
            "or with --list the slope graph as FILE.svg",
        ),
        (
            ("--versus", "2", "--save", "case.json"),
            2,
            "work with --versus, --against or --target",
        ),
        (("--against", "docsearch-mini-v1", "--save", "case.json"), 2, "of one result (--result)"),
        (("--target", "disk.md", "--save", "case.json"), 2, "of one result (--result)"),
        (("--save", "case.txt"), 1, "ends in neither .json nor .html"),
        (("--save", "disk.md/case.json"), 1, "there is no folder disk.md"),
    ],
)
def test_words_that_do_not_fit_are_refused(
    words: tuple[str, ...], code: int, told: str, explain: Explain
) -> None:
    ended = explain(*words)
    assert (ended.code, ended.out) == (code, "")
    assert told in ended.err
    assert "Traceback" not in ended.err


def test_nothing_found_is_nothing_to_explain(command: Explain) -> None:
    ended = command("explain", ".", "--no-index", "disk ext:pdf")
    assert (ended.code, ended.out) == (0, "")
    assert "Nothing found." in ended.err


def test_an_answer_is_kept_shown_and_made_again(
    command: Explain, explain: Explain, folder: Path, tmp_path: Path
) -> None:
    case, page = tmp_path / "case.json", tmp_path / "case.html"
    kept = explain("--save", str(case), "--save", str(page), "--with-text")
    assert kept.code == 0, kept.err
    assert "delete the old logs" in re.sub(r"<[^>]+>", "", page.read_text())
    data = json.loads(case.read_text())
    assert data["hits"][0]["text"].startswith("# Full disk")
    assert len(data["models"]["cross-encoder"]["files"]["model.safetensors"]) == 64
    assert explain("--save", str(case)).code == 1

    same = command("replay", str(case))
    assert (same.code, "answer  the same: 4 passages" in same.out) == (0, True), same
    logs = folder / "disk.md"
    logs.write_text("# Full disk\n\nBuy a larger disk.\n")
    try:
        ended = command("replay", str(case), str(folder), "--json")
    finally:
        logs.write_text(DOCUMENTS["disk.md"])
    assert ended.code == 7, ended.err
    differences = json.loads(ended.out)
    assert differences["same"] is False
    fates = {each["fate"] for each in differences["alone"] if each["hit"]["path"] == "disk.md"}
    assert fates == {"its text is not in its file any more", "was not among the candidates"}


def test_a_case_decides_neither_which_folder_is_read_nor_which_model_is_loaded(
    command: Explain, explain: Explain, tmp_path: Path
) -> None:
    case, elsewhere = tmp_path / "case.json", tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert explain("--save", str(case)).code == 0
    data = json.loads(case.read_text())
    case.write_text(json.dumps({**data, "index": {**data["index"], "folder": str(elsewhere)}}))
    ended = command("replay", str(case))
    assert (ended.code, ended.out) == (1, "")
    assert "docsearch replay CASE FOLDER" in ended.err
    case.write_text(json.dumps({**data, "reranker": "ms-marco-MiniLM-L6-v2"}))
    ended = command("replay", str(case), "--no-index")
    assert (ended.code, ended.out) == (6, "")
    assert "docsearch models pull ms-marco-MiniLM-L6-v2" in ended.err
    model = elsewhere / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    case.write_text(json.dumps({**data, "reranker": str(model)}))
    ended = command("replay", str(case), "--no-index")
    assert (ended.code, ended.out) == (1, "")
    assert f"--reranker {model}" in ended.err
    case.write_text("{}")
    ended = command("replay", str(case))
    assert (ended.code, "docsearch_case is missing" in ended.err) == (1, True)
