"""An inspector that measures what it is told to, when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Event
from typing import TypeVar

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import (
    Contrast,
    Depth,
    Inspection,
    Missed,
    Noise,
    Whereabouts,
)
from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RankedHit, SearchResult
from tests.tui import inspections

Part = TypeVar("Part")


class ScriptedInspector:
    """`asked` records the chunks that were asked for, `against` those that a second reranker was
    asked about, with its name, `traced` the targets that were looked for, `fusions` the orders they
    were looked for in, `beyond_of` the results whose whole list was; `left` is set when a measure
    is cancelled.

    `parts` makes what is measured of a hit, `gone` holds the files that are there no more, `lost`
    is what became of a target. With `until`, an inspection stops after so many parts until `go_on`
    is set. `error` is raised instead of any answer, `second_error` instead of a second reranker's.
    """

    def __init__(self, go_on: Event) -> None:
        self.go_on = go_on
        self.until: int | None = None
        self.parts: Callable[[RankedHit], Iterator[Inspection]] = inspections.growing
        self.error: DocsearchError | None = None
        self.asked: list[int] = []
        self.against: list[tuple[int, str]] = []
        self.second_error: DocsearchError | None = None
        self.contrasted: list[tuple[int, int]] = []
        self.traced: list[tuple[str, str]] = []
        self.beyond_of: list[SearchResult] = []
        self.fusions: list[Fusion | None] = []
        self.lost = inspections.LOST
        self.gone: set[str] = set()
        self.left = Event()
        self.beyond: Sequence[tuple[int, int, tuple[Missed, ...]]] = tuple(inspections.missed())

    def inspect(self, result: SearchResult, hit: RankedHit) -> Iterator[Inspection]:
        assert hit in result.hits
        self.asked.append(hit.passage.chunk_id)
        self.fail()
        yield from self._held_back(self.parts(hit))

    def is_gone(self, hit: RankedHit) -> bool:
        return hit.passage.path in self.gone

    def under(self, result: SearchResult, hit: RankedHit, reranker: str) -> Iterator[Inspection]:
        assert hit in result.hits
        self.against.append((hit.passage.chunk_id, reranker))
        if self.second_error is not None:
            raise self.second_error
        yield from self._held_back(inspections.under(hit, reranker))

    def contrasting(
        self, result: SearchResult, above: RankedHit, below: RankedHit
    ) -> Iterator[Contrast]:
        assert above in result.hits
        assert below in result.hits
        self.contrasted.append((above.passage.chunk_id, below.passage.chunk_id))
        self.fail()
        found = inspections.contrast(above, below)
        yield from self._held_back(iter((replace(found, turning=(), done=0.25), found)))

    def depth(self, result: SearchResult) -> Depth:
        assert result.hits
        self.beyond_of.append(result)
        self.fail()
        return inspections.DEPTH

    def noise(self, result: SearchResult) -> Noise | None:
        assert result.hits
        return inspections.NOISE

    def missed(self, result: SearchResult) -> Iterator[tuple[int, int, tuple[Missed, ...]]]:
        assert result.hits
        yield from self._held_back(iter(self.beyond))

    def whereabouts(
        self,
        typed: str,
        source: CandidateSource,
        reranker: str | None,
        target: str,
        fusion: Fusion | None = None,
    ) -> Whereabouts:
        self.traced.append((typed, target))
        self.fusions.append(fusion)
        self.fail()
        return replace(self.lost, target=target)

    def fail(self) -> None:
        if self.error is not None:
            raise self.error

    def _held_back(self, parts: Iterator[Part]) -> Iterator[Part]:
        try:
            for number, part in enumerate(parts):
                if number == self.until:
                    self.go_on.wait(30)
                yield part
        except GeneratorExit:
            self.left.set()
            raise
