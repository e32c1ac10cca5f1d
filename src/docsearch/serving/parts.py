"""The concrete parts of one opened folder, joined.

In: what `compose` has built. Out: one value that the engine's threads share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docsearch.ingest.pipeline import IngestPipeline
from docsearch.search.pipeline import SearchPipeline
from docsearch.storage.judgments import SqliteJudgments
from docsearch.storage.library import Library
from docsearch.storage.scores import SqliteScoreCache
from docsearch.watching.folder_watcher import FolderWatcher, OnChanges


@dataclass(frozen=True, slots=True)
class Parts:
    """`ingest` is None where the index is taken as it is; `times` is where `KeptTimes` keep theirs.

    `watch` makes a watcher that has not been started; it is None where the folder is not watched.
    """

    library: Library
    search: SearchPipeline
    scores: SqliteScoreCache
    judgments: SqliteJudgments
    times: Path
    ingest: IngestPipeline | None = None
    watch: Callable[[OnChanges], FolderWatcher] | None = None
