"""What reranking did to the whole list, how deep it had to read, and what it could not see.

In: a result, and what was measured of it. Out: lines under short names. Does not know how any of it
was measured.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.explanation import Depth, DepthStep, Missed, Movement, Noise
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.wording import after_score, before_score, duration, plural
from docsearch.presentation.cells import one_line, pad_left, shorten_name
from docsearch.presentation.hits import movement as moved
from docsearch.presentation.named_lines import WAITING, joined, named, said
from docsearch.presentation.pieces import Line, Piece, Role, width_of
from docsearch.presentation.places import where
from docsearch.presentation.titles import Title, title_line

_MOVER_CELLS = 33
_MOVER_ROWS = 2
_TOP = 10


def beyond_line(cells: int) -> Line:
    """Between the list and what it missed."""
    return title_line(Title("missed", "rank before → the place it would have had"), cells)


def movement_lines(
    result: SearchResult, found: Movement, noise: Noise | None, cells: int
) -> tuple[Line, ...]:
    """How much the order changed, what moved most, and which moves are noise."""
    hits = {hit.passage.chunk_id: hit for hit in result.hits}
    top = min(_TOP, len(hits))
    numbers: list[Line] = [
        (Piece(f"tau {found.tau:+.2f}"),),
        (Piece(f"RBO {found.rbo:.2f}"),),
        (Piece(f"{found.overlap} of the top {top} the same"),),
        (Piece(f"{found.improved} improved", Role.UP),),
        (Piece(f"{found.worsened} worsened", Role.DOWN),),
        (Piece(f"{len(found.entered)} new in the top {top}", Role.NEW),),
    ]
    if noise is not None:
        noisy = f"{plural(len(noise.moves), 'move')} within the jitter of ±{noise.jitter:.2g}"
        numbers.append((Piece(f"{noisy}: noise" if noise.moves else f"no{noisy[1:]}", Role.FAINT),))
    moves = noise.moves if noise else frozenset()
    movers = [_mover(hits[each], each in moves) for each, _ in found.movers if each in hits]
    lines = list(named("order", joined(numbers, cells)))
    if movers:
        lines += named("movers", joined(movers, cells)[:_MOVER_ROWS])
    return tuple(lines)


def _mover(hit: RankedHit, is_noise: bool) -> Line:
    mark = moved(hit, is_noise)
    name = one_line(hit.passage.path).rpartition("/")[2]
    room = _MOVER_CELLS - len(mark.text) - 1
    return (mark, Piece(" "), Piece(shorten_name(name, room), Role.FILE))


def depth_lines(found: Depth | None, cells: int) -> tuple[Line, ...]:
    """From how many candidates on the top ten stays, and what each number of them costs."""
    if found is None:
        return tuple(named("depth", [WAITING]))
    top = min(_TOP, found.total)
    wasted = found.total - found.enough
    if found.total <= _TOP:
        sentence = f"no more than {plural(found.total, 'candidate')}: all of them are shown"
    elif wasted:
        sentence = (
            f"{found.enough} of {found.total} candidates were enough: the other {wasted} changed "
            "nothing in the top 10"
        )
    else:
        sentence = (
            f"all {found.total} candidates were needed for this top 10; more may change it again"
        )
    steps = joined([_step(each, top) for each in found.steps], cells)
    return tuple(named("depth", [*said(sentence, cells), *steps]))


def _step(step: DepthStep, top: int) -> Line:
    """How much of the top it kept; its seconds are no more than an estimate."""
    kept = f"the same {top}" if step.kept == top else f"{step.kept} of the {top}"
    if step.kept == top and not step.in_order:
        kept += " in another order"
    role = Role.GOOD if step.in_order else Role.TEXT
    return (
        Piece(f"{step.candidates}: ", Role.MUTED),
        Piece(kept, role),
        Piece("" if step.seconds is None else f" in about {duration(step.seconds)}", Role.MUTED),
    )


def missed_lines(
    scored: int, total: int | None, found: Sequence[Missed], candidates: int, cells: int
) -> tuple[Line, ...]:
    """How many passages beyond the candidates have been read, and how many belonged among them.

    `total` is None before it is known how many there are to read.
    """
    if total is None:
        return tuple(named("missed", [WAITING]))
    if not total:
        text = f"nothing lies beyond the {plural(candidates, 'candidate')}"
        return tuple(named("missed", said(text, cells, Role.MUTED)))
    what = "would have entered the top 10"
    if scored < total:
        text = f"reading on beyond the {candidates}: {scored} of {total}, {len(found)} {what}"
    elif found:
        text = f"{len(found)} of the {total} after these {candidates} {what}: at the end below"
    else:
        text = f"none of the {total} after these {candidates} {what}"
    return tuple(named("missed", said(text, cells, Role.WARNING if found else Role.TEXT)))


def missed_row(missed: Missed, result: SearchResult, cells: int) -> Line:
    """A passage that the first stage ranked too low, and the place it would have had."""
    hit = missed.hit
    head: Line = (
        Piece(pad_left(str(hit.before_rank), 3), Role.STRONG),
        Piece(pad_left(before_score(hit.before_score, result.source), 7), Role.BEFORE),
        Piece("  → "),
        Piece(f"#{hit.after_rank}", Role.NEW),
        Piece(f" {after_score(hit.rerank.raw) if hit.rerank else ''}  ", Role.AFTER),
    )
    return (*head, *where(hit.passage, max(0, cells - width_of(head))))
