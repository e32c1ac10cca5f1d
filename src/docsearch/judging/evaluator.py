"""Every judged query through every source and reranker: the face of evaluation for every front end.

In: judged queries, sources, rerankers. Out: progress, and at the end what was found. What has been
scored stays in the score cache, and what was timed in a file beside it: an evaluation that was
stopped goes on from there. Everything blocks, nothing keeps a query waiting for longer than a
batch, and to close an iterator is to cancel. Raises DocsearchError. Does not know who looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter, time

from docsearch.domain.benchmark import Step
from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError, EvaluationError, ModelError
from docsearch.domain.evaluation import Contender, Evaluation
from docsearch.domain.fusion import Blend, Fusion
from docsearch.domain.judgment import Judged, Level, query_key
from docsearch.domain.model import ModelKind
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import mix, plural
from docsearch.evaluation.assemble import Entry, evaluation
from docsearch.explain.subject import quoted, shortened
from docsearch.judging.judged_files import JUDGMENTS, QUERIES, judged_from, own_files
from docsearch.judging.judging import Judging
from docsearch.judging.kept_times import KeptTimes, time_key
from docsearch.judging.measured import Answer, Answers, Key, Measured, rankings
from docsearch.judging.suggesting import Suggestion, suggest
from docsearch.ports import Reranker
from docsearch.search.query_syntax import parse
from docsearch.search.rerank import rerank
from docsearch.serving.explaining import Explaining

NO_RERANKER = "no reranker"
NONE_JUDGED = "Nothing that this index holds is judged relevant yet"
HOW_TO_JUDGE = (
    "Judge with + and - on the screen, or with `docsearch judge`; `docsearch eval` also takes "
    "queries.tsv and judgments.tsv of the folder, or --queries and --qrels."
)
FOUND_THEMSELVES = (
    f"{QUERIES} and {JUDGMENTS} can be found themselves: name them in .docsearchignore"
)
_SAVED_EVERY = 20

DocumentOf = Callable[[str], str]
"""From a file's path in the index to the document's id in the judgments."""


@dataclass(slots=True)
class _Run:
    """What an evaluation has gathered so far."""

    document_of: Callable[[StoredChunk], str]
    times: KeptTimes
    is_of_passages: bool
    timed: set[str] = field(default_factory=set)
    answers: dict[Key, dict[str, Answer]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


class Evaluator:
    """May be asked from any thread.

    `fusion_with` says how a reranker's order is made, `last_read_as` what the fingerprint of the
    one of a name was when it last read, None where it never has.
    """

    def __init__(
        self,
        explaining: Explaining,
        judging: Judging,
        fusion_with: Callable[[str | None], Fusion],
        last_read_as: Callable[[str], str | None],
    ) -> None:
        self._explaining = explaining
        self._judging = judging
        self._fusion_with = fusion_with
        self._last_read_as = last_read_as

    def judged(
        self,
        files: tuple[Path, Path] | None = None,
        *,
        own: bool = False,
        origin: str = "",
        document_of: DocumentOf = str,
    ) -> Judged:
        """The judged queries: of `files` (queries, then judgments), of the folder, or of the index.

        A folder that brings its own files is judged by them, unless `own` asks for the judgments
        that were made on the screen. Raises EvaluationError where there is nothing to measure.
        """
        explaining = self._explaining
        brought = None if own else own_files(explaining.folder)
        chosen = files or brought
        if chosen is None:
            return _with_something_relevant(self._judging.judged())
        known = {document_of(path) for path in explaining.library.files()}
        found = judged_from(*chosen, origin or safe_line(str(explaining.folder)), known)
        if files is None:
            made = len(self._judging.queries())
            beside = (
                f"; the {plural(made, 'query', 'queries')} judged on the screen are not (--own)"
                if made
                else ""
            )
            told = f"the folder's own {QUERIES} and {JUDGMENTS} are used{beside}"
            if any(name in known for name in (QUERIES, JUDGMENTS)):
                return _noticed(found, told, FOUND_THEMSELVES)
            return _noticed(found, told)
        return found

    def local_rerankers(self) -> tuple[str, ...]:
        """Those on this machine, the default one first; a service is only used when it is named."""
        explaining = self._explaining
        here = [
            state.description.name
            for state in explaining.models.states()
            if state.is_here and state.description.kind is ModelKind.CROSS_ENCODER
        ]
        chosen = explaining.settings.reranker_name
        if chosen is not None and chosen not in here:
            # One that goes by its folder is known, and not listed.
            here += [chosen] if explaining.models.state(chosen).is_here else []
        return tuple(sorted(here, key=lambda name: name != chosen))

    def suggest(self, measured: Measured) -> Suggestion:
        """Settings to propose by what was measured. Raises EvaluationError."""
        return suggest(measured, self._explaining.settings, self.own_weight)

    def own_weight(self, reranker: str) -> float:
        """What the first stage weighs beside this reranker where nobody says otherwise."""
        return self._explaining.models.state(reranker).description.first_stage_weight

    def measure(
        self,
        judged: Judged,
        sources: Sequence[CandidateSource],
        rerankers: Sequence[str],
        *,
        condense: bool = False,
        document_of: DocumentOf = str,
    ) -> Iterator[Step | Measured]:
        """A step before each query and each of its rerankings, and at last what was found.

        A reranker that cannot be used, or fails, is left out and told. `document_of` is for
        judgments of documents.
        """
        times = KeptTimes(self._explaining.times)
        of_passages = judged.level is Level.PASSAGE
        run = _Run(_ids(judged.level, document_of), times, of_passages)
        models = {name: self._reranker(name, run) for name in dict.fromkeys(rerankers)}
        usable = {name: model for name, model in models.items() if model is not None}
        if any(source is not CandidateSource.BM25 for source in sources):
            self._explaining.embedder.embed_query("")
        total = len(judged.grades) * len(sources) * (1 + len(usable))
        done = 0
        try:
            for number, query_id in enumerate(judged.grades, start=1):
                words = judged.queries[query_id]
                query = parse(words) if judged.syntax else Query(words, words)
                what = f"query {number} of {len(judged.grades)}"
                for source in sources:
                    yield Step(f"{what}, {source}", done, total)
                    result = self._first_stage(query, source)
                    base = self._note(run, query_id, source, result)
                    done += 1
                    for name, model in usable.items():
                        yield Step(f"{what}, {source}, {safe_line(name)}", done, total)
                        self._rerank(run, query_id, result, base, name, model)
                        done += 1
                if number % _SAVED_EVERY == 0:
                    run.times.save()
        finally:
            run.times.save()
        yield self._measured(run, judged, sources, list(usable), condense=condense)

    def known(
        self,
        source: CandidateSource,
        rerankers: Sequence[str],
        *,
        condense: bool = False,
        only: str | None = None,
    ) -> dict[str, Evaluation]:
        """By reranker, its shown order against none by the judgments made on the screen.

        Each over the queries whose scores are all in the cache: nothing is scored and no reranker
        loaded, so this is quick enough to follow every judgment. A reranker that has none is left
        out. The first row is that of no reranker, the second its own. With `only`, of that one
        query. Raises EvaluationError where nothing is judged.
        """
        judged = self.judged(own=True)
        if only is not None:
            judged = _of_query(judged, query_key(only))
        run = _Run(_ids(judged.level, str), KeptTimes(self._explaining.times), True)
        prints = {name: self._fingerprint(name) for name in dict.fromkeys(rerankers)}
        for query_id, words in judged.queries.items():
            result = self._first_stage(parse(words), source)
            base = self._note(run, query_id, source, result)
            for name, fingerprint in prints.items():
                if fingerprint is not None:
                    self._look_up(run, query_id, result, base, fingerprint, name)
        plain = run.answers.get((source, None), {})
        found = {}
        for name in prints:
            answers = run.answers.get((source, name), {})
            if not answers:
                continue
            shown, fusion = next(self._contenders(source, name))
            now = time()
            same = {query: plain[query] for query in answers}
            entries = [
                Entry(Contender(NO_RERANKER, str(source)), rankings(same, None, now)),
                Entry(shown, rankings(answers, fusion, now), 0),
            ]
            grades = {query: judged.grades[query] for query in answers}
            found[name] = evaluation(
                replace(judged, grades=grades),
                entries,
                condense=condense,
                label=lambda document: run.labels.get(document, document),
            )
        return found

    def _look_up(
        self,
        run: _Run,
        query_id: str,
        result: SearchResult,
        base: Answer,
        fingerprint: str,
        name: str,
    ) -> None:
        hashes = [hit.passage.chunk.reading_hash for hit in result.before]
        scores = self._explaining.cache.get(fingerprint, result.query.words, hashes)
        if all(each in scores for each in hashes):
            raw = tuple(scores[each].raw for each in hashes)
            run.answers.setdefault((result.source, name), {})[query_id] = replace(base, raw=raw)

    def _fingerprint(self, name: str) -> str | None:
        """What the known scores of the reranker go by, told without loading it."""
        try:
            return self._last_read_as(self._explaining.models.state(name).description.name)
        except ModelError:
            return None

    def _reranker(self, name: str, run: _Run) -> Reranker | None:
        try:
            reranker, why_not = self._explaining.reranker(name)
            if reranker is not None:
                # Loaded here, so that no query's time has it.
                reranker.plan("", [])
                return reranker
        except DocsearchError as error:
            why_not = str(error)
        run.failed[name] = why_not or "it cannot be used"
        return None

    def _first_stage(self, query: Query, source: CandidateSource) -> SearchResult:
        explaining = self._explaining
        *_, last = explaining.ask(query, source, explaining.settings.candidates)
        return last.result

    def _note(
        self, run: _Run, query_id: str, source: CandidateSource, result: SearchResult
    ) -> Answer:
        hits = result.before
        for hit in hits:
            if run.is_of_passages:
                run.labels.setdefault(run.document_of(hit.passage), _label(hit))
        timings = result.timings
        embed = timings.embed
        # The query's vector is remembered, so that only the first source that wants one pays.
        key = time_key(self._explaining.embedder.fingerprint, result.query.words)
        if source is not CandidateSource.BM25:
            embed = max(embed, run.times.get(key) or 0.0)
            run.times.put(key, embed)
        answer = Answer(
            documents=tuple(run.document_of(hit.passage) for hit in hits),
            first=tuple(hit.before_score for hit in hits),
            written=tuple(hit.passage.modified_ns / 1e9 for hit in hits),
            seconds=embed + timings.retrieve + timings.fetch,
            chunks=tuple(hit.passage.chunk_id for hit in hits),
        )
        run.answers.setdefault((source, None), {})[query_id] = answer
        return answer

    def _rerank(
        self,
        run: _Run,
        query_id: str,
        result: SearchResult,
        base: Answer,
        name: str,
        model: Reranker,
    ) -> None:
        if name in run.failed:
            return
        passages = [hit.passage.chunk for hit in result.before]
        raw = [0.0] * len(passages)
        read, seconds, resumed = 0, 0.0, perf_counter()
        try:
            for batch in rerank(result.query.words, passages, model, self._explaining.cache):
                for at, score in batch.scores.items():
                    raw[at] = score.raw
                if not batch.cached:
                    read += len(batch.scores)
                    seconds += perf_counter() - resumed
                resumed = perf_counter()
            key = time_key(model.fingerprint, result.query.words)
        except DocsearchError as error:
            run.failed[name] = str(error)
            return
        known = run.times.get(key)
        if key not in run.timed and (2 * read >= len(passages) > 0 or (read and known is None)):
            # The others were known before, and would have taken as long each; and the same query
            # takes as long with the passages of another source.
            known = seconds / read
            run.times.put(key, known)
            run.timed.add(key)
        took = None if known is None and passages else len(passages) * (known or 0.0)
        whole = None if took is None or base.seconds is None else base.seconds + took
        answer = replace(base, raw=tuple(raw), seconds=whole)
        run.answers.setdefault((result.source, name), {})[query_id] = answer

    def _measured(
        self,
        run: _Run,
        judged: Judged,
        sources: Sequence[CandidateSource],
        rerankers: Sequence[str],
        *,
        condense: bool,
    ) -> Measured:
        now = time()
        entries: list[Entry] = []
        for source in sources:
            plain = run.answers[source, None]
            first = Contender(NO_RERANKER, str(source))
            baseline = len(entries)
            entries.append(Entry(first, rankings(plain, None, now), None, _seconds(plain)))
            for name in rerankers:
                if name in run.failed:
                    continue
                answers = run.answers[source, name]
                for contender, fusion in self._contenders(source, name):
                    ranked = rankings(answers, fusion, now)
                    entries.append(Entry(contender, ranked, baseline, _seconds(answers)))
        failed = [f"{safe_line(name)} left out: {why}" for name, why in sorted(run.failed.items())]
        found = evaluation(
            judged,
            entries,
            condense=condense,
            main=self._main(entries),
            label=lambda document: run.labels.get(document, document),
            notices=failed,
            settings=self._settings(),
        )
        runs = tuple(each.rankings for each in entries)
        return Measured(found, judged, runs, run.answers, now)

    def _main(self, entries: Sequence[Entry]) -> int | None:
        """The order that docsearch shows unasked, or else would with another reranker."""
        chosen = self._explaining.settings.reranker_name
        shown = [at for at, each in enumerate(entries) if each.contender.is_default]
        own = [at for at in shown if entries[at].contender.reranker == chosen]
        return next(iter([*own, *shown]), None)

    def _contenders(self, source: CandidateSource, name: str) -> Iterator[tuple[Contender, Fusion]]:
        """The order that is shown, the reranker's own, and the fusion of both by their ranks."""
        settings = self._explaining.settings
        shown = self._fusion_with(name)
        joined = Fusion(first_stage=1.0, blend=Blend.RANKS, k=settings.rrf_k)
        for fusion in dict.fromkeys((shown, Fusion(), joined)):
            is_default = source is settings.source and fusion == shown
            label = mix(name, fusion, source)
            yield Contender(label, str(source), name, fusion, is_default), fusion

    def _settings(self) -> dict[str, str]:
        settings = self._explaining.settings
        names = ("candidates", "chunk_tokens", "overlap_tokens", "fusion")
        return {name: str(getattr(settings, name)) for name in names}


