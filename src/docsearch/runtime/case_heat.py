"""What was measured of one hit, as HTML: reasons, facts, and the passage under both models' eyes.

In: an inspection. Out: lines of HTML, every text in it escaped. Does not know how anything was
measured, nor the page around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from docsearch.domain.explanation import Attribution, Background, Faithfulness, Inspection, Standing
from docsearch.domain.safe_text import safe_block, safe_line
from docsearch.domain.wording import after_score, plural

_LEVELS = (0.5, 0.2, 0.07)
"""Shares of the passage's strongest effect from which a piece is marked, strongest first."""


def inspected(inspection: Inspection, with_text: bool) -> Iterator[str]:
    """Everything that was measured; what quotes the passage only where its text may be shown."""
    if inspection.reasons and with_text:
        yield "<ul>"
        yield from (f"<li>{escape(safe_line(each))}</li>" for each in inspection.reasons)
        yield "</ul>"
    yield from (f"<p>{escape(safe_line(each))}</p>" for each in _facts(inspection))
    if not with_text:
        yield "<p>The words of the passages were left out of this page.</p>"
        return
    text = inspection.hit.passage.chunk.text
    noise = inspection.standing.jitter if inspection.standing else 0.0
    for heading, attribution, least in (
        ("the cross-encoder, word by word", inspection.words, noise),
        ("the bi-encoder, word by word", inspection.split, 0.0),
    ):
        if attribution is not None:
            yield f"<h3>{heading}{_weighed(attribution)}</h3>"
            yield f"<pre>{heat(text, attribution, least)}</pre>"
    if inspection.sentences is not None:
        yield from _sentences(text, inspection.sentences)


def _weighed(attribution: Attribution) -> str:
    """How many of the words were taken out, where that is not all of them."""
    count, pieces = len(attribution.effects), attribution.pieces
    return "" if count == pieces else f", {count} of {pieces} words weighed"


def heat(text: str, attribution: Attribution, noise: float = 0.0) -> str:
    """The text with its pieces marked by how much they speak for it, or against it.

    An effect no larger than `noise` is none.
    """
    strongest = max((abs(each.effect) for each in attribution.effects), default=0.0)
    parts, at = [], 0
    for each in sorted(attribution.effects, key=lambda effect: effect.span):
        start, end = each.span
        share = abs(each.effect) / strongest if strongest else 0.0
        level = next((level for level, least in enumerate(_LEVELS) if share >= least), None)
        if level is None or start < at or abs(each.effect) <= noise:
            continue
        side = "for" if each.effect > 0 else "against"
        parts += [
            escape(safe_block(text[at:start])),
            f'<mark class="{side} level{level}" title="{each.effect:+.3f}">',
            f"{escape(safe_block(text[start:end]))}</mark>",
        ]
        at = end
    return "".join([*parts, escape(safe_block(text[at:]))])


def _sentences(text: str, attribution: Attribution) -> Iterator[str]:
    yield "<h3>the cross-encoder, by sentence</h3>\n<table>"
    for each in attribution.effects:
        start, end = each.span
        sentence = escape(safe_line(" ".join(text[start:end].split())))
        yield f"<tr><td>{each.effect:+.2f}</td><td>{sentence}</td></tr>"
    yield "</table>"


def _facts(inspection: Inspection) -> Iterator[str]:
    rerank, reading = inspection.hit.rerank, inspection.reading
    if rerank is not None:
        yield f"{inspection.reranker}: {after_score(rerank.raw)}, {rerank.unit:.3f} of 1"
    if reading is not None:
        read = f"read: {reading.query_tokens} tokens of query, {reading.passage_tokens} of passage"
        scores = ", ".join(map(after_score, reading.window_scores))
        yield f"{read}, in {plural(len(reading.window_scores), 'window')} ({scores})"
    if inspection.standing is not None:
        yield _standing(inspection.standing)
    if inspection.background is not None and rerank is not None:
        yield _background(inspection.background, rerank.raw)
    if inspection.faithfulness is not None:
        yield _faithfulness(inspection.faithfulness)


def _standing(standing: Standing) -> str:
    above, below = standing.margin_above, standing.margin_below
    words = [
        *([f"{above:.3f} below the next better raw score"] if above is not None else []),
        *([f"{below:.3f} above the next raw score"] if below is not None else []),
        f"half precision moves it by {standing.jitter:.2g}",
    ]
    return ", ".join(words) + (": noise" if standing.is_noise else "")


def _background(background: Background, raw: float) -> str:
    count = len(background.scores)
    if not count:
        return "no other passage to compare with"
    return f"above {round(background.share_below(raw) * count)} of {count} random passages"


def _faithfulness(faithfulness: Faithfulness) -> str:
    if not faithfulness.removed:
        return "no word speaks for it"
    if not faithfulness.random_drops:
        return "too few words to tell what the marks are worth"
    removed = plural(faithfulness.removed, "strongest word")
    return (
        f"without its {removed} {-faithfulness.top_drop:+.2f}, "
        f"without as many at random {-faithfulness.random_drop:+.2f}: "
        f"{'the marks matter' if faithfulness.holds else 'the marks are unreliable'}"
    )
