"""What a process that prepares files is made of.

In: a folder and the settings, pickled. Out: a preparer. Apart from `compose.py`, so that such a
process imports readers and the tokenizer, and neither the index nor the models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docsearch.domain.settings import Settings
from docsearch.ingest.prepare import Preparer
from docsearch.models.registry import ModelRegistry
from docsearch.readers.registry import default_readers
from docsearch.runtime.places import data_dir


@dataclass(frozen=True, slots=True)
class MakePreparer:
    """Called where the preparer is to be, in this process or another. Raises ModelError."""

    folder: Path
    settings: Settings

    def __call__(self) -> Preparer:
        """Load the tokenizer; readers are imported as files need them."""
        models = ModelRegistry(data_dir(self.settings), self.settings.offline)
        return Preparer(self.folder, default_readers(), models.token_counter(), self.settings)
