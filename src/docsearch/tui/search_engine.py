"""What the screen needs of an engine, and what it asks of it.

In: nothing. Out: a Protocol that `runtime.engine.Engine` fills, and the requests to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from docsearch.domain.benchmark import Step
from docsearch.domain.comparison import Comparison
from docsearch.domain.document import StoredChunk
from docsearch.domain.evaluation import Evaluation
from docsearch.domain.explanation import (
    Contrast,
    Depth,
    Inspection,
    Missed,
    Noise,
    Whereabouts,
)
from docsearch.domain.fusion import Fusion
from docsearch.domain.judged_result import JudgedResult
from docsearch.domain.judgment import Grade
from docsearch.domain.model import ModelState
from docsearch.domain.pool import Pool
from docsearch.domain.progress import DownloadProgress, IndexProgress
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RankedHit, SearchEvent, SearchResult
from docsearch.domain.speed import Speed
from docsearch.domain.tuning import TuningProgress


class Inspector(Protocol):
    """What the screen needs of `runtime.inspector.Inspector`; blocks, and raises DocsearchError.

    To close an iterator is to cancel what it measures.
    """

    def inspect(self, result: SearchResult, hit: RankedHit) -> Iterator[Inspection]:
        """All that can be told of one hit, as it becomes known."""

    def is_gone(self, hit: RankedHit) -> bool:
        """Whether the hit's file is in the folder no more."""

    def under(self, result: SearchResult, hit: RankedHit, reranker: str) -> Iterator[Inspection]:
        """The same hit as another reranker reads it."""

    def contrasting(
        self, result: SearchResult, above: RankedHit, below: RankedHit
    ) -> Iterator[Contrast]:
        """Why the one hit is above the other, as far as it is known."""

    def noise(self, result: SearchResult) -> Noise | None:
        """Which of its moves are noise; None where nothing on this machine can tell."""

    def depth(self, result: SearchResult) -> Depth:
        """How many of the candidates it took."""

    def missed(self, result: SearchResult) -> Iterator[tuple[int, int, tuple[Missed, ...]]]:
        """Beyond the candidates: how many are read, of how many, and those that belong on top."""

    def whereabouts(
        self,
        typed: str,
        source: CandidateSource,
        reranker: str | None,
        target: str,
        fusion: Fusion | None = None,
    ) -> Whereabouts:
        """What became of FILE or FILE:LINE in a search."""

    def save_case(
        self,
        files: Sequence[Path],
        result: SearchResult,
        inspection: Inspection | None,
        *,
        with_text: bool,
    ) -> None:
        """Keep an answer, as JSON or as a page by each file's suffix; in all files or in none."""


class Comparer(Protocol):
    """What the screen needs of `runtime.comparer.Comparer`."""

    def compare(self, result: SearchResult, rerankers: Sequence[str]) -> Iterator[Comparison]:
        """The rerankers over the result's candidates, as their scores become known.

        Blocks, and raises DocsearchError; to close it is to cancel.
        """


class Tuning(Protocol):
    """What the screen needs of `runtime.tuning.idle.IdleTuning`."""

    def run(self) -> Iterator[TuningProgress]:
        """Measure what was not measured yet; blocks, and ends at once where there is nothing."""

    def stop(self) -> None:
        """Hold it until the next run; returns at once."""


class Judging(Protocol):
    """What the screen needs of `runtime.judging.Judging`; blocks, and raises DocsearchError."""

    def judge(self, typed: str, passage: StoredChunk, grade: Grade | None) -> None:
        """Keep this grade of the passage for this query; None clears it."""

    def look(self, result: SearchResult, *, condense: bool = False) -> JudgedResult:
        """What is judged of this result, and its figures."""


class Evaluator(Protocol):
    """What the screen needs of `runtime.evaluator.Evaluator`."""

    def local_rerankers(self) -> tuple[str, ...]:
        """Those on this machine."""

    def known(
        self,
        source: CandidateSource,
        rerankers: Sequence[str],
        *,
        condense: bool = False,
        only: str | None = None,
    ) -> Mapping[str, Evaluation]:
        """By reranker, its order against none, as far as its scores are known.

        Blocks, and raises DocsearchError.
        """


class Pooling(Protocol):
    """What the screen needs of `runtime.pooling.Pooling`."""

    def pool(
        self, typed: str, source: CandidateSource, rerankers: Sequence[str] | None = None
    ) -> Iterator[Step | Pool]:
        """How far it is, and at last what is to be judged; blocks, and raises DocsearchError."""


