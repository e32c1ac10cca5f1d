"""The sentence of a passage that speaks to the query most.

In: words, a passage, and a way to score texts against words. Out: a span of the passage. Does not
know which model scores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

from docsearch.domain.safe_text import safe_block

Span = tuple[int, int]


def best_sentence(
    words: str, passage: str, score: Callable[[str, Sequence[str]], Sequence[float]]
) -> Span:
    """`[start, end)` in `passage`, in characters, of its best-scored sentence; the first of equals.

    The whole passage where it has no sentence. One sentence is best without being scored.
    """
    spans = sentence_spans(passage)
    if len(spans) < 2:
        return spans[0] if spans else (0, len(passage))
    scores = score(words, [passage[start:end] for start, end in spans])
    return spans[max(range(len(spans)), key=lambda index: scores[index])]


def sentence_spans(text: str) -> list[Span]:
    """The sentences in order, without the white space around them; rules and bullets are none."""
    # sentencex takes no lone surrogates; the safe text is as long, so its offsets are the same.
    boundaries = get_sentence_boundaries("en", safe_block(text))
    spans = (_trim(text, each["start_index"], each["end_index"]) for each in boundaries)
    return [(start, end) for start, end in spans if any(map(str.isalnum, text[start:end]))]


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
