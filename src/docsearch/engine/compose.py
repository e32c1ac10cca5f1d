"""The only place that names the concrete parts and joins them.

In: a folder and the settings. Out: an engine. Knows every layer below, and does nothing itself.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from docsearch.domain.errors import FolderError
from docsearch.domain.fingerprint import fingerprint
from docsearch.domain.settings import Settings
from docsearch.engine.engine import Engine
from docsearch.ingest.areas import may_matter
from docsearch.ingest.chunk import CHUNKING_VERSION
from docsearch.ingest.discover import require_folder
from docsearch.ingest.outer_rules import state_of_outer_rules
from docsearch.ingest.pipeline import IngestPipeline
from docsearch.ingest.pool import Pool, usual_processes
from docsearch.ingest.put_off import PutOff
from docsearch.models.cores import usable_cores
from docsearch.models.descriptions import EMBEDDER, EMBEDDER_DIMENSION
from docsearch.readers.registry import default_readers
from docsearch.search.pipeline import SearchPipeline
from docsearch.serving.inference import InferenceWorker, Priority
from docsearch.serving.load_once import for_good
from docsearch.serving.models import ServedEmbedder
from docsearch.serving.parts import Parts
from docsearch.serving.paths import index_layout, speeds_file
from docsearch.serving.preparing import MakePreparer
from docsearch.serving.speeds import Speeds
from docsearch.serving.tuned_models import TunedModels, model_registry, tunings
from docsearch.storage.judgments import SqliteJudgments
from docsearch.storage.library import Library
from docsearch.storage.scores import SqliteScoreCache
from docsearch.tuning.idle import IdleTuning, command
from docsearch.tuning.models_in_use import in_use, is_due
from docsearch.watching.folder_watcher import FolderWatcher


def compose(
    folder: Path,
    settings: Settings,
    *,
    watch: bool = True,
    update: bool = True,
    indexes: Path | None = None,
) -> Engine:
    """An engine for this folder, not started. Raises FolderError.

    With `update` off the index is read as it is; with `watch` off it is brought up to date once.
    The index lies under `indexes`, or where the settings keep everything.
    """
    folder = _folder_or_place(folder, settings, indexes)
    registry = model_registry(settings)
    measured = tunings(settings, registry)
    models = TunedModels(registry, measured)
    worker = InferenceWorker()
    served = partial(
        ServedEmbedder,
        worker,
        for_good(models.load_embedder),
        name=EMBEDDER.name,
        dimension=EMBEDDER_DIMENSION,
        fingerprint=registry.embedder_fingerprint,
        counter=registry.token_counter,
    )
    asking, explaining, indexing = (
        served(each) for each in (Priority.QUERY, Priority.EXPLAINING, Priority.INDEXING)
    )

    def assemble() -> Parts:
        layout = index_layout(folder, settings, indexes)
        library = open_library(folder, settings, read_only=not update, indexes=indexes)
        judgments = SqliteJudgments(layout)
        scores = SqliteScoreCache(layout.scores)
        search = SearchPipeline(asking, library, scores)
        if not update:
            return Parts(library, search, scores, judgments, layout.times)
        make = MakePreparer(folder, settings, registry.tokenizer_file())
        notes = PutOff(layout.put_off, layout.being_read)
        pool = Pool(make, usual_processes(usable_cores()), notes)
        form_named = default_readers().form_named
        ingest = IngestPipeline(folder, pool, indexing, library, settings, form_named=form_named)
        beside = partial(state_of_outer_rules, folder)
        watcher = partial(FolderWatcher, folder, matters=may_matter, beside=beside)
        return Parts(
            library, search, scores, judgments, layout.times, ingest, watcher if watch else None
        )

    def is_tuning_due() -> bool:
        names = in_use(settings, registry)
        return any(is_due(name, registry, measured) for name in names)

    return Engine(
        folder,
        settings,
        models,
        worker,
        asking,
        explaining,
        assemble,
        Speeds(speeds_file(settings)),
        IdleTuning(command(settings), is_tuning_due),
    )


def _folder_or_place(folder: Path, settings: Settings, indexes: Path | None) -> Path:
    """The folder's real path, also while it is away, if it was indexed. Raises FolderError."""
    try:
        return require_folder(folder)
    except FolderError:
        place = Path(os.path.realpath(folder.expanduser()))
        if place.is_file() or not index_layout(place, settings, indexes).exists():
            raise
        return place


def open_library(
    folder: Path, settings: Settings, *, read_only: bool, indexes: Path | None = None
) -> Library:
    """The index of this folder. Raises IndexStoreError."""
    return Library.open(
        index_layout(folder, settings, indexes),
        embedder_name=EMBEDDER.name,
        embedder_fingerprint=model_registry(settings).embedder_fingerprint,
        dimension=EMBEDDER_DIMENSION,
        chunking_fingerprint=fingerprint(
            version=CHUNKING_VERSION,
            tokens=settings.chunk_tokens,
            overlap=settings.overlap_tokens,
        ),
        reader_fingerprint=default_readers().fingerprint,
        read_only=read_only,
    )
