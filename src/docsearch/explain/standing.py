"""Where a score stands: between its neighbours, and against passages that nobody asked for.

In: a hit, its result and a reranker; the scores of passages drawn at random. Out: margins and the
noise in them; a background. Does not know how the draw was made and scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docsearch.domain.explanation import Background, Standing
from docsearch.domain.ranking import RankedHit, RerankScore, SearchResult
from docsearch.explain.scoring import Measuring, all_scores
from docsearch.ports import Reranker

NEAR = 4
"""So many neighbours show how far half precision moves a difference of scores."""


def standing(result: SearchResult, hit: RankedHit, reranker: Reranker) -> Measuring[Standing]:
    """The hit among the reranked ones, in the order of their raw scores, whatever is shown.

    An order is noise where half precision moves the difference of two scores by more than that
    difference: `jitter` is the most that a difference to one of the `NEAR` nearest scores of other
    texts moves; that to a copy of its own text would not move at all. A hit without such
    neighbours has the jitter of its own score. `hit` is one of the result's, and reranked.
    """
    by_score = sorted(
        ((each.rerank.raw, each) for each in result.hits if each.rerank is not None),
        key=lambda pair: (-pair[0], pair[1].before_rank),
    )
    place = [each for _, each in by_score].index(hit)
    raw, _ = by_score[place]
    above, below = by_score[max(0, place - 1) : place], by_score[place + 1 : place + 2]
    own_text = hit.passage.chunk.reading
    others = [pair for pair in by_score if pair[1].passage.chunk.reading != own_text]
    near = sorted(others, key=lambda pair: abs(pair[0] - raw))[:NEAR]
    texts = [own_text, *(each.passage.chunk.reading for _, each in near)]
    rough = yield from all_scores(result.query.words, texts, reranker, reranker.rough_scores)
    moved = rough[0] - raw
    moves = [abs(moved - (own - other)) for own, (other, _) in zip(rough[1:], near, strict=True)]
    return Standing(
        margin_above=above[0][0] - raw if above else None,
        margin_below=raw - below[0][0] if below else None,
        jitter=max(moves, default=abs(moved)),
        place=place + 1,
    )


def background(scored: Iterable[Mapping[int, RerankScore]], drawn: int) -> Measuring[Background]:
    """The scores of at most `drawn` passages, by position, as batches of them become known."""
    known: dict[int, RerankScore] = {}
    for batch in scored:
        known |= batch
        yield min(1.0, len(known) / drawn)
    return Background(tuple(known[at].raw for at in sorted(known)))
