"""At which stage a passage was lost on its way to the top.

In: facts about one passage, or one file, in one search. Out: the stage and a sentence. Does not
know how the facts were gathered.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from docsearch.domain.document import Skipped
from docsearch.domain.explanation import Stage, Whereabouts
from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RerankScore
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import after_score, before_score, mix

_FIRST_STAGE = {
    CandidateSource.DENSE: "the bi-encoder",
    CandidateSource.BM25: "BM25",
    CandidateSource.HYBRID: "bi-encoder and BM25 together",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of `target`, as it was named: FILE or FILE:LINE.

    `is_there`: the folder has such a file. `skipped`: the file is left out of the index, on request
    or for a fault. `is_indexed`: the catalog has it. `chunk_id`: the passage that holds the line,
    or the file's best; None where no passage does. `passes_filters`: that passage, or for a file
    any of its passages, does.

    `before_rank` and `before_score` are the first stage's over the whole index within the filters,
    `ranked` how many passages it ranks; no rank is a passage that it does not find at all (BM25,
    without any of the words). The first `candidates` were taken; the passage was among them where
    `is_candidate`. `reranker` is None where there is none; `rerank` its score, candidate or not;
    `after_rank` the place in the order that `fusion` makes of it, among the candidates or as if it
    had been one; `own_rank` that in the reranker's own order, where `fusion` hears others too.
    """

    target: str
    source: CandidateSource
    is_there: bool = False
    skipped: Skipped | None = None
    is_indexed: bool = False
    chunk_id: int | None = None
    passes_filters: bool = True
    before_rank: int | None = None
    before_score: float | None = None
    ranked: int = 0
    candidates: int = 0
    is_candidate: bool = False
    reranker: str | None = None
    fusion: Fusion = field(default=Fusion())
    rerank: RerankScore | None = None
    after_rank: int | None = None
    own_rank: int | None = None


def whereabouts(facts: Facts) -> Whereabouts:
    """The first stage that it did not pass, or the place where it ended."""
    stage, reason = _stage(facts)
    return Whereabouts(
        safe_line(facts.target),
        stage,
        reason,
        before_rank=facts.before_rank,
        before_score=facts.before_score,
        after_rank=facts.after_rank,
        rerank=facts.rerank,
        chunk_id=facts.chunk_id,
        own_rank=facts.own_rank,
    )


def _stage(facts: Facts) -> tuple[Stage, str]:
    target = safe_line(facts.target)
    absent = _absent(facts, target)
    if absent is not None:
        return absent
    if not facts.passes_filters:
        return Stage.FILTERED, f"the filters of the query leave {target} out"
    first = _first_stage(facts)
    if not facts.is_candidate:
        return Stage.NOT_RETRIEVED, f"{first}; {_left_behind(facts)}"
    if facts.reranker is None or facts.after_rank is None:
        return Stage.RETRIEVED, f"{first}; nothing was reranked"
    order = mix(facts.reranker, facts.fusion, facts.source)
    place = f"{order} put it at number {facts.after_rank} of {facts.candidates}"
    return Stage.RERANKED, f"{first}; {place}{_raw(facts)}"


def _absent(facts: Facts, target: str) -> tuple[Stage, str] | None:
    if facts.skipped is not None:
        reason = safe_line(facts.skipped.reason)
        return Stage.NOT_INDEXED, f"{target} is left out of the index: {reason}"
    if not facts.is_indexed:
        if not facts.is_there:
            return Stage.NOT_THERE, f"there is no file {target} in the folder"
        return Stage.NOT_INDEXED, f"{target} is not indexed yet"
    if facts.chunk_id is None:
        return Stage.NOT_INDEXED, f"{target}: the file is indexed, but no passage of it is there"
    return None


def _first_stage(facts: Facts) -> str:
    voice = _FIRST_STAGE[facts.source]
    if facts.before_rank is None or facts.before_score is None:
        return f"{voice} does not find it"
    score = before_score(facts.before_score, facts.source)
    return f"{voice} put it at number {facts.before_rank:,} of {facts.ranked:,} ({score})"


def _left_behind(facts: Facts) -> str:
    taken = (
        f"only the first {facts.candidates} go on"
        if facts.candidates
        else "it finds nothing, so nothing goes on"
    )
    if facts.reranker is None or facts.after_rank is None or not facts.candidates:
        return taken
    return (
        f"{taken}. {mix(facts.reranker, facts.fusion, facts.source)} would have put it at number "
        f"{facts.after_rank}{_raw(facts)}"
    )


def _raw(facts: Facts) -> str:
    """The reranker's own score and, where others are heard too, what it alone made of it."""
    if facts.rerank is None:
        return ""
    whose = "" if facts.fusion.is_alone else " from the reranker"
    if facts.own_rank is not None:
        whose += f", by which it is number {facts.own_rank}"
    return f" ({after_score(facts.rerank.raw)}{whose})"
