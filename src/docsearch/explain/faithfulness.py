"""Whether the words that an attribution calls strongest matter more than any others.

In: a passage, the attribution of its words, a reranker. Out: how far the score falls without the
strongest, and without as many at random. Does not know how the attribution was made.

The comprehensiveness of DeYoung et al., "ERASER: A Benchmark to Evaluate Rationalized NLP Models"
(ACL 2020), beside its value for random rationales.
"""

from __future__ import annotations

from random import Random

from docsearch.domain.document import content_hash
from docsearch.domain.explanation import Attribution, Faithfulness
from docsearch.explain.pieces import without, words
from docsearch.explain.scoring import Measuring, all_scores
from docsearch.ports import Reranker

REMOVED = 5
DRAWS = 8


def faithfulness(
    question: str, text: str, attribution: Attribution, reranker: Reranker
) -> Measuring[Faithfulness]:
    """At most five strongest words against `DRAWS` draws of as many from all words of the passage.

    The draws depend on the query and the passage alone, so the same question gets the same answer.
    Where no word speaks for the passage nothing is removed, and nothing is drawn there nor where
    the strongest are all of its words: any draw would be the same.
    """
    strongest = [each.span for each in attribution.strongest(REMOVED)]
    if not strongest:
        return Faithfulness(0, 0.0, ())
    chance = Random(content_hash(question) + content_hash(text))  # noqa: S311 - no secret
    all_words = words(text)
    count = DRAWS if len(strongest) < len(all_words) else 0
    draws = [chance.sample(all_words, len(strongest)) for _ in range(count)]
    texts = [without(text, spans) for spans in (strongest, *draws)]
    scores = yield from all_scores(question, texts, reranker, reranker.score)
    top_drop, *random_drops = (attribution.score - each.raw for each in scores)
    return Faithfulness(len(strongest), top_drop, tuple(random_drops))
