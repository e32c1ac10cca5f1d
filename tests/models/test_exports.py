"""Exports are whole and of the right weights, or they are made again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from docsearch.domain.errors import ModelError
from docsearch.domain.model import ModelFile
from docsearch.models.openvino.exports import MANIFEST, ExportStore

SOURCES = (ModelFile("model.safetensors", 3, "aa"),)
OTHERS = (ModelFile("model.safetensors", 3, "bb"),)


@pytest.fixture
def store(tmp_path: Path) -> ExportStore:
    return ExportStore(tmp_path / "networks")


def writer(text: str) -> Callable[[Path], dict[str, int]]:
    def write(draft: Path) -> dict[str, int]:
        (draft / "network.xml").write_text(text)
        (draft / "network.bin").write_bytes(b"\0" * 64)
        return {"window": 512}

    return write


def make(store: ExportStore, text: str = "graph", sources: tuple[ModelFile, ...] = SOURCES) -> str:
    export = store.make("some/model", "int8", sources, writer(text))
    assert export.facts == {"window": 512}
    return (export.folder / "network.xml").read_text()


def test_an_export_is_made_once(store: ExportStore) -> None:
    assert store.find("some/model", "int8", SOURCES) is None

    assert make(store, "first") == "first"
    assert make(store, "second") == "first"

    found = store.find("some/model", "int8", SOURCES)
    assert found is not None
    assert found.facts == {"window": 512}


def test_other_weights_another_kind_or_another_model_have_no_part_in_it(store: ExportStore) -> None:
    make(store)

    assert store.find("some/model", "int8", OTHERS) is None
    assert store.find("some/model", "float32", SOURCES) is None
    assert store.find("some-model", "int8", SOURCES) is None
    assert make(store, "newer", OTHERS) == "newer"
    assert store.find("some/model", "int8", SOURCES) is None


def cut_graph(folder: Path) -> None:
    (folder / "network.bin").write_bytes(b"\0" * 63)


def change_graph(folder: Path) -> None:
    (folder / "network.xml").write_text("grape")


def lose_graph(folder: Path) -> None:
    (folder / "network.bin").unlink()


def lose_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def cut_manifest(folder: Path) -> None:
    whole = (folder / MANIFEST).read_bytes()
    (folder / MANIFEST).write_bytes(whole[: len(whole) // 2])


def misshape_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text("[]")


@pytest.mark.parametrize(
    "spoil",
    [cut_graph, change_graph, lose_graph, lose_manifest, cut_manifest, misshape_manifest],
)
def test_a_torn_export_is_none_and_is_made_again(
    store: ExportStore, spoil: Callable[[Path], None]
) -> None:
    spoil(store.make("some/model", "int8", SOURCES, writer("graph")).folder)

    assert store.find("some/model", "int8", SOURCES) is None
    assert make(store, "again") == "again"
    assert store.find("some/model", "int8", SOURCES) is not None


def test_an_export_of_another_version_of_openvino_is_made_again(
    store: ExportStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(store)

    monkeypatch.setattr("docsearch.models.openvino.exports.version", lambda _name: "2031.1")

    assert store.find("some/model", "int8", SOURCES) is None


def test_what_is_interrupted_leaves_nothing_behind(store: ExportStore, tmp_path: Path) -> None:
    def interrupted(draft: Path) -> dict[str, int]:
        (draft / "network.xml").write_text("half of")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.make("some/model", "int8", SOURCES, interrupted)

    assert store.find("some/model", "int8", SOURCES) is None
    assert [each.name for each in (tmp_path / "networks").iterdir() if each.is_dir()] == []


def test_an_older_export_stays_until_the_newer_one_is_whole(store: ExportStore) -> None:
    make(store)

    def interrupted(_draft: Path) -> dict[str, int]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.make("some/model", "int8", OTHERS, interrupted)

    assert store.find("some/model", "int8", SOURCES) is not None


def test_a_disk_that_takes_nothing_is_an_error_that_names_the_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = ExportStore(tmp_path / "file" / "networks")

    with pytest.raises(ModelError, match=r"Cannot keep .* in .*networks"):
        make(store)


def test_what_a_killed_process_left_goes_with_the_next(store: ExportStore, tmp_path: Path) -> None:
    folder = store.make("some/model", "int8", SOURCES, writer("first")).folder
    left = folder.with_name(f"making-{folder.name}-x1")
    others = folder.with_name("making-another-int8-x2")
    for each in (left, others):
        (each / "new").mkdir(parents=True)

    assert make(store, "newer", OTHERS) == "newer"

    assert not left.exists()
    assert others.exists(), "somebody may be at it"
