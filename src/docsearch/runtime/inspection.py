"""What `status` and `doctor` look at: the index as it lies on disk, read without touching it.

In: a folder and the settings. Out: facts. Starts no thread, loads no model, writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docsearch.domain.document import Skipped
from docsearch.domain.errors import DocsearchError
from docsearch.domain.settings import Settings
from docsearch.ingest.discover import require_folder, scan
from docsearch.models.registry import ModelRegistry
from docsearch.runtime.compose import index_layout, model_registry, open_library


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """One folder's index. `bytes_on_disk` are those of all its files, caches included."""

    folder: Path
    directory: Path
    exists: bool
    bytes_on_disk: int = 0
    files: int = 0
    chunks: int = 0
    generation: int = 0
    stale_files: int = 0
    skipped: tuple[Skipped, ...] = ()
    fingerprint: str = ""


def models(settings: Settings) -> ModelRegistry:
    """The models of this machine."""
    return model_registry(settings)


def index_facts(folder: Path, settings: Settings) -> IndexFacts:
    """What is indexed. Raises FolderError, and IndexStoreError for an index that cannot be read."""
    folder = require_folder(folder)
    layout = index_layout(folder, settings)
    if not layout.catalog.exists():
        return IndexFacts(folder, layout.folder, exists=False)
    library = open_library(folder, settings, read_only=True)
    try:
        files, chunks, _ = library.counts()
        return IndexFacts(
            folder,
            layout.folder,
            exists=True,
            bytes_on_disk=sum(each.stat().st_size for each in layout.folder.iterdir()),
            files=files,
            chunks=chunks,
            generation=library.generation,
            stale_files=len(library.stale_paths()),
            skipped=tuple(library.skipped()),
            fingerprint=library.recipe.fingerprint,
        )
    finally:
        library.close()


def index_problems(folder: Path, settings: Settings) -> list[str]:
    """What is wrong with the folder's index, in sentences; reads all of it."""
    try:
        library = open_library(require_folder(folder), settings, read_only=True)
    except DocsearchError as error:
        return [str(error)]
    try:
        return library.integrity()
    finally:
        library.close()


def ignored(folder: Path, settings: Settings) -> list[Skipped]:
    """What the ignore rules, hidden names and links leave out of the folder as it is now."""
    return [
        entry
        for entry in scan(require_folder(folder), settings.max_file_bytes)
        if isinstance(entry, Skipped) and entry.ignored
    ]
