"""Where things are kept on this machine.

In: the settings and a folder. Out: paths. Imports next to nothing, so that asking is cheap.
"""

from __future__ import annotations

from pathlib import Path

import platformdirs

from docsearch.domain.foreign import user_path
from docsearch.domain.settings import Settings
from docsearch.storage.layout import IndexLayout, default_data_dir


def data_dir(settings: Settings) -> Path:
    """Where indexes and models are kept."""
    return user_path(settings.data_dir) if settings.data_dir else default_data_dir()


def cache_dir(settings: Settings) -> Path:
    """Where things are kept that can be made again: in the data directory, where one is named."""
    if settings.data_dir:
        return data_dir(settings) / "cache"
    return Path(platformdirs.user_cache_dir("docsearch", appauthor=False))


def index_layout(folder: Path, settings: Settings, indexes: Path | None = None) -> IndexLayout:
    """Where this folder's index lies: under `indexes`, or where everything is kept."""
    return IndexLayout.of(folder, indexes or data_dir(settings))


def speeds_file(settings: Settings) -> Path:
    """Where the measured speeds of the rerankers are kept."""
    return data_dir(settings) / "speeds.json"


def tunings_file(settings: Settings) -> Path:
    """Where it is kept how each model is run best on this machine."""
    return data_dir(settings) / "tuning.json"


def tunings_lock(settings: Settings) -> Path:
    """Held by the one process that tunes: two would measure each other."""
    return data_dir(settings) / "tuning.json.lock"
