"""What the screen is showing, and how each thing that happens changes it.

In: keystrokes, answers, choices. Out: the next `SearchState`, a frozen value. Knows no widget,
thread or clock, so that every rule of the screen can be tested as a plain function.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from docsearch.domain.errors import DocsearchError
from docsearch.domain.fusion import Fusion
from docsearch.domain.judged_result import JudgedResult, Live
from docsearch.domain.judgment import Grade, query_key
from docsearch.domain.latencies import Latencies
from docsearch.domain.query import CandidateSource
from docsearch.domain.query_words import wanted_words
from docsearch.domain.ranking import Finished, RankedHit, Reranked, SearchEvent, SearchResult
from docsearch.search.matter import offset_that_matters
from docsearch.search.order import reordered
from docsearch.tui.beyond import Beyond
from docsearch.tui.grades import (
    Mark,
    asks_for_pair,
    better,
    marks_of,
    pair,
    toggled,
    with_grade,
    worse,
)
from docsearch.tui.search.hit_rows import Side, ordered
from docsearch.tui.selection import index_of, moved

Span = tuple[int, int]


@dataclass(frozen=True)
class SearchState:
    """One moment of the screen.

    `generation` is that of the newest search; answers of others are dropped. `progress` is
    (scored, total) while reranking goes on. `chosen` is whether the person picked the selected
    chunk; until then the selection stays on the best result so far. `quiet` is whether the running
    search only brings the shown answer up to date. `best` is the best sentence of a chunk; `marks`
    are the chunks that are marked to be compared.
    `fusion` is what the person made the order of, None for what the settings say of the reranker;
    `weighing` is whether they are at it. `turned` is the fusion, and the time in seconds since the
    epoch, that the order was changed to since the running search was asked for. `beyond` is what
    was found beyond the candidates of an answer, which need not be the one shown any more.
    `judging` is whether the signs + and - judge the selected passage, and are not typed. `grades`
    are those of the answer's query, by chunk id; `given` counts the grades that were given here,
    and `figures` are those of the answer shown, made of `condensed` lists or of whole ones.
    """

    source: CandidateSource
    reranker: str | None
    typed: str = ""
    generation: int = 0
    running: bool = False
    quiet: bool = False
    result: SearchResult | None = None
    progress: tuple[int, int] | None = None
    error: DocsearchError | None = None
    selected: int | None = None
    chosen: bool = False
    active: Side = Side.AFTER
    by_movement: bool = False
    best: tuple[int, Span] | None = None
    marks: tuple[int, ...] = ()
    fusion: Fusion | None = None
    weighing: bool = False
    turned: tuple[Fusion, float] | None = None
    beyond: Beyond | None = None
    judging: bool = False
    grades: Mapping[int, Mark] = field(default_factory=dict)
    given: int = 0
    figures: Live | None = None
    condensed: bool = False
    latencies: Latencies = field(default=Latencies())

    @property
    def asks(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.typed.strip())

    @property
    def walked(self) -> Side:
        """The list that the arrow keys walk: the before list where nothing is reranked yet."""
        if self.active is Side.AFTER and not self.order(Side.AFTER):
            return Side.BEFORE
        return self.active

    @property
    def hit(self) -> RankedHit | None:
        """The selected hit."""
        hits = self.result.hits if self.result else ()
        at = index_of(hits, self.selected)
        return None if at is None else hits[at]

    @property
    def shown_hit(self) -> RankedHit | None:
        """The selected hit as it is shown and opened: see `placed`."""
        return self.hit and self.placed(self.hit)

    @property
    def pair(self) -> tuple[RankedHit, RankedHit] | None:
        """The two marked ones that are asked about, the upper one first."""
        return pair(self.result, self.marks, self.selected) if self.result else None

    @property
    def asks_for_pair(self) -> bool:
        """Whether two marked ones are asked about, whether or not anything can be told of them."""
        return asks_for_pair(self.marks, self.selected)

    @property
    def is_final(self) -> bool:
        """Whether the answer that is shown is whole."""
        return (
            self.result is not None and self.progress is None and (not self.running or self.quiet)
        )

    @property
    def has_read_on(self) -> bool:
        """Whether all that lies beyond the candidates of the answer shown has been read."""
        known = self.beyond
        return known is not None and known.result is self.result and known.is_whole

    @property
    def offered(self) -> Beyond | None:
        """What the candidates of the answer shown left out of the top, None where nothing is."""
        known = self.beyond
        if known is None or not known.missed or not (self.has_read_on and self.is_final):
            return None
        return known

    @property
    def judges(self) -> bool:
        """Whether the signs + and - judge."""
        return self.judging and self.hit is not None

    @property
    def is_answered(self) -> bool:
        """Whether the answer that is shown is one to what is typed."""
        return self.result is not None and query_key(self.result.query.typed) == query_key(
            self.typed
        )

    @property
    def grade(self) -> Mark | None:
        """The grade of the selected passage."""
        return None if self.selected is None else self.grades.get(self.selected)

    def order(self, side: Side) -> list[RankedHit]:
        """The hits of one list as they are shown."""
        if self.result is None:
            return []
        return ordered(self.result, side, by_movement=self.by_movement)

    def asked(self, typed: str) -> SearchState:
        """A new search for what is typed; an empty one clears the answer."""
        generation = self.generation + 1
        fresh = replace(
            self,
            typed=typed,
            generation=generation,
            quiet=False,
            error=None,
            progress=None,
            turned=None,
        )
        if typed != self.typed:
            fresh = replace(fresh, marks=(), judging=False)
        if not fresh.asks:
            return replace(fresh, running=False, result=None, selected=None, best=None)
        return replace(fresh, running=True, chosen=False, best=None)

    def asked_again(self) -> SearchState:
        """The same search on what the index holds now; selection and order stay until it ends."""
        generation = self.generation + 1
        return replace(self, generation=generation, running=True, quiet=not self.error, turned=None)

    def received(self, generation: int, event: SearchEvent) -> SearchState:
        """The answer has come this far; an older search's answer changes nothing."""
        finished = isinstance(event, Finished)
        if generation != self.generation or (self.quiet and not finished):
            return self
        progress = (event.scored, event.total) if isinstance(event, Reranked) else None
        result = reordered(event.result, *self.turned) if self.turned else event.result
        shown = replace(
            self._about(result),
            result=result,
            progress=None if finished else progress,
            running=not finished,
            quiet=self.quiet and not finished,
            error=None,
        )
        if finished:
            shown = replace(shown, latencies=self.latencies.and_one(event.result.timings.total))
        return shown._keeping_selection()

    def failed(self, generation: int, error: DocsearchError) -> SearchState:
        """The newest search has ended in an error."""
        if generation != self.generation:
            return self
        return replace(self, running=False, quiet=False, progress=None, error=error)

    def moved(self, rows: int, merged: bool) -> SearchState:
        """The selection, `rows` further down the list that is walked."""
        hits = self.order(Side.MERGED if merged else self.walked)
        return self.picked(moved(hits, self.selected, rows))

    def picked(self, chunk_id: int | None) -> SearchState:
        """The person selected a chunk; None changes nothing."""
        if chunk_id is None:
            return self
        return replace(self, selected=chunk_id, chosen=True, judging=True)

    def marked(self) -> SearchState:
        """The selected chunk with a mark, or without the one it had."""
        if self.selected is None:
            return self
        return replace(self, marks=toggled(self.marks, self.selected))

    def with_source(self, source: CandidateSource) -> SearchState:
        """The searches to come take their candidates from this source."""
        return replace(self, source=source)

    def with_reranker(self, name: str | None) -> SearchState:
        """The searches to come are reranked by this model, or not at all."""
        return replace(self, reranker=name)

    def opened_weights(self, weighing: bool) -> SearchState:
        """The person begins to weigh the voices, or has ended."""
        return replace(self, weighing=weighing)

    def fused(self, chosen: Fusion | None, usual: Fusion, now: float) -> SearchState:
        """The order of this fusion, at once and for the searches to come; the selection stays.

        None is `usual`, what the settings say of the reranker. `now` is in seconds since the epoch.
        """
        turned = (chosen or usual, now)
        result = self.result and reordered(self.result, *turned)
        return replace(self, fusion=chosen, turned=turned, result=result, figures=None)

    def sorted_by_movement(self, by_movement: bool) -> SearchState:
        """The after list by biggest mover, or by rank."""
        return replace(self, by_movement=by_movement, judging=True)

    def walking(self, side: Side) -> SearchState:
        """The arrow keys walk this list."""
        return replace(self, active=side, judging=True)

    def judged(self, *, up: bool) -> tuple[SearchState, Grade | None]:
        """The selected passage one grade further, and that grade; None is none any more."""
        if self.selected is None:
            return self, None
        grade = better(self.grade) if up else worse(self.grade)
        grades = with_grade(self.grades, self.selected, grade)
        given = self.given + 1
        return replace(self, grades=grades, given=given, judging=True, chosen=True), grade

    def not_kept(self) -> SearchState:
        """What is shown of the grades is to be read anew."""
        return replace(self, given=self.given + 1)

    def seen(self, result: SearchResult, given: int, seen: JudgedResult) -> SearchState:
        """What is judged is known; what was looked at before the last grade changes nothing."""
        if given != self.given or self.result is None:
            return self
        if result.query.typed != self.result.query.typed:
            return self
        figures = seen.figures if result is self.result else None
        return replace(self, grades=marks_of(seen.placed), figures=figures)

    def with_condensed(self, condensed: bool) -> SearchState:
        """Figures of condensed lists, or of whole ones."""
        return replace(self, condensed=condensed, figures=None)

    def with_best(self, words: str, chunk_id: int, span: Span) -> SearchState:
        """The best sentence is known; one for other words or another chunk changes nothing."""
        if self.result is None or self.result.query.words != words or chunk_id != self.selected:
            return self
        return replace(self, best=(chunk_id, span))

    def read_on(self, beyond: Beyond) -> SearchState:
        """More was read beyond the candidates; those of another answer change nothing."""
        return replace(self, beyond=beyond) if beyond.result is self.result else self

    @property
    def best_span(self) -> Span | None:
        """The best sentence of the selected passage, where it is known."""
        if self.best is None or self.best[0] != self.selected:
            return None
        return self.best[1]

    def placed(self, hit: RankedHit) -> RankedHit:
        """The hit where its best sentence stands, as soon as a model has said which that is."""
        if self.best is None or self.result is None or self.best[0] != hit.passage.chunk_id:
            return hit
        _, span = self.best
        words = wanted_words(self.result.query)
        own = offset_that_matters(words, hit.passage.chunk, within=span)
        matter = span[0] if own is None else own
        return replace(hit, passage=replace(hit.passage, matter=matter))

    def _about(self, result: SearchResult) -> SearchState:
        """Without figures of another answer, and without the grades of another query."""
        if self.result is not None and self.result.query.typed == result.query.typed:
            return replace(self, figures=self.figures if self.quiet else None)
        return replace(self, grades={}, figures=None)

    def _keeping_selection(self) -> SearchState:
        if self.result is None or not self.result.hits:
            return replace(self, selected=None, best=None)
        known = index_of(self.result.hits, self.selected) is not None
        if self.chosen and known:
            return self
        top = self.order(Side.MERGED)[0].passage.chunk_id
        return replace(self, selected=top, chosen=False)
