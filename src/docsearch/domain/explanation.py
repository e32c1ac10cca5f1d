"""What can be told of why a result stands where it stands, all of it measured.

In: nothing. Out: the values that `explain/` computes and every front end shows. Does not know how
any of them is measured or drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isclose

from docsearch.domain.model import ScoreKind
from docsearch.domain.ranking import RankedHit, RerankScore

Span = tuple[int, int]
"""`[start, end)` in a passage's text, in characters."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one piece of a passage does to its score.

    Positive speaks for the passage, negative against it, in the units of the model's raw score.
    """

    span: Span
    effect: float


@dataclass(frozen=True, slots=True)
class Attribution:
    """One model's score of a passage, piece by piece.

    By occlusion, an effect is `score` less the score of the passage without the piece; the effects
    need not add up. By a bi-encoder's additive split, `score` is the sum of the effects and
    `rest`, which belongs to no word (the special tokens). `pieces` counts all pieces of the passage
    of which `effects` holds those that were measured.
    """

    model: str
    score: float
    effects: tuple[Effect, ...]
    pieces: int
    rest: float = 0.0

    def strongest(self, count: int) -> tuple[Effect, ...]:
        """The pieces that speak for the passage most, strongest first; none that speaks against."""
        best = sorted(self.effects, key=lambda each: (-each.effect, each.span))
        return tuple(each for each in best if each.effect > 0)[:count]


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """Whether the strongest words matter: the score without them, against without random ones.

    `top_drop` is by how much the score falls without the `removed` strongest words, `random_drops`
    the same for as many words drawn at random, several times. Nothing is drawn where no word speaks
    for the passage (`removed` is 0), nor where the strongest are all of its words.
    """

    removed: int
    top_drop: float
    random_drops: tuple[float, ...]

    @property
    def random_drop(self) -> float:
        """The mean of the random drops; 0 for none."""
        return sum(self.random_drops) / len(self.random_drops) if self.random_drops else 0.0

    @property
    def holds(self) -> bool:
        """Whether the score falls without the strongest words, and more than in every draw."""
        return bool(self.random_drops) and self.top_drop > max(0.0, *self.random_drops)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the cross-encoder read of one pair: the texts' tokens, and the windows they were put in.

    `query_tokens` are those that are read of the query, `passage_tokens` all of the passage's, both
    without special ones. `window` is the most tokens it reads at once, `window_tokens` what each
    window held, special ones included; `window_scores` are raw. Windows are in the passage's order.
    """

    query_tokens: int
    passage_tokens: int
    window: int
    window_tokens: tuple[int, ...]
    window_scores: tuple[float, ...]

    @property
    def best(self) -> int:
        """The window that won, from 0."""
        return self.window_scores.index(max(self.window_scores))


@dataclass(frozen=True, slots=True)
class Background:
    """Raw scores of the same query over passages drawn at random from the index."""

    scores: tuple[float, ...]

    def share_below(self, raw: float) -> float:
        """The share of the background that scores lower, in [0, 1]; 0 for no background."""
        return sum(each < raw for each in self.scores) / len(self.scores) if self.scores else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A score among its neighbours in the order of raw scores, whatever order is shown.

    Margins are at least 0, None at an end; `place` is that in this order, from 1. `jitter` is by
    how much a difference of two raw scores moves when the same model computes in half precision; a
    margin no larger is noise.
    """

    margin_above: float | None
    margin_below: float | None
    jitter: float
    place: int = 1

    def drowns(self, margin: float) -> bool:
        """Whether this model's arithmetic cannot tell the margin from none."""
        return margin <= self.jitter

    @property
    def is_noise(self) -> bool:
        """Whether the place could be another's, as far as this model's arithmetic can tell."""
        margins = (self.margin_above, self.margin_below)
        return any(margin is not None and self.drowns(margin) for margin in margins)


