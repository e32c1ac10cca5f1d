"""What `docsearch models list` tells of each reranker."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from docsearch.domain.speed import Speed
from docsearch.serving.speeds import Speeds
from tests.cli.command import Home


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory in which one reranker has been measured."""
    folder = tmp_path / "data"
    speeds = Speeds(folder / "speeds.json")
    speeds.record("docsearch-mini-v1", "any", Speed(pairs=50, tokens=6000, seconds=2.0))
    speeds.save()
    return folder


def test_size_window_scores_and_measured_speed(home: Home, data: Path) -> None:
    lines = home.call("models", "list", "--data-dir", str(data)).out.splitlines()
    mini = next(line for line in lines if line.startswith("docsearch-mini-v1"))
    assert re.search(r"ready +46 MB +512 tokens +logit +25 pairs/s", mini)
    sts = next(line for line in lines if line.startswith("stsb-roberta-large"))
    assert re.search(r"512 tokens +similarity +not measured yet", sts)
    embedder = next(line for line in lines if line.startswith("all-MiniLM-L6-v2"))
    assert "pairs/s" not in embedder
    assert "measured" not in embedder


def test_the_same_as_data(home: Home, data: Path) -> None:
    listed = home.call("models", "list", "--json", "--data-dir", str(data)).out
    by_name = {each["name"]: each for each in json.loads(listed)}
    assert by_name["docsearch-mini-v1"]["pairs_per_second"] == 25
    assert by_name["docsearch-mini-v1"]["tokens_per_second"] == 3000
    assert by_name["stsb-roberta-large"]["pairs_per_second"] is None
