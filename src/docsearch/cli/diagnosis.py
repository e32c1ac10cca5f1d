"""What `docsearch doctor` finds: the machine, the parts, the models, one folder's index.

In: the configuration, and perhaps a folder. Out: facts under headings, and the problems among them
in sentences. Repairs nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docsearch.cases.facts import PACKAGES, versions
from docsearch.cli.configuration import Configuration
from docsearch.cli.tuning_report import kept_in_words
from docsearch.domain.errors import DocsearchError
from docsearch.domain.model import Availability, ModelKind, ModelState
from docsearch.domain.runtime import REFERENCE
from docsearch.domain.safe_text import safe_line
from docsearch.domain.settings import Settings
from docsearch.domain.wording import size
from docsearch.engine.compose import open_library
from docsearch.files import may_use
from docsearch.ingest.discover import require_folder
from docsearch.models.registry import ModelRegistry
from docsearch.models.torch.network import torch_facts
from docsearch.serving.machine import machine as cpu
from docsearch.serving.paths import data_dir, index_layout
from docsearch.serving.tuned_models import model_registry, tunings
from docsearch.serving.tunings import Tunings
from docsearch.storage.beside import (
    is_stopped,
    problems_beside,
    problems_of_access,
    writer,
)
from docsearch.storage.layout import IndexLayout
from docsearch.storage.sqlite import has_full_text
from docsearch.watching.folder_watcher import FolderWatcher

Facts = dict[str, Any]


_LEAST_FREE_BYTES = 500_000_000
_LEFT_ALONE = (Availability.NOT_DOWNLOADED, Availability.NO_KEY, Availability.NO_NETWORK)
"""What is no fault in a model that nobody needs."""


@dataclass(slots=True)
class Diagnosis:
    """Facts by heading and name, and what is wrong."""

    facts: dict[str, Facts] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def as_data(self) -> Facts:
        """For a program."""
        return {**self.facts, "problems": self.problems}

    def in_words(self) -> Iterator[str]:
        """Lines for a person, safe to show."""
        for heading, facts in self.facts.items():
            yield heading
            width = max(map(len, facts), default=0)
            for name, value in facts.items():
                yield f"  {safe_line(name):<{width}}  {safe_line(_in_words(value))}"
        yield "problems" if self.problems else "no problems"
        for each in self.problems:
            yield f"  {safe_line(each)}"


def diagnose(folder: Path | None, configuration: Configuration) -> Diagnosis:
    """Look at everything; what cannot be looked at is a problem, not an error.

    Raises FolderError for a folder that is none.
    """
    found = Diagnosis()
    settings = configuration.settings
    if folder is not None:
        folder = require_folder(folder)
    found.facts["software"] = software(found.problems)
    found.facts["machine"] = machine()
    found.facts["places"] = _places(configuration, found.problems)
    found.facts["models"] = _models(settings, found.problems)
    if folder is not None:
        found.facts["index"] = _index(folder, settings, found.problems)
        found.facts["watching"] = _watching(folder, found.problems)
    return found


def _places(configuration: Configuration, problems: list[str]) -> Facts:
    place = data_dir(configuration.settings)
    there = next(each for each in (place, *place.absolute().parents) if _is_there(each))
    free = shutil.disk_usage(there).free
    if not there.is_dir():
        problems.append(f"{there} is no folder; name another place with --data-dir.")
    elif not may_use(there, os.W_OK | os.X_OK):
        problems.append(
            f"{there} is not writable. Make it writable for you, or name another place with "
            "--data-dir."
        )
    if free < _LEAST_FREE_BYTES:
        problems.append(
            f"Only {size(free)} are free where the indexes and models lie ({there}). Make room, or "
            "name another place with --data-dir."
        )
    return {
        "settings": str(configuration.file) if _is_there(configuration.file) else None,
        "data": str(place),
        "free": size(free),
    }


def _is_there(path: Path) -> bool:
    """Below a folder that may not be looked into, nothing is."""
    try:
        return path.exists()
    except OSError:
        return False


def _models(settings: Settings, problems: list[str]) -> Facts:
    registry = model_registry(settings)
    measured = tunings(settings, registry)
    facts: Facts = {}
    for each in registry.states():
        state = registry.state(each.description.name, verify=True)
        facts[state.description.name] = _model(state, registry, measured)
        needed = state.description.kind is ModelKind.BI_ENCODER
        absent = state.availability in _LEFT_ALONE and not needed
        if state.availability is not Availability.READY and not absent:
            why = " ".join(state.problems)
            problems.append(f"{state.description.name}: {state.availability}. {why}".strip())
    return facts


def _model(state: ModelState, registry: ModelRegistry, measured: Tunings) -> Facts:
    facts: Facts = {"state": str(state.availability), "folder": state.folder}
    if state.availability is Availability.READY:
        files = state.description.files
        weights = [each.sha256 for each in files if each.name.endswith(".safetensors")]
        facts["sha256 of the weights"] = weights[0] if weights else None
        if not state.description.hosted:
            facts["runs on"] = _runs_on(state.description.name, registry, measured)
    return facts


def _runs_on(name: str, registry: ModelRegistry, measured: Tunings) -> str:
    tuning = measured.of(name)
    if tuning is None:
        return f"{REFERENCE}, not tuned yet; run: docsearch tune"
    if not registry.is_exported(name, tuning.kept.choice):
        return f"{REFERENCE}: what {tuning.kept.choice} needs is gone; run: docsearch tune"
    return kept_in_words(tuning)


def _index(folder: Path, settings: Settings, problems: list[str]) -> Facts:
    layout = index_layout(folder, settings)
    facts: Facts = {"folder": str(folder), "place": str(layout.folder)}
    try:
        problems += problems_of_access(layout)
        if not layout.exists():
            return {**facts, "files": 0}
        facts["written by"] = _writer(layout, problems)
        library = open_library(folder, settings, read_only=True)
        try:
            problems += library.integrity()
            problems += problems_beside(layout)
            files, chunks, skipped = library.counts()
            vectors = library.vector_memory()
            return {
                **facts,
                "files": files,
                "chunks": chunks,
                "skipped": skipped,
                "stale files": len(library.stale_paths()),
                "vectors in memory": f"{vectors.count:,}, {size(vectors.size)}: {vectors.form}",
                "generation": library.generation,
                "fingerprint of the vectors": model_registry(settings).embedder_fingerprint,
            }
        finally:
            library.close()
    except DocsearchError as error:
        problems.append(str(error))
        return facts


def _writer(layout: IndexLayout, problems: list[str]) -> str | None:
    process = writer(layout)
    if process is None:
        return None
    if is_stopped(process):
        problems.append(
            f"Process {process} keeps the index to itself and is stopped, so no other docsearch "
            f"can write. Run: kill -CONT {process}, or end it; what it has committed is safe."
        )
    return f"process {process}"


def _watching(folder: Path, problems: list[str]) -> Facts:
    watcher = FolderWatcher(folder, lambda _: None)
    try:
        watcher.start()
        return {"state": str(watcher.mode), "notice": watcher.notice}
    except DocsearchError as error:
        problems.append(str(error))
        return {}
    finally:
        watcher.stop()


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{name} {_in_words(each)}" for name, each in value.items() if each)
        return ", ".join(pairs)
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return "none" if value is None else str(value)


def software(problems: list[str]) -> Facts:
    """Versions of docsearch and of what it stands on; what is missing is added to `problems`."""
    facts: Facts = {**versions()}
    if not has_full_text():
        problems.append("This Python's SQLite has no FTS5, so nothing can be searched by words.")
    for package in PACKAGES:
        if facts[package] is None:
            problems.append(f"The package {package} is not installed; install docsearch again.")
    return facts


def machine() -> Facts:
    """The processor, and how torch uses it; takes as long as importing torch."""
    return {**cpu(), **torch_facts()}
