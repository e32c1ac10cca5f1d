"""What reaches the screen from outside its own thread.

In: nothing. Out: Textual messages around values of the domain. Only the bridges make
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from docsearch.domain.benchmark import Step
from docsearch.domain.comparison import Comparison
from docsearch.domain.errors import DocsearchError
from docsearch.domain.evaluation import Evaluation
from docsearch.domain.explanation import (
    Contrast,
    Depth,
    Inspection,
    Missed,
    Noise,
    Whereabouts,
)
from docsearch.domain.judged_result import JudgedResult
from docsearch.domain.model import ModelState
from docsearch.domain.pool import Pool
from docsearch.domain.progress import DownloadProgress, IndexProgress
from docsearch.domain.ranking import SearchEvent
from docsearch.domain.tuning import TuningProgress
from docsearch.tui.search_engine import (
    AgainstRequest,
    ComparisonRequest,
    ContrastRequest,
    ExplainRequest,
    InspectRequest,
    JudgeRequest,
    LookRequest,
    OverviewRequest,
    PoolRequest,
    SoFarRequest,
    WhereaboutsRequest,
)


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
class InspectionMoved(Message):
    """More is known of the hit of this request."""

    request: InspectRequest | AgainstRequest
    inspection: Inspection

    def can_replace(self, message: Message) -> bool:
        """An inspection holds all that was known before, under the same reranker."""
        return isinstance(message, InspectionMoved) and message.request is self.request


@dataclass
class FileGone(Message):
    """The file of this request's hit is in the folder no more."""

    request: InspectRequest


@dataclass
class ContrastMoved(Message):
    """More is known of why the one hit is above the other; `ended` where it is all."""

    request: ContrastRequest
    contrast: Contrast
    ended: bool = False

    def can_replace(self, message: Message) -> bool:
        """A contrast holds all that was known before."""
        return isinstance(message, ContrastMoved)


@dataclass
class DepthFound(Message):
    """It is known how many candidates were enough."""

    request: OverviewRequest
    depth: Depth


@dataclass
class NoiseFound(Message):
    """It is known which moves are noise."""

    request: OverviewRequest
    noise: Noise


@dataclass
class MissedMoved(Message):
    """So many of the passages beyond the candidates are read, and these belong in the top ten."""

    request: OverviewRequest
    scored: int
    total: int
    missed: tuple[Missed, ...]

    def can_replace(self, message: Message) -> bool:
        """Only the latest count matters."""
        return isinstance(message, MissedMoved)


@dataclass
class WhereaboutsFound(Message):
    """It is known what became of the file that was asked for."""

    request: WhereaboutsRequest
    whereabouts: Whereabouts


@dataclass
class ExplanationFailed(Message):
    """What was asked for could not be measured."""

    request: ExplainRequest
    error: DocsearchError


@dataclass
class CaseMoved(Message):
    """An answer is being kept: `doing` in words, of which the share `done`, in [0, 1], is done."""

    doing: str
    done: float

    def can_replace(self, message: Message) -> bool:
        """Only the latest matters."""
        return isinstance(message, CaseMoved)


@dataclass
class CaseSaved(Message):
    """An answer is kept in these files, or `error` says why it is not."""

    files: tuple[Path, ...]
    error: DocsearchError | None = None


@dataclass
class ComparisonMoved(Message):
    """More has been scored of what was asked to be compared."""

    request: ComparisonRequest
    comparison: Comparison

    def can_replace(self, message: Message) -> bool:
        """A comparison holds all that was known before."""
        return isinstance(message, ComparisonMoved) and message.request is self.request


@dataclass
class ComparisonFailed(Message):
    """What was asked for could not be compared."""

    request: ComparisonRequest
    error: DocsearchError


@dataclass
class TuningMoved(Message):
    """Tuning has come this far, or has ended and `progress` is None."""

    progress: TuningProgress | None

    def can_replace(self, message: Message) -> bool:
        """Only the latest matters."""
        return isinstance(message, TuningMoved)


@dataclass
class JudgmentsSeen(Message):
    """What is judged of a result is known."""

    request: LookRequest
    seen: JudgedResult


@dataclass
class JudgmentFailed(Message):
    """A grade is not kept; or, without a request, what is kept could not be read."""

    error: DocsearchError
    request: JudgeRequest | None = None


@dataclass
class SoFarKnown(Message):
    """What reranking is worth by the judgments of one query, and by all of them; by reranker."""

    request: SoFarRequest
    own: Mapping[str, Evaluation]
    every: Mapping[str, Evaluation]


@dataclass
class SoFarFailed(Message):
    """What reranking is worth cannot be told."""

    error: DocsearchError


@dataclass
class PoolMoved(Message):
    """What is to be judged is being gathered, and so far."""

    request: PoolRequest
    step: Step

    def can_replace(self, message: Message) -> bool:
        """Only the latest count matters."""
        return isinstance(message, PoolMoved)


@dataclass
class PoolMade(Message):
    """What is to be judged of a query is known."""

    request: PoolRequest
    pool: Pool


@dataclass
class PoolFailed(Message):
    """What is to be judged of a query cannot be told."""

    request: PoolRequest
    error: DocsearchError


@dataclass
class EngineFailed(Message):
    """The engine could not be opened at all."""

    error: DocsearchError


@dataclass
class Crashed(Message):
    """A thread met a fault of the program itself."""

    error: Exception
