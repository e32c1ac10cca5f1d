"""What a process that prepares files is made of.

In: a folder, the settings and the tokenizer's file, pickled. Out: a preparer. Apart from
`compose.py`, so that such a process imports readers and the tokenizer, and neither the index nor
the models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docsearch.domain.settings import Settings
from docsearch.ingest.prepare import Preparer
from docsearch.models.token_counter import WordPieceCounter
from docsearch.readers.registry import default_readers


@dataclass(frozen=True, slots=True)
class MakePreparer:
    """Called where the preparer is to be, in this process or another. Raises ModelError."""

    folder: Path
    settings: Settings
    tokenizer_file: Path

    def __call__(self) -> Preparer:
        """Load the tokenizer; readers are imported as files need them."""
        counter = WordPieceCounter(self.tokenizer_file)
        return Preparer(self.folder, default_readers(), counter, self.settings)
