"""How good one result's score really is: its place, its margins, its noise, its background.

In: an inspection. Out: lines under short names. Does not know how anything was measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from docsearch.domain.explanation import Background, Faithfulness, Inspection, Reading, Standing
from docsearch.domain.ranking import RankedHit
from docsearch.domain.wording import after_score, plural
from docsearch.presentation.named_lines import NAME_CELLS, WAITING, joined, named, said
from docsearch.presentation.pieces import Line, Piece, Role, width_of

_BLOCKS = " ▁▂▃▄▅▆▇█"
_HERE = "┃"


def histogram(values: Sequence[float], here: float, cells: int) -> Line:
    """How many of `values` lie where, between the least and the greatest of all; ┃ is `here`."""
    low, high = min(*values, here), max(*values, here)
    counts = [0] * cells
    for value in values:
        counts[_cell(value, low, high, cells)] += 1
    fullest = max(counts)
    drawn = [_BLOCKS[-(-count * (len(_BLOCKS) - 1) // fullest)] for count in counts]
    drawn[_cell(here, low, high, cells)] = _HERE
    return tuple(
        Piece("".join(run), Role.AFTER if is_here else Role.MUTED)
        for is_here, run in groupby(drawn, key=lambda each: each == _HERE)
    )


def _cell(value: float, low: float, high: float, cells: int) -> int:
    return min(cells - 1, int((value - low) / (high - low) * cells)) if high > low else 0


_STRIP_CELLS = 24


def fact_lines(inspection: Inspection, cells: int) -> tuple[Line, ...]:
    """Reasons, score, background and reading: what is not measured yet is an ellipsis."""
    lines = list(named("why", _reasons(inspection, cells)))
    if inspection.reranker is not None:
        lines += score_lines(inspection, cells)
    return tuple(lines)


def score_lines(inspection: Inspection, cells: int) -> tuple[Line, ...]:
    """The reranker's score, what it is worth, and what was read for it."""
    return (
        *named("score", joined(list(_score(inspection)), cells)),
        *named("random", [_background(inspection, cells - NAME_CELLS)]),
        *named("read", joined(_reading(inspection), cells)),
    )


def faithfulness_line(found: Faithfulness) -> Line:
    """What the marks are worth: the score without the strongest words, and without random ones."""
    if not found.removed:
        return (Piece("no word speaks for it", Role.TEXT),)
    if not found.random_drops:
        return (Piece("too few words to tell what the marks are worth", Role.TEXT),)
    strongest = f"{found.removed} strongest words" if found.removed != 1 else "strongest word"
    text = (
        f"without its {strongest} {-found.top_drop:+.2f}, "
        f"without {found.removed} random {-found.random_drop:+.2f}: "
    )
    if found.holds:
        return (Piece(text, Role.TEXT), Piece("the marks matter", Role.GOOD))
    return (Piece(text, Role.TEXT), Piece("the marks are unreliable", Role.WARNING))


def _reasons(inspection: Inspection, cells: int) -> list[Line]:
    if inspection.reasons:
        return [line for reason in inspection.reasons for line in said(reason, cells)]
    return [_missing(inspection, "nothing stands out")]


def _missing(inspection: Inspection, otherwise: str) -> Line:
    """What stands for a part that is not there: still to come, or not to be had."""
    return WAITING if inspection.doing is not None else (Piece(otherwise, Role.MUTED),)


def _score(inspection: Inspection) -> Iterator[Line]:
    hit, standing = inspection.hit, inspection.standing
    if hit.rerank is None:
        yield _missing(inspection, "not reranked")
        return
    kind = f"raw {inspection.kind}" if inspection.kind else "raw"
    yield (
        Piece(after_score(hit.rerank.raw), Role.AFTER),
        Piece(f" {kind}, {hit.rerank.unit:.3f} of 1{_rank(hit, standing)}"),
    )
    if standing is None:
        yield _missing(inspection, "margins not measured")
        return
    order = "" if hit.voices is None else " of its order"
    yield from _margin(standing.margin_above, f"below the next better{order}", standing)
    yield from _margin(standing.margin_below, f"above the next{order}", standing)
    yield (Piece(f"jitter ±{standing.jitter:.2g}", Role.MUTED),)


def _rank(hit: RankedHit, standing: Standing | None) -> str:
    """The place that is shown and, where other voices made it too, the reranker's own."""
    if hit.after_rank is None:
        return ""
    if hit.voices is None:
        return f", rank {hit.after_rank}"
    own = "" if standing is None else f", {standing.place} by the reranker alone"
    return f", rank {hit.after_rank} shown{own}"


def _margin(margin: float | None, words: str, standing: Standing) -> Iterator[Line]:
    if margin is None:
        return
    if standing.drowns(margin):
        yield (Piece(f"{margin:.3f} {words}: noise", Role.FAINT),)
    else:
        yield (Piece(f"{margin:.2f} {words}"),)


def _background(inspection: Inspection, cells: int) -> Line:
    found, score = inspection.background, inspection.hit.rerank
    if found is None or score is None:
        return _missing(inspection, "not measured")
    return background_line(found, score.raw, cells)


def background_line(found: Background, raw: float, cells: int) -> Line:
    """Where the score stands among those of random passages, with their range if it fits."""
    total = len(found.scores)
    if not total:
        return (Piece("no other passage to compare with", Role.MUTED),)
    below = round(found.share_below(raw) * total)
    role = Role.GOOD if below == total else Role.TEXT if below * 2 > total else Role.WARNING
    line: Line = (
        *histogram(found.scores, raw, _STRIP_CELLS),
        Piece(f" above {below} of {plural(total, 'random passage')}", role),
    )
    spread = Piece(f" ({min(found.scores):+.1f} to {max(found.scores):+.1f})", Role.MUTED)
    return (*line, spread) if width_of((*line, spread)) <= cells else line


def _reading(inspection: Inspection) -> list[Line]:
    reading = inspection.reading
    if reading is None:
        return [_missing(inspection, "not measured")]
    tokens = plural(reading.passage_tokens, "token")
    parts: list[Line] = [
        (Piece(f"query {reading.query_tokens} + passage {tokens}"),),
        (Piece(f"at most {reading.window} at once", Role.MUTED),),
    ]
    return [*parts, *_windows(reading)]


def _windows(reading: Reading) -> Iterator[Line]:
    count = len(reading.window_scores)
    if count == 1:
        yield (Piece(f"all in 1 window of {reading.window_tokens[0]}"),)
        return
    yield (Piece(plural(count, "window")),)
    for number, score in enumerate(reading.window_scores):
        won = number == reading.best
        text = f"{'▸' if won else ''}{score:+.2f} in {reading.window_tokens[number]}"
        yield (Piece(text, Role.STRONG if won else Role.MUTED),)