class Measure(StrEnum):
    """The parts of an inspection, in the order in which they are measured."""

    READING = "what was read"
    SPLIT = "bi-encoder, word by word"
    SENTENCES = "sentences"
    WORDS = "words"
    FAITHFULNESS = "faithfulness"
    STANDING = "neighbours"
    BACKGROUND = "background"
    REASONS = "reasons"


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that is known so far of why one hit stands where it does.

    Parts are None until they are measured, or where there is nothing to measure them with (no
    reranker, no dense first stage). `doing` is what is being measured now, None at the end; `done`
    is how far it is, in [0, 1]. `kind` is what the reranker's raw scores are.
    """

    hit: RankedHit
    reranker: str | None
    doing: Measure | None = None
    done: float = 0.0
    reading: Reading | None = None
    split: Attribution | None = None
    sentences: Attribution | None = None
    words: Attribution | None = None
    faithfulness: Faithfulness | None = None
    standing: Standing | None = None
    background: Background | None = None
    reasons: tuple[str, ...] = ()
    kind: ScoreKind | None = None


@dataclass(frozen=True, slots=True)
class Liked:
    """The words of a passage that speak strongly for it, to two rerankers; strongest first.

    `both` like those of the first field; to the other reranker a word of `first` or `second` does
    next to nothing, or speaks against the passage.
    """

    both: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Why hit `above` outranks hit `below` under one reranker.

    `turning` are the spans in the passage of `above` whose removal turns the two round, as few as
    could be found; empty where no removal that was tried does. `score_without` is its raw score
    without them. `done` is how far the search for them is, in [0, 1].
    """

    above: RankedHit
    below: RankedHit
    above_score: RerankScore
    below_score: RerankScore
    turning: tuple[Span, ...]
    score_without: float
    done: float = 0.0

    @property
    def margin(self) -> float:
        """By how much the raw score of the one exceeds the other's."""
        return self.above_score.raw - self.below_score.raw

    @property
    def is_even(self) -> bool:
        """Whether the scores are equal, as far as two readings of one text in a batch agree."""
        return isclose(self.above_score.raw, self.below_score.raw, rel_tol=1e-6, abs_tol=1e-9)


@dataclass(frozen=True, slots=True)
class Movement:
    """How two orders of the same passages differ.

    `tau` is Kendall's tau-b in [-1, 1], `rbo` the extrapolated rank-biased overlap in [0, 1]
    (Webber, Moffat and Zobel 2010, p = 0.9); `overlap` counts passages in both top tens.
    `improved` and `worsened` count passages by their movement; `entered` are the ids of chunks that
    came into the top ten from below; `movers` those that moved most, with their movement.
    """

    tau: float
    rbo: float
    overlap: int
    improved: int
    worsened: int
    entered: tuple[int, ...]
    movers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Noise:
    """What this model's arithmetic cannot tell from nothing in a list.

    `jitter` is by how much a difference of two raw scores was seen to move in half precision,
    `moves` the chunks that moved for no larger difference.
    """

    jitter: float
    moves: frozenset[int]


@dataclass(frozen=True, slots=True)
class DepthStep:
    """The top ten after reranking only the first `candidates`.

    `kept` counts its passages that are in the top ten of all, `in_order` says whether it is that
    top ten, place for place. `seconds` is what reranking so many takes, estimated from their share
    of the tokens; None where no time was ever measured.
    """

    candidates: int
    kept: int
    in_order: bool
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Depth:
    """How many candidates it takes until the top ten stops changing: `enough` of `total`.

    Both are 0, and there is no step, where nothing was reranked.
    """

    steps: tuple[DepthStep, ...]
    enough: int
    total: int


class Stage(StrEnum):
    """Where a passage was lost on its way to the top."""

    NOT_THERE = "not in the folder"
    NOT_INDEXED = "not indexed"
    FILTERED = "filtered out"
    NOT_RETRIEVED = "not among the candidates"
    RETRIEVED = "not reranked"
    RERANKED = "reranked"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What became of one chunk, or one file, in a search.

    `before_rank` and `before_score` are the first stage's over the whole index, whether or not the
    chunk was among the candidates. `rerank` is its cross-encoder's score in any case where there
    is a reranker, `after_rank` its place where it was a candidate, else the place it would have
    had. `own_rank` is the same place in the reranker's own order, None where that is the order that
    is shown. `reason` says in words what happened.
    """

    target: str
    stage: Stage
    reason: str
    before_rank: int | None = None
    before_score: float | None = None
    after_rank: int | None = None
    rerank: RerankScore | None = None
    chunk_id: int | None = None
    own_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """A passage beyond the candidates that would have entered the top ten at `after_rank`."""

    hit: RankedHit
