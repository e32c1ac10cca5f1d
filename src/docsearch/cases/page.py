"""A case as a page to look at: the two lists, how ranks moved, and why one result stands there.

In: a result, what was measured of it, and the facts. Out: HTML that needs nothing besides itself:
no network, no script. No word of a document is taken for markup. Does not know where it is written.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from docsearch.cases.facts import CaseFacts
from docsearch.domain.explanation import (
    Attribution,
    Background,
    Faithfulness,
    Inspection,
    Movement,
    Standing,
)
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.safe_text import safe_block, safe_line
from docsearch.domain.wording import after_score, before_score, plural
from docsearch.explain.slope_svg import slope_svg

_LEVELS = (0.5, 0.2, 0.07)
"""Shares of the passage's strongest effect from which a piece is marked, strongest first."""


def inspected(inspection: Inspection, with_text: bool) -> Iterator[str]:
    """Everything that was measured; what quotes the passage only where its text may be shown."""
    if inspection.reasons and with_text:
        yield "<ul>"
        yield from (f"<li>{escape(safe_line(each))}</li>" for each in inspection.reasons)
        yield "</ul>"
    yield from (f"<p>{escape(safe_line(each))}</p>" for each in _heat_facts(inspection))
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


def _heat_facts(inspection: Inspection) -> Iterator[str]:
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


STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# Not even a mistake in the escaping below could load or run anything.
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def page(
    result: SearchResult,
    inspection: Inspection | None,
    movement: Movement | None,
    facts: CaseFacts,
    *,
    with_text: bool,
) -> str:
    """The whole page; without `with_text`, no word of any document is in it."""
    title = line(result.query.typed)
    body = "\n".join(
        (
            f"<h1>{title}</h1>",
            f"<p>{_asked(result, facts)}</p>",
            *([f"<p>{_moved(movement)}</p>"] if movement else []),
            *_why(inspection, with_text),
            '<div class="lists">',
            *_list(f"before: {line(result.source)}", _before(result, with_text)),
            *_list(f"after: {line(result.reranker or 'no reranker')}", _after(result, with_text)),
            "</div>",
            *_slopes(result, inspection),
            *_facts(facts),
        )
    )
    return document(title, body)


def document(title: str, body: str) -> str:
    """A whole page of HTML made of these, which are HTML already."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def line(text: str) -> str:
    """Untrusted text on one line of HTML."""
    return escape(safe_line(text))


def _asked(result: SearchResult, facts: CaseFacts) -> str:
    words = [
        f"docsearch {facts.versions['docsearch']}, {facts.made}",
        f"{plural(len(result.hits), 'candidate')} from {result.source}",
        f"reranked by {result.reranker}" if result.reranker else "not reranked",
    ]
    return line(" · ".join([*words, *filter(None, [result.notice])]))


def _moved(movement: Movement) -> str:
    return line(
        f"Kendall's tau {movement.tau:.2f} · rank-biased overlap {movement.rbo:.2f} · "
        f"{movement.overlap} of the top ten were there before · {movement.improved} improved, "
        f"{movement.worsened} worsened, {len(movement.entered)} new in the top ten"
    )


def _why(inspection: Inspection | None, with_text: bool) -> Iterator[str]:
    if inspection is None:
        return
    hit = inspection.hit
    yield f"<h2>why {_place(hit, with_text)} is number {hit.after_rank or hit.before_rank}</h2>"
    yield from inspected(inspection, with_text)


def _before(result: SearchResult, with_text: bool) -> Iterator[Sequence[str]]:
    for hit in result.before:
        score = before_score(hit.before_score, result.source)
        yield str(hit.before_rank), _place(hit, with_text), score, ""


def _after(result: SearchResult, with_text: bool) -> Iterator[Sequence[str]]:
    for rank, hit in enumerate(result.hits, start=1):
        score = after_score(hit.rerank.raw) if hit.rerank else ""
        yield str(hit.after_rank or rank), _place(hit, with_text), score, _sign(hit.movement)


def _list(heading: str, rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f"<table><caption>{heading}</caption>"
    for rank, place, score, moved in rows:
        cells = f"<td>{rank}</td><td>{place}</td><td>{score}</td><td>{moved}</td>"
        yield f"<tr>{cells}</tr>"
    yield "</table>"


def _sign(movement: int | None) -> str:
    if not movement:
        return "" if movement is None else "="
    return f"▲{movement}" if movement > 0 else f"▼{-movement}"


def _place(hit: RankedHit, with_text: bool) -> str:
    passage = hit.passage
    at = passage.place.location
    where = next((f"{each}" for each in (at.line, at.page, at.cell) if each is not None), "")
    heading = passage.place.headings[-1:] if with_text else ()
    named = " › ".join((passage.path, *heading))
    return line(f"{named}:{where}" if where else named)


def _slopes(result: SearchResult, inspection: Inspection | None) -> Iterator[str]:
    if result.reranker is not None:
        selected = inspection.hit if inspection else None
        yield f"<h2>ranks</h2>\n{slope_svg(result, selected)}"


def _facts(facts: CaseFacts) -> Iterator[str]:
    yield "<h2>made with</h2>"
    groups = {
        "models": facts.models,
        "index": facts.index,
        "settings": facts.settings,
        "machine": facts.machine,
        "versions": facts.versions,
    }
    for heading, group in groups.items():
        yield f"<details><summary>{heading}</summary><table>"
        yield from (
            f"<tr><td>{line(name)}</td><td>{line(value)}</td></tr>" for name, value in _flat(group)
        )
        yield "</table></details>"


def _flat(facts: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name} ")
        else:
            yield f"{above}{name}", "none" if value is None else str(value)
