"""What the rest of docsearch sees of the models."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docsearch.domain.errors import ModelError, ModelMissingError
from docsearch.domain.model import Availability, ModelFile
from docsearch.models.descriptions import DESCRIPTIONS
from docsearch.models.registry import ModelRegistry
from docsearch.models.store import RECEIPT, ModelStore
from tests.storage.limits import NOBODY, open_to_all

HEAVY = ("torch", "transformers", "sentence_transformers", "huggingface_hub")


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_fresh_machine_has_what_comes_with_docsearch_and_lists_the_rest(
    registry: ModelRegistry,
) -> None:
    states = registry.states()

    assert tuple(state.description for state in states) == DESCRIPTIONS
    ready = [state.description.name for state in states if state.availability.name == "READY"]
    assert ready == ["all-MiniLM-L6-v2", "docsearch-mini-v1"]


def test_listing_and_counting_load_no_heavy_library(data_dir: Path) -> None:
    result = run_python(
        "import sys; from pathlib import Path\n"
        "from docsearch.models.registry import ModelRegistry\n"
        "registry = ModelRegistry(Path(sys.argv[1]))\n"
        "registry.states(); registry.state('ms-marco-MiniLM-L6-v2', verify=True)\n"
        "registry.state('docsearch-mini-v1', verify=True)\n"
        "registry.announcement('bge-reranker-base'); registry.embedder_fingerprint\n"
        "assert registry.token_counter().token_spans('some words')\n"
        f"print([name for name in {HEAVY} if name in sys.modules])",
        str(data_dir),
    )

    assert (result.stdout.strip(), result.stderr, result.returncode) == ("[]", "", 0)


def test_loading_and_running_models_is_silent_and_needs_no_network(
    data_dir: Path, tiny_model: Path
) -> None:
    result = run_python(
        "import socket, sys; from pathlib import Path\n"
        "def refuse(*arguments): raise AssertionError('a connection was opened')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from docsearch.models.registry import ModelRegistry\n"
        "registry = ModelRegistry(Path(sys.argv[1]))\n"
        "assert registry.load_embedder().embed_query('some words').shape == (1, 384)\n"
        "for name in ('docsearch-mini-v1', sys.argv[2]):\n"
        "    reranker = registry.load_reranker(name)\n"
        "    assert len(reranker.score('bread ' * 600, ['oven ' * 600, 'x'])) == 2\n",
        str(data_dir),
        str(tiny_model),
    )

    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


@pytest.mark.parametrize("name", ["ms-marco-MiniLM-L6-v2", "cross-encoder/ms-marco-MiniLM-L6-v2"])
def test_a_missing_model_says_which_how_big_from_where_and_what_to_do(
    registry: ModelRegistry, name: str
) -> None:
    with pytest.raises(ModelMissingError) as caught:
        registry.load_reranker(name)

    said = str(caught.value)
    assert "ms-marco-MiniLM-L6-v2 is not on this disk" in said
    assert "92 MB from https://huggingface.co/cross-encoder/ms-marco-MiniLM-L6-v2" in said
    assert "docsearch models pull ms-marco-MiniLM-L6-v2" in said


def test_a_download_is_announced_with_size_and_source(
    registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert registry.announcement("ms-marco-electra-base") == (
        "ms-marco-electra-base: about 438 MB from "
        "https://huggingface.co/cross-encoder/ms-marco-electra-base"
    )
    assert registry.announcement("docsearch-mini-v1") == (
        "docsearch-mini-v1: 46 MB, nothing to download"
    )
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/")
    assert registry.announcement("bge-reranker-base") == (
        "bge-reranker-base: 1.1 GB from https://mirror.example/BAAI/bge-reranker-base"
    )
    assert (
        registry.announcement("x/y") == "x/y: size not known yet, from https://mirror.example/x/y"
    )


def test_a_folder_of_ones_own_is_a_model(registry: ModelRegistry, tiny_model: Path) -> None:
    name = str(tiny_model)

    state = registry.state(name, verify=True)

    assert state.availability is Availability.READY
    assert state.folder == name
    assert registry.load_reranker(name).name == name
    assert len(registry.states()) == len(DESCRIPTIONS)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs two users")
@pytest.mark.parametrize("unreadable", ["model.safetensors", "receipt.json", "."])
def test_a_model_that_may_not_be_read_is_incomplete_and_says_what_to_do(
    tiny_model: Path, unreadable: str
) -> None:
    with open_to_all() as data_dir:
        registry = ModelRegistry(data_dir)
        folder = data_dir / "models" / "someone--tiny"
        shutil.copytree(tiny_model, folder)
        for each in (folder, *folder.parents[:1], *folder.iterdir()):
            each.chmod(0o755)
        description = registry.state("someone/tiny").description
        files = [ModelFile(path.name, path.stat().st_size) for path in folder.iterdir()]
        ModelStore(data_dir / "models").write_receipt(description, "main", files)
        (folder / RECEIPT).chmod(0o644)
        (folder / unreadable).chmod(0)
        os.seteuid(NOBODY)
        try:
            state = registry.state("someone/tiny", verify=True)
        finally:
            os.seteuid(0)
    assert state.availability is Availability.INCOMPLETE
    told = " ".join(state.problems)
    assert str(folder) in told
    assert "Make it readable for you." in told
    assert "docsearch models pull someone/tiny" in told


def test_what_was_not_downloaded_is_neither_fetched_nor_removed(
    registry: ModelRegistry, tiny_model: Path
) -> None:
    def never(progress: object) -> None:
        raise AssertionError

    for name in ("all-MiniLM-L6-v2", "docsearch-mini-v1", str(tiny_model)):
        registry.pull(name, never)
        with pytest.raises(ModelError, match="was not downloaded"):
            registry.remove(name)
        assert registry.state(name, verify=True).availability is Availability.READY


def test_an_older_revision_on_disk_is_not_used(
    registry: ModelRegistry, data_dir: Path, tiny_model: Path
) -> None:
    folder = data_dir / "models" / "cross-encoder--ms-marco-MiniLM-L6-v2"
    folder.mkdir(parents=True)
    (folder / "receipt.json").write_text('{"revision": "0123456789abcdef", "files": {}}')

    state = registry.state("ms-marco-MiniLM-L6-v2")

    assert state.availability is Availability.INCOMPLETE
    assert "Another revision" in state.problems[0]
    with pytest.raises(ModelMissingError, match="Another revision"):
        registry.load_reranker("ms-marco-MiniLM-L6-v2")


@pytest.mark.parametrize("receipt", ["", "null", "[]", '{"revision": 1}', '{"files": {"a": 1}}'])
def test_a_torn_receipt_is_an_unfinished_download(
    registry: ModelRegistry, data_dir: Path, receipt: str
) -> None:
    folder = data_dir / "models" / "someone--tiny"
    folder.mkdir(parents=True)
    (folder / "receipt.json").write_text(receipt)

    assert registry.state("someone/tiny").availability is Availability.INCOMPLETE
    assert registry.states()[-1].description.hub_id == "someone/tiny"


def test_a_stray_folder_among_the_models_is_passed_over(
    registry: ModelRegistry, data_dir: Path
) -> None:
    for name in ("lost+found", "a--b--c", "--", "x--", "a b--c"):
        (data_dir / "models" / name).mkdir(parents=True)

    assert len(registry.states()) == len(DESCRIPTIONS)


def test_a_model_on_disk_tells_its_commit_and_the_hash_of_every_file(
    registry: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    boxed = registry.provenance("docsearch-mini-v1")
    assert boxed.files
    assert all(len(file.sha256 or "") == 64 for file in boxed.files)
    folder = Path(shutil.copytree(tiny_model, tmp_path / "copy"))
    before = registry.provenance(str(folder))
    (folder / "config.json").write_text("{}")
    after = registry.provenance(str(folder))
    assert {file.name for file in before.files} == {file.name for file in after.files}
    assert before.files != after.files
    with pytest.raises(ModelMissingError):
        registry.provenance("ms-marco-MiniLM-L6-v2")
