from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from docsearch.models.cores import usable_cores, usable_threads
from docsearch.models.descriptions import BOXED
from docsearch.models.registry import ModelRegistry
from docsearch.models.torch import network as torch_network
from tests.standins.tiny_models import write_cross_encoder


@pytest.fixture(autouse=True)
def sixteen_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)


@pytest.mark.parametrize(
    ("quota", "cores"),
    [
        ("max 100000\n", 16),
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("50000 100000\n", 1),
        ("0 100000\n", 1),
        ("99900000 100000\n", 16),
        ("inf 100000\n", 16),
        ("200000 0\n", 16),
        ("200000\n", 16),
        ("\udcff", 16),
        ("", 16),
    ],
)
def test_a_containers_share_of_the_processors_is_kept_to(
    tmp_path: Path, quota: str, cores: int
) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(quota, errors="surrogateescape")
    assert usable_cores(file) == cores


def test_where_there_is_no_quota_the_cores_are_those_of_the_affinity(tmp_path: Path) -> None:
    assert usable_cores(tmp_path / "nothing") == 16
    assert usable_cores(tmp_path) == 16


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 2), (4, 4), (5, 4), (16, 15)])
def test_of_more_than_four_cores_one_is_left_to_the_screen(
    tmp_path: Path, cores: int, threads: int
) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(f"{cores}00000 100000\n")
    assert usable_threads(file) == threads


@pytest.fixture
def torch_threads() -> Iterator[None]:
    """Torch's own number of threads is put back."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("torch_threads")
@pytest.mark.parametrize("kind", ["bi-encoder", "boxed", "cross-encoder"])
def test_a_model_on_torch_computes_with_the_usable_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(torch_network, "usable_threads", lambda: 2)
    torch.set_num_threads(3)
    models = ModelRegistry(tmp_path / "data", offline=True)

    if kind == "bi-encoder":
        models.load_embedder()
    elif kind == "boxed":
        models.load_reranker(BOXED.name)
    else:
        models.load_reranker(str(write_cross_encoder(tmp_path / "model")))

    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("torch_threads")
def test_whoever_gives_torch_fewer_threads_is_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_network, "usable_threads", lambda: 2)
    torch.set_num_threads(1)

    ModelRegistry(tmp_path / "data", offline=True).load_reranker(BOXED.name)

    assert torch.get_num_threads() == 1
