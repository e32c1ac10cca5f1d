"""Settings to propose after an evaluation: reranker, candidates, and the weights of the fusion.

In: what an evaluation measured. Out: a `Suggestion`. Nothing is scored again: every option is an
order of candidates whose scores are known. Does not know where settings are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from docsearch.domain.errors import EvaluationError
from docsearch.domain.evaluation import MAIN_MEASURE, Contender
from docsearch.domain.fusion import Blend, Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.settings import AUTO_FUSION, NO_RERANKER, Settings
from docsearch.domain.wording import mix
from docsearch.evaluation.metrics import Scorer, condensed
from docsearch.evaluation.suggest import Choice, choose
from docsearch.judging.measured import Answers, Measured, joined, rankings

CANDIDATES = (10, 20, 30, 50, 100, 200)
"""Those that are tried, as far as they were measured."""

SCORE_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0)
RANK_WEIGHTS = (0.5, 1.0)

_PARTS = (CandidateSource.DENSE, CandidateSource.BM25)
"""What a search from both sources joins: a list of ten is not the first ten of one of fifty."""

Value = str | int | float
OwnWeight = Callable[[str], float]
"""What the first stage weighs beside a reranker by default."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The settings that are proposed, with those in force, and what the change is worth.

    `settings` and `present` name the same settings. `tried` counts the options.
    """

    settings: Mapping[str, Value]
    present: Mapping[str, Value]
    choice: Choice
    tried: int
    queries: int

    def instead_of(self, settings: Settings) -> Settings:
        """The settings in force with what is proposed in their place."""
        values = asdict(settings) | dict(self.settings)
        return Settings(**(values | {"source": CandidateSource(values["source"])}))

    @property
    def is_present(self) -> bool:
        """Whether the settings in force are the best of those that were tried."""
        return self.settings == self.present


def suggest(measured: Measured, settings: Settings, own_weight: OwnWeight) -> Suggestion:
    """What to propose. Raises EvaluationError for too few queries, or settings not measured."""
    options = _options(measured, settings, own_weight)
    present = next((at for at, each in enumerate(options) if each.settings == settings), None)
    if present is None:
        raise EvaluationError(
            "Your current settings were not measured, so there is nothing to compare with: measure "
            f"source {settings.source} and reranker {settings.reranker}, too."
        )
    judged = measured.judged
    scorer = Scorer(judged.grades, (MAIN_MEASURE,))
    columns = []
    for each in options:
        ranked = rankings(each.answers, each.fusion, measured.now)
        if measured.evaluation.condensed:
            ranked = dict(condensed(ranked, judged.grades))
        columns.append(scorer.values(ranked)[MAIN_MEASURE])
    costs = [_cost(each.answers) for each in options]
    choice = choose(np.stack(columns, axis=1), present, costs)
    proposed = _values(options[choice.best].settings)
    before = _values(settings)
    named = [name for name in before if proposed[name] != before[name]]
    return Suggestion(
        {name: proposed[name] for name in named},
        {name: before[name] for name in named},
        choice,
        len(options),
        len(judged.grades),
    )


def in_words(settings: Settings, own_weight: OwnWeight) -> str:
    """`dense, 50 candidates, docsearch-mini-v1 + ½ bi-encoder`."""
    name = settings.reranker_name
    if name is None:
        return f"{settings.source}, {Contender('no reranker').name}"
    fusion = settings.fusion_with(own_weight(name))
    order = mix(name, fusion, settings.source)
    return f"{settings.source}, {settings.candidates} candidates, {order}"


@dataclass(frozen=True, slots=True)
class _Option:
    settings: Settings
    answers: Answers
    fusion: Fusion | None


def _options(measured: Measured, settings: Settings, own_weight: OwnWeight) -> Sequence[_Option]:
    """Every option once; of settings that make the same order, those in force or the plainer."""
    found: dict[object, _Option] = {}
    for (source, name), answers in measured.answers.items():
        # Fewer of both sources are made of what each of them found.
        parts = [measured.answers.get((each, name)) for each in _PARTS]
        cuts_down = source is not CandidateSource.HYBRID or None not in parts
        for each in _settings(settings, source, name, own_weight, cuts_down=cuts_down):
            fusion = None if name is None else each.fusion_with(own_weight(name))
            same = (source, name, each.candidates if name else None, fusion)
            if same not in found or each == settings:
                cut = answers if name is None else _cut(measured, source, name, each.candidates)
                found[same] = _Option(each, cut, fusion)
    return list(found.values())


def _cut(measured: Measured, source: CandidateSource, name: str, candidates: int) -> Answers:
    """The answers as they would have been with so many candidates."""
    whole = measured.answers[source, name]
    parts = [measured.answers.get((each, name)) for each in _PARTS]
    if source is CandidateSource.HYBRID and all(parts):
        dense, bm25 = (each or {} for each in parts)
        return {
            query: joined(own, dense[query], bm25[query], candidates)
            for query, own in whole.items()
        }
    return {query: own.of_first(candidates) for query, own in whole.items()}


def _settings(
    settings: Settings,
    source: CandidateSource,
    name: str | None,
    own_weight: OwnWeight,
    *,
    cuts_down: bool,
) -> Iterator[Settings]:
    if name is None:
        yield replace(settings, source=source, reranker=NO_RERANKER)
        return
    depths: Sequence[int] = (settings.candidates,)
    if cuts_down:
        depths = (*depths, *(each for each in CANDIDATES if each < settings.candidates))
    for depth in depths:
        own = replace(settings, source=source, reranker=name, candidates=depth)
        yield own
        yield replace(own, fusion=AUTO_FUSION)
        yield replace(own, fusion="none")
        for blend, weights in ((Blend.SCORES, SCORE_WEIGHTS), (Blend.RANKS, RANK_WEIGHTS)):
            for weight in weights:
                if blend is Blend.SCORES and weight == own_weight(name):
                    continue
                yield replace(own, fusion=str(blend), first_stage_weight=weight)


def _values(settings: Settings) -> dict[str, Value]:
    return {
        "source": str(settings.source),
        "reranker": settings.reranker,
        "candidates": settings.candidates,
        "fusion": settings.fusion,
        "first_stage_weight": settings.first_stage_weight,
    }


def _cost(answers: Answers) -> float:
    """Seconds of all searches that were timed, each taken for the mean where it was not."""
    timed = [each.seconds for each in answers.values() if each.seconds is not None]
    return float(np.mean(timed)) if timed else float("inf")
