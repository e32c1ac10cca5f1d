"""Reranking with a service: only for who names it and has a key, and never without a word."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import Home
from tests.standins.cohere import CohereStandIn

NAME = "cohere-rerank-v3.5"
LEAVES = f"{NAME} is a service: query and passages leave this machine"


def test_a_service_is_asked_once_and_only_when_it_may_be(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, text in {
        "bread": "The oven bakes bread.",
        "train": "A ticket for the train.",
    }.items():
        (folder / f"{name}.txt").write_text(text)
    words = ("query", str(folder), "bread oven", "--json", "--reranker", NAME)
    with CohereStandIn() as service:
        account = {"DOCSEARCH_COHERE_URL": service.address, "COHERE_API_KEY": "a-key"}
        offline = home.call(*words, "--offline", cwd=None, **account)
        before = list(service.requests)
        asked = home.call(*words, cwd=None, **account)

    assert before == []
    assert json.loads(offline.out)["reranker"] is None
    assert "docsearch is offline" in offline.err
    answer = json.loads(asked.out)
    assert answer["reranker"] == NAME
    assert answer["hits"][0]["path"] == "bread.txt"
    assert LEAVES in asked.err
    assert [len(request.body["documents"]) for request in service.requests] == [2]
    stored = [path for path in home.folder.rglob("*") if path.is_file()]
    assert stored
    assert not any(b"a-key" in path.read_bytes() for path in stored)


def test_there_is_nothing_to_pull_or_to_delete(home: Home) -> None:
    pulled = home.call("models", "pull", NAME)

    assert (pulled.code, pulled.out) == (6, "")
    assert pulled.err.startswith(f"Model: {NAME} is a service, nothing to download. Set COHERE_API")
    assert home.call("models", "pull", NAME, COHERE_API_KEY="a-key").out == f"{NAME} is ready.\n"
    assert home.call("models", "remove", NAME).code == 6
