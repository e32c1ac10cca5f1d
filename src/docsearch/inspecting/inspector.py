"""Why results stand where they stand: the face of explaining for every front end.

In: a result of the engine's, or words and a target. Out: what was measured of it, as it becomes
known. Everything blocks, nothing keeps a query waiting for longer than a batch, and to close an
iterator is to cancel. Raises DocsearchError. Does not know who looks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from docsearch.domain.errors import ModelMissingError, UsageError
from docsearch.domain.explanation import (
    Contrast,
    Depth,
    Inspection,
    Measure,
    Missed,
    Movement,
    Noise,
    Whereabouts,
)
from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Candidate, RankedHit, SearchResult
from docsearch.domain.safe_text import safe_line
from docsearch.domain.speed import Speed
from docsearch.explain import contrast as contrasts
from docsearch.explain import depth as depths
from docsearch.explain import inspect as inspections
from docsearch.explain import missed as misses
from docsearch.explain import movement as movements
from docsearch.explain import noise as noises
from docsearch.explain import whereabouts as stages
from docsearch.explain.reasons import reasons
from docsearch.inspecting.trace import Trace, entry_at, find_target
from docsearch.ports import Reranker
from docsearch.search.matter import speaking_to
from docsearch.search.sentences import sentence_spans
from docsearch.serving.explaining import Explaining, order_of

BEYOND = 200
"""The deepest rank that is looked at for what the candidates left out."""

_NO_RERANKER = "Nothing was reranked, so no reranker put the one above the other."
_NO_FIRST = "Nothing was reranked, so there is no reranker to set another one against."
_SERVICE = (
    "The reranker is a service, and to explain it would send it many texts. Choose one that runs "
    "on this machine."
)


class Inspector:
    """May be asked from any thread.

    `fusion_with` says how a reranker's order is made, `speeds` how fast each was seen to read.
    """

    def __init__(
        self,
        explaining: Explaining,
        fusion_with: Callable[[str | None], Fusion],
        speeds: Callable[[], Mapping[str, Speed]],
    ) -> None:
        self._explaining = explaining
        self._fusion_with = fusion_with
        self._speeds = speeds

    def inspect(self, result: SearchResult, hit: RankedHit) -> Iterator[Inspection]:
        """All that can be measured of one hit, as it becomes known; the last has `doing` None.

        A service that reranked is asked nothing: what only it could tell is left out.
        """
        explaining = self._explaining
        yield from inspections.inspect(
            result,
            hit,
            explaining.embedder,
            explaining.local_reranker_of(result),
            score_background=lambda count: explaining.scores(
                result, explaining.draw(count, unlike=hit.passage.chunk.text)
            ),
            sentences=sentence_spans,
            reasons=lambda known: reasons(result, known),
            kind=explaining.kind_of(result),
        )

    def is_gone(self, hit: RankedHit) -> bool:
        """Whether the hit's file is in the folder no more; its passage is still explained."""
        return not os.path.lexists(self._explaining.folder / hit.passage.path)

    def under(
        self, result: SearchResult, hit: RankedHit, reranker: str
    ) -> Generator[Inspection, None, None]:
        """The same hit as another reranker reads it; the last has `doing` None.

        The inspected hit has that reranker's score and no place: it stands in no order of its own,
        so it has no margins and no reasons. Raises at once UsageError for a service, for the
        reranker that made the result, and where none did; ModelError for one that is not here.
        """
        explaining = self._explaining
        description = explaining.models.state(reranker).description
        name = description.name
        if result.reranker is None:
            raise UsageError(_NO_FIRST)
        if name == result.reranker:
            raise UsageError(f"{safe_line(name)} made this order itself; name another reranker.")
        if description.hosted:
            raise UsageError(_SERVICE)
        unread = replace(result, reranker=name, hits=())
        model = explaining.local_reranker_of(unread)
        if model is None:
            why = explaining.models.state(name).availability
            raise ModelMissingError(
                f"{safe_line(name)} cannot be used on this machine: {why}. "
                "See what there is: docsearch models list"
            )
        return self._under(unread, hit.unread, model)

    def _under(
        self, unread: SearchResult, hit: RankedHit, reranker: Reranker
    ) -> Generator[Inspection, None, None]:
        explaining = self._explaining
        kind = explaining.kind_of(unread)
        yield Inspection(hit, reranker.name, Measure.READING, kind=kind)
        (scored,) = explaining.scores(unread, [hit.passage.chunk])
        own = replace(hit, rerank=scored[0])
        yield from inspections.inspect(
            replace(unread, hits=(own,)),
            own,
            None,
            reranker,
            score_background=lambda count: explaining.scores(
                unread, explaining.draw(count, unlike=hit.passage.chunk.text)
            ),
            sentences=sentence_spans,
            reasons=lambda _known: (),
            kind=kind,
        )

    def contrasting(
        self, result: SearchResult, above: RankedHit, below: RankedHit
    ) -> Iterator[Contrast]:
        """Why the one hit is above the other, as far as it is known; the last is the answer.

        Raises UsageError where nothing was reranked, or where a service did it.
        """
        reranker = self._explaining.local_reranker_of(result)
        if reranker is None:
            raise UsageError(_NO_RERANKER if result.reranker is None else _SERVICE)
        words = result.query.words
        yield from contrasts.contrast(words, above, below, reranker, sentence_spans)

    def movement(self, result: SearchResult) -> Movement | None:
        """How the two orders of the reranked hits differ; None where there are none."""
        before, after = movements.reranked_orders(result)
        return movements.movement(before, after) if after else None

    def noise(self, result: SearchResult) -> Noise | None:
        """Which of its moves are noise; None where nothing on this machine can tell."""
        reranker = self._explaining.local_reranker_of(result)
        if reranker is None or not result.hits:
            return None
        return noises.noise(result, reranker)

    def depth(self, result: SearchResult) -> Depth:
        """How many candidates it took; runs no model."""
        speed = self._speeds().get(result.reranker or "")
        return depths.depth(result, order_of(result), speed)

    def missed(self, result: SearchResult) -> Iterator[tuple[int, int, tuple[Missed, ...]]]:
        """Of the passages beyond the candidates: how many are read, of how many, what was missed.

        They are those up to rank `BEYOND`. Nothing is yielded where nothing was reranked, or where
        a service did it.
        """
        if self._explaining.local_reranker_of(result) is None:
            return
        held = {hit.passage.chunk_id for hit in result.hits}
        order = self._explaining.first_stage(result, BEYOND)
        ranked = {
            chunk_id: (rank, score)
            for rank, (chunk_id, score) in enumerate(order, start=1)
            if chunk_id not in held
        }
        passages = speaking_to(result.query, self._explaining.library.chunks(list(ranked)))
        beyond = [Candidate(passage, *ranked[passage.chunk_id]) for passage in passages]
        batches = self._explaining.scores(result, [each.passage.chunk for each in beyond])
        yield from misses.missed(result, beyond, batches, order_of(result))

    def whereabouts(
        self,
        typed: str,
        source: CandidateSource,
        reranker: str | None,
        target: str,
        fusion: Fusion | None = None,
    ) -> Whereabouts:
        """What became of a FILE, or of the passage that holds its line (FILE:LINE), in a search.

        `fusion` makes the order; None is what the settings say of the reranker.
        A file is looked for in the folder first, then from where the process stands. Raises
        UsageError for what lies outside of the folder, and for a line that the file does not have.
        """
        explaining = self._explaining
        library, settings = explaining.library, explaining.settings
        indexed = library.files()
        found = find_target(target, explaining.folder, Path.cwd(), indexed.__contains__)
        entry = entry_at(explaining.folder, found.path, settings.max_file_bytes)
        how = fusion or self._fusion_with(reranker)
        *_, last = explaining.search(
            typed, source, settings.candidates, reranker, how, explaining.cache
        )
        if not last.result.query.words and not last.result.query.filters:
            raise UsageError("The query is empty, so nothing was searched for.")
        _, everything, _ = library.counts()
        order = explaining.first_stage(last.result, everything)
        return stages.whereabouts(Trace(explaining, last.result, order).facts(target, found, entry))