def _seconds(answers: Answers) -> list[float]:
    return [each.seconds for each in answers.values() if each.seconds is not None]


def _ids(level: Level, document_of: DocumentOf) -> Callable[[StoredChunk], str]:
    if level is Level.PASSAGE:
        return lambda passage: passage.chunk.content_hash.hex()
    return lambda passage: document_of(passage.path)


def _label(hit: RankedHit) -> str:
    path, place = hit.passage.path, hit.passage.place
    at = place.location
    if at.line is not None:
        return f"{path}:{at.line}"
    if at.page is not None:
        return f"{path}, page {at.page}"
    if at.cell is not None:
        return f"{path}, cell {at.cell}"
    return f"{path} › {place.headings[-1]}" if place.headings else path


def _noticed(judged: Judged, *notices: str) -> Judged:
    return replace(judged, notices=(*notices, *judged.notices))


def _of_query(judged: Judged, key: str) -> Judged:
    queries = {query: words for query, words in judged.queries.items() if words == key}
    grades = {query: own for query, own in judged.grades.items() if query in queries}
    return replace(judged, queries=queries, grades=grades)


def _with_something_relevant(judged: Judged) -> Judged:
    """The judgments made on the screen that can be measured. Raises EvaluationError for none."""
    kept = {query: own for query, own in judged.grades.items() if max(own.values()) > 0}
    barren = [words for query, words in judged.queries.items() if query not in kept]
    if not kept:
        why = f": {'; '.join(judged.notices)}" if judged.notices else ""
        raise EvaluationError(f"{NONE_JUDGED}{why}. {HOW_TO_JUDGE}")
    queries = {query: judged.queries[query] for query in kept}
    notices = judged.notices
    if barren:
        left_out = plural(len(barren), "query", "queries")
        told = f"{left_out} left out for which nothing in the index is judged relevant"
        notices = (*notices, f"{told}, such as {quoted([shortened(barren[0])])}")
    return replace(judged, queries=queries, grades=kept, notices=notices)
