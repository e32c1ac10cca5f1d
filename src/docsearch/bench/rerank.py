"""How long reranking takes: each reranker and runtime in turns with `CrossEncoder.predict`.

In: the contestants, the baseline and the first stage, and how much to measure. Out: steps and
figures. Each round runs everything once, in an order that turns with the rounds, so that all meet
the same machine. Does not know any model.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docsearch.domain.benchmark import Figure, Step
from docsearch.domain.document import Chunk
from docsearch.evaluation.latency import latencies, times_as_fast
from docsearch.ports import Reranker, ScoreCache
from docsearch.search.rerank import rerank


class Words:
    """Draws from the lower-case words of the vocabulary."""

    def __init__(self, tokenizer: Path, seed: int) -> None:
        """Read a `tokenizer.json`."""
        from tokenizers import Tokenizer

        known = Tokenizer.from_file(str(tokenizer))
        self.pair_special_tokens: int = known.num_special_tokens_to_add(is_pair=True)
        """That are put around a query and a passage."""
        vocabulary = known.get_vocab(with_added_tokens=False)
        self._whole = sorted(
            piece for piece in vocabulary if piece.isascii() and piece.isalpha() and piece.islower()
        )
        self._draw = random.Random(seed)  # noqa: S311 - the same in every run is the point

    def text(self, tokens: int) -> str:
        """So many words, each of one token, without special tokens."""
        return " ".join(self._draw.choices(self._whole, k=tokens))


QUERY_TOKENS = 12
COLD, ANOTHER, WARM = "cold cache", "another query", "warm cache"
DENSE = "dense retrieval"
DENSE_QUERIES = 20
"""Of each round: one query takes milliseconds."""

Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contestant:
    """A reranker in a runtime; `name` tells both, such as ("mini-v1", "torch float32").

    `keeps_passages` tells of one that keeps what it read of a passage for other queries.
    """

    name: Name
    reranker: Reranker
    keeps_passages: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the contestants are measured against: scores for a query and its passages."""

    name: Name
    predict: Callable[[str, Sequence[str]], object]


@dataclass(frozen=True, slots=True)
class FirstStage:
    """The first stage alone: finds the nearest of `vectors` vectors to a query's words."""

    vectors: int
    find: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class RerankPlan:
    """What to measure: so many candidates, whose pairs have so many tokens, in so many rounds.

    A pair's tokens are those of query, passage and special tokens together.
    """

    candidates: tuple[int, ...] = (50, 100)
    tokens: tuple[int, ...] = (128, 256, 512)
    runs: int = 5


@dataclass(frozen=True, slots=True)
class _Task:
    query: str
    another: str
    passages: tuple[Chunk, ...]

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.passages]


def bench_rerank(
    contestants: Sequence[Contestant],
    baseline: Baseline,
    first_stage: FirstStage,
    words: Words,
    new_cache: Callable[[], ScoreCache],
    plan: RerankPlan,
) -> Iterator[Step | Figure]:
    """Steps while it measures, then the figures of each number of pairs and tokens as it is done.

    A cold cache is empty; a warm one holds every score, as when a query is asked again. Another
    query over the same passages is measured of those who keep something of them.
    """
    total = len(plan.candidates) * len(plan.tokens) * plan.runs * (len(contestants) + 1)
    done = 0
    first_stage_seconds: list[float] = []
    for tokens in plan.tokens:
        _warm_up(contestants, baseline, _task(words, 4, tokens))
        for candidates in plan.candidates:
            where = (f"{candidates} pairs", f"{tokens} tokens")
            seconds: dict[Name, list[float]] = defaultdict(list)
            for run in range(plan.runs):
                task = _task(words, candidates, tokens)
                for each in _turned([baseline, *contestants], run):
                    yield Step(" · ".join((*where, *each.name)), done, total)
                    done += 1
                    for name, taken in _measured(each, task, new_cache):
                        seconds[name].append(taken)
                for _ in range(DENSE_QUERIES):
                    query = words.text(QUERY_TOKENS)
                    first_stage_seconds.append(_timed(lambda: first_stage.find(query)))  # noqa: B023 - called at once
            yield from _figures(where, seconds, baseline.name)
    yield from latencies((DENSE, f"{first_stage.vectors:,} vectors"), first_stage_seconds)


def _figures(where: Name, seconds: dict[Name, list[float]], baseline: Name) -> Iterator[Figure]:
    for name in sorted(seconds, key=lambda name: name != baseline):
        yield from latencies((*where, *name), seconds[name])
        if name != baseline:
            yield times_as_fast(
                (*where, *name), seconds[name], (*where, *baseline), seconds[baseline]
            )


def _measured(
    each: Baseline | Contestant, task: _Task, new_cache: Callable[[], ScoreCache]
) -> Iterator[tuple[Name, float]]:
    if isinstance(each, Baseline):
        yield each.name, _timed(lambda: each.predict(task.query, task.texts))
        return
    cache = new_cache()
    asked = {COLD: task.query, ANOTHER: task.another, WARM: task.query}
    for state, query in asked.items():
        if state != ANOTHER or each.keeps_passages:
            taken = _timed(lambda: _rerank(query, task.passages, each.reranker, cache))  # noqa: B023 - called at once
            yield (*each.name, state), taken


def _rerank(query: str, passages: Sequence[Chunk], reranker: Reranker, cache: ScoreCache) -> None:
    for _ in rerank(query, passages, reranker, cache):
        pass


def _warm_up(contestants: Sequence[Contestant], baseline: Baseline, task: _Task) -> None:
    """What a model does once for a length is not part of its speed."""
    baseline.predict(task.query, task.texts)
    for each in contestants:
        each.reranker.score(task.query, task.texts)


def _task(words: Words, candidates: int, tokens: int) -> _Task:
    room = tokens - QUERY_TOKENS - words.pair_special_tokens
    texts = (words.text(room) for _ in range(candidates))
    return _Task(
        words.text(QUERY_TOKENS),
        words.text(QUERY_TOKENS),
        tuple(Chunk(at, 0, len(text), text, room) for at, text in enumerate(texts)),
    )


def _turned(items: Sequence[Baseline | Contestant], by: int) -> Sequence[Baseline | Contestant]:
    at = by % len(items)
    return [*items[at:], *items[:at]]


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
