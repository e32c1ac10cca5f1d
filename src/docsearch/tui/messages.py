"""What reaches the screen from outside its own thread.

In: nothing. Out: Textual messages around values of the domain. Only `engine_bridge.py` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from docsearch.domain.errors import DocsearchError
from docsearch.domain.model import ModelState
from docsearch.domain.progress import DownloadProgress, IndexProgress
from docsearch.domain.ranking import SearchEvent


@dataclass
class SearchMoved(Message):
    """An event of the search that was asked for as `generation`."""

    generation: int
    event: SearchEvent


@dataclass
class SearchFailed(Message):
    """The search that was asked for as `generation` ended in an error."""

    generation: int
    error: DocsearchError


@dataclass
class SentenceFound(Message):
    """The best sentence of a passage is `text[start:end]` of its chunk."""

    words: str
    chunk_id: int
    start: int
    end: int


@dataclass
class IndexMoved(Message):
    """The index, or the work on it, is now as in `progress`."""

    progress: IndexProgress

    def can_replace(self, message: Message) -> bool:
        """Only the latest snapshot matters."""
        return isinstance(message, IndexMoved)


@dataclass
class RerankersKnown(Message):
    """Every reranker, and which of them are on this machine."""

    states: tuple[ModelState, ...]


@dataclass
class DownloadMoved(Message):
    """Bytes of a model have arrived."""

    progress: DownloadProgress

    def can_replace(self, message: Message) -> bool:
        """Only the latest count matters."""
        return isinstance(message, DownloadMoved)


@dataclass
class DownloadEnded(Message):
    """A model is on disk, or `error` says why it is not."""

    model: str
    error: DocsearchError | None = None


@dataclass
class EngineFailed(Message):
    """The engine could not be opened at all."""

    error: DocsearchError


@dataclass
class Crashed(Message):
    """A thread met a fault of the program itself."""

    error: Exception
