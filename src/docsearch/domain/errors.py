"""Everything that can go wrong for a reason a person can act on.

    DocsearchError                 exit 1   base: `title` in a word or two, message in a sentence
    ├── UsageError                 exit 2   the words of the command are off
    ├── FolderError                exit 3   the searched folder is missing, unreadable, or a file
    ├── ConfigurationError         exit 4   a setting cannot be read or has no meaning
    ├── IndexStoreError            exit 5   the data directory cannot be read or written
    │   ├── NewerIndexError                 the index was made by a newer docsearch
    │   ├── DamagedIndexError               the SQLite file is torn
    │   └── IndexGoneError                  its files were deleted or replaced while it was open
    ├── ModelError                 exit 6   a model cannot be used
    │   ├── ModelMissingError               not on disk
    │   ├── ModelDownloadError              the transfer failed, or may not be made (--offline)
    │   └── ModelCorruptError               a file is not the one that was described
    ├── EvaluationError                 judgments, queries or runs cannot be read or measured
    ├── RecordError                     a file of docsearch's own making cannot be used
    │   ├── CaseError                       a case file cannot be read, written, or run again
    │   └── ReportError                     a benchmark's report cannot be read or written
    ├── ReadingError                    no file can be read: the system starts no process for it
    └── ReaderError                         one file cannot be read; it is listed, the rest go on

In: nothing. Out: exceptions whose text says what, where and what to do. Bugs are not in this tree:
they surface as themselves.
"""

from __future__ import annotations

from typing import ClassVar


class DocsearchError(Exception):
    """Base of every error that is shown to a person without a traceback."""

    title: ClassVar[str] = "Error"
    exit_code: ClassVar[int] = 1


class UsageError(DocsearchError):
    """The command was called with words that make no sense together."""

    title = "Usage"
    exit_code = 2


class FolderError(DocsearchError):
    """The folder to search cannot be searched."""

    title = "Folder"
    exit_code = 3


class ConfigurationError(DocsearchError):
    """A setting has a value that cannot be used."""

    title = "Configuration"
    exit_code = 4


class IndexStoreError(DocsearchError):
    """The index cannot be read or written.

    `passing` says that the cause may go away by itself or with some room on the disk: what failed
    left nothing behind, and may be tried again.
    """

    title = "Index"
    exit_code = 5

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class NewerIndexError(IndexStoreError):
    """The index was made by a newer docsearch and is left as it is."""


class DamagedIndexError(IndexStoreError):
    """The book of record itself is torn."""


class IndexGoneError(IndexStoreError):
    """The index was deleted, moved or replaced while it was open; it can be opened again."""

    def __init__(self, message: str) -> None:
        super().__init__(message, passing=True)


class ModelError(DocsearchError):
    """A model cannot be used."""

    title = "Model"
    exit_code = 6


class ModelMissingError(ModelError):
    """The model is not on disk."""


class ModelDownloadError(ModelError):
    """The model could not be fetched."""


class ModelCorruptError(ModelError):
    """A file of the model is not the one its description names."""


class EvaluationError(DocsearchError):
    """Judgments, queries or runs cannot be read, or there is nothing to measure."""

    title = "Evaluation"


class RecordError(DocsearchError):
    """A file that docsearch wrote once, or should write, cannot be used."""

    title = "File"


class CaseError(RecordError):
    """A case file cannot be read, written, or run again."""

    title = "Case file"


class ReportError(RecordError):
    """A benchmark's report cannot be read or written."""

    title = "Benchmark"


class ReadingError(DocsearchError):
    """No file can be read: there is no process to read it in."""

    title = "Reading"


class ReaderError(DocsearchError):
    """One file could not be read; the message is the reason that `docsearch status` lists."""

    title = "File"
