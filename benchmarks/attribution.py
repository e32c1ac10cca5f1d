"""What weighing one passage's words costs, beside reranking fifty such passages.

    python -m benchmarks.attribution [ROUNDS] [RERANKER]

In: sample_docs, whose texts one after the other are cut into full chunks: 512 tokens, two of them
special. Out: seconds to rerank fifty of them with an empty cache, and to weigh the words of one by
occlusion; the best of the rounds, in which the two take turns, and their ratio.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from docsearch.domain.document import Chunk
from docsearch.domain.explanation import Attribution
from docsearch.domain.settings import Settings
from docsearch.explain.occlusion import most_telling, occlude, words_that_fit
from docsearch.explain.pieces import words
from docsearch.models.registry import ModelRegistry
from docsearch.ports import Reranker
from docsearch.search.rerank import rerank
from docsearch.storage.scores import SqliteScoreCache

FOLDER = Path(__file__).resolve().parent.parent / "sample_docs"
QUERY = "how long does rye dough rest"
ROUNDS = 3
PASSAGES = 50
TOKENS = 512
SPECIAL_TOKENS = 2
TEXT = frozenset({".md", ".txt", ".org", ".rst"})


def main() -> None:
    """Measure, and print what was measured."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    name = sys.argv[2] if len(sys.argv) > 2 else Settings().reranker
    with tempfile.TemporaryDirectory() as made:
        registry = ModelRegistry(Path(made), offline=True)
        passages = _passages(registry)
        pairs = []
        for at in range(rounds):
            # A new one each time, which has kept nothing of the passages.
            reranker = registry.load_reranker(name)
            reranker.score(QUERY, ["a first text"])
            cache = Path(made) / f"scores-{at}.sqlite"
            pairs.append(
                (
                    _seconds(_rerank(passages, reranker, cache)),
                    _seconds(_weigh(passages[0], reranker)),
                )
            )
    reranking, weighing = (min(each) for each in zip(*pairs, strict=True))
    weighed = words_that_fit(QUERY, passages[0], reranker)
    print(f"{name}, passages of {TOKENS} tokens, best of {rounds}")
    print(f"reranking {PASSAGES}: {reranking:.1f} s")
    print(
        f"weighing {min(weighed, len(words(passages[0])))} of the {len(words(passages[0]))} words "
        f"of one: {weighing:.1f} s, {weighing / reranking:.2f} of that"
    )


def _passages(registry: ModelRegistry) -> list[str]:
    files = sorted(each for each in FOLDER.rglob("*") if each.suffix in TEXT)
    text = "\n\n".join(each.read_text("utf-8", errors="replace") for each in files)
    spans = registry.token_counter().token_spans(text)
    size = TOKENS - SPECIAL_TOKENS
    starts = range(0, len(spans) - size, size)
    cut = [text[spans[at][0] : spans[at + size - 1][1]] for at in starts]
    if len(cut) < PASSAGES:
        raise ValueError(f"sample_docs fills only {len(cut)} passages of {TOKENS} tokens")
    return cut[:PASSAGES]


def _rerank(passages: list[str], reranker: Reranker, cache: Path) -> Iterable[object]:
    chunks = [Chunk(at, 0, len(text), text, TOKENS) for at, text in enumerate(passages)]
    return rerank(QUERY, chunks, reranker, SqliteScoreCache(cache))


def _weigh(passage: str, reranker: Reranker) -> Iterable[object]:
    whole = Attribution(reranker.name, reranker.score(QUERY, [passage])[0].raw, (), 0)
    spans = most_telling(QUERY, passage, whole, words_that_fit(QUERY, passage, reranker))
    return occlude(QUERY, passage, spans, whole, reranker)


def _seconds(work: Iterable[object]) -> float:
    began = time.perf_counter()
    for _ in work:
        pass
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