class SearchEngine(Protocol):
    """What the screen needs of `runtime.engine.Engine`."""

    @property
    def tuning(self) -> Tuning:
        """Finds how its models run fastest."""

    @property
    def inspector(self) -> Inspector:
        """Explains the results of its searches."""

    @property
    def comparer(self) -> Comparer:
        """Compares rerankers over the results of its searches."""

    @property
    def judging(self) -> Judging:
        """Keeps what people say of its results."""

    @property
    def evaluator(self) -> Evaluator:
        """Measures by what was judged."""

    @property
    def pooling(self) -> Pooling:
        """Gathers what is to be judged."""

    def start(self) -> None:
        """Begin to open and follow the index."""

    def warm_up(self) -> None:
        """Load the models before the first query; blocks, and raises DocsearchError."""

    def stop(self, seconds: float) -> None:
        """End all work; blocks for at most `seconds`."""

    def search(
        self,
        typed: str,
        source: CandidateSource,
        reranker: str | None,
        fusion: Fusion | None = None,
        *,
        send: bool = True,
    ) -> Iterator[SearchEvent]:
        """The events of one search; blocks, and raises DocsearchError.

        Without `send` no text is sent to a reranker that is a service.
        """

    def rerankers(self) -> tuple[ModelState, ...]:
        """Every reranker that is known."""

    def speeds(self) -> Mapping[str, Speed]:
        """How fast each of them reads, by name, where it has been measured."""

    def pull(self, name: str, listener: Callable[[DownloadProgress], None]) -> None:
        """Fetch a model; blocks, and raises DocsearchError."""

    def best_sentence(
        self, words: str, passage: StoredChunk, reranker: str | None
    ) -> tuple[int, int]:
        """Where the passage's best sentence stands; blocks, and raises DocsearchError."""

    def progress(self) -> IndexProgress:
        """The latest snapshot."""

    def subscribe(self, listener: Callable[[IndexProgress], None]) -> Callable[[], None]:
        """Hear of every snapshot, from any thread, until the result is called."""


@dataclass(frozen=True)
class SearchRequest:
    """One search; `generation` tells its answers from those of the others.

    `fusion` makes the order; None is what the settings say of the reranker. `asked_for` is whether
    the person wants this search as it is, and is not still typing: only then is text sent to a
    reranker that is a service.
    """

    generation: int
    typed: str
    source: CandidateSource
    reranker: str | None
    fusion: Fusion | None = None
    asked_for: bool = False


@dataclass(frozen=True)
class SentenceRequest:
    """The sentence of this passage that fits the words best."""

    words: str
    passage: StoredChunk
    reranker: str | None


@dataclass(frozen=True)
class InspectRequest:
    """Why this hit stands where it stands."""

    result: SearchResult
    hit: RankedHit


@dataclass(frozen=True)
class AgainstRequest:
    """What this other reranker makes of this hit."""

    result: SearchResult
    hit: RankedHit
    reranker: str


@dataclass(frozen=True)
class ContrastRequest:
    """Why the one hit is above the other."""

    result: SearchResult
    above: RankedHit
    below: RankedHit


@dataclass(frozen=True)
class OverviewRequest:
    """How deep this search had to read, and what lies beyond its candidates."""

    result: SearchResult


@dataclass(frozen=True)
class WhereaboutsRequest:
    """What became of a file, or of the passage that holds its line, in this search.

    `fusion` makes the order; None is what the settings say of the reranker.
    """

    typed: str
    source: CandidateSource
    reranker: str | None
    target: str
    fusion: Fusion | None = None


ExplainRequest = (
    InspectRequest | AgainstRequest | ContrastRequest | OverviewRequest | WhereaboutsRequest
)


@dataclass(frozen=True)
class CaseRequest:
    """Keep an answer in files of `folder`.

    `inspection` is what has been measured of `hit`; None has it measured first.
    """

    folder: Path
    result: SearchResult
    hit: RankedHit
    inspection: Inspection | None
    with_text: bool


@dataclass(frozen=True)
class ComparisonRequest:
    """These rerankers over the candidates of this search."""

    result: SearchResult
    rerankers: tuple[str, ...]


@dataclass(frozen=True)
class JudgeRequest:
    """Keep this grade of this passage for what was typed; None clears it."""

    typed: str
    passage: StoredChunk
    grade: Grade | None


@dataclass(frozen=True)
class LookRequest:
    """What is judged of this result, when `number` grades have been given on the screen.

    With `condense`, what is not judged is left out of the figures.
    """

    result: SearchResult
    number: int
    condense: bool


@dataclass(frozen=True)
class PoolRequest:
    """What is to be judged of this query; `rerankers` None for each one on this machine."""

    typed: str
    source: CandidateSource
    rerankers: tuple[str, ...] | None


@dataclass(frozen=True)
class SoFarRequest:
    """What is known by all judgments, and by those of the query `typed` alone."""

    typed: str
    source: CandidateSource
    condense: bool
