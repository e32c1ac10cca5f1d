"""What differs when a case is run again, in words and as data.

In: the differences. Out: lines, or values for JSON. Does not know how they were found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from docsearch.cases.recorded import RecordedCase, RecordedHit
from docsearch.cases.replay import Alone, Circumstance, Moved, Replay
from docsearch.domain.wording import after_score, plural
from docsearch.presentation.cells import one_line
from docsearch.presentation.named_lines import named
from docsearch.presentation.pieces import Line, Piece, Role

MOST_LISTED = 20
"""Of a kind; the rest is counted, and in the JSON."""


def replay_lines(case: RecordedCase, replay: Replay) -> Iterator[Line]:
    """The verdict, then the differences, then what may be why."""
    count = plural(len(case.hits), "passage")
    yield from named("case", [(Piece(one_line(case.typed), Role.STRONG),)])
    yield from named("made", [(Piece(one_line(case.made)),)])
    if replay.is_same:
        verdict = Piece(f"the same: {count}, their ranks and their scores", Role.GOOD)
    else:
        verdict = Piece(
            f"it differs: of {count}, {len(replay.moved)} moved; "
            f"{len(replay.alone)} are in one of the answers alone",
            Role.WARNING,
        )
    yield from named("answer", [(verdict,)])
    yield from named("alone", _cut([_alone(each) for each in replay.alone]))
    yield from named("moved", _cut([_moved(each) for each in replay.moved]))
    yield from named("other", [_circumstance(each) for each in replay.circumstances])


def replay_as_data(case: RecordedCase, replay: Replay) -> dict[str, Any]:
    """All of it."""
    return {
        "typed": case.typed,
        "made": case.made,
        "same": replay.is_same,
        "alone": [asdict(each) for each in replay.alone],
        "moved": [{**asdict(each), "rank_differs": each.rank_differs} for each in replay.moved],
        "circumstances": [asdict(each) for each in replay.circumstances],
    }


def _cut(lines: list[Line]) -> list[Line]:
    more = len(lines) - MOST_LISTED
    return [*lines[:MOST_LISTED], (Piece(f"and {more} more"),)] if more > 0 else lines


def _alone(each: Alone) -> Line:
    return (Piece(_name(each.hit), Role.FILE), Piece(f", number {each.hit.rank}: {each.fate}"))


def _moved(each: Moved) -> Line:
    then, now = each.then, each.now
    changes = [
        *([f"now {_name(now)}"] if then.path != now.path else []),
        *([f"{_ranks(then)}, now {_ranks(now)}"] if each.rank_differs else []),
        *([f"{_score(then)}, now {_score(now)}"] if each.score_differs else []),
    ]
    return (Piece(_name(then), Role.FILE), Piece(f": {'; '.join(changes)}"))


def _ranks(hit: RecordedHit) -> str:
    after = "" if hit.after_rank is None else f" → {hit.after_rank}"
    return f"number {hit.before_rank}{after}"


def _score(hit: RecordedHit) -> str:
    return f"score {hit.before_score:.3f}" if hit.raw is None else f"score {after_score(hit.raw)}"


def _circumstance(each: Circumstance) -> Line:
    then, now = (one_line("none" if value is None else value) for value in (each.then, each.now))
    return (Piece(f"{each.heading}: {one_line(each.name)} was {then}, is {now}"),)


def _name(hit: RecordedHit) -> str:
    return f"{one_line(hit.path)} #{hit.ordinal}"
