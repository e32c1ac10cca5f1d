"""What each voice gave a result, as words.

In: the voices of a hit, and how they are fused. Out: text, or pieces that fit a width. Does not
know where it is shown.
"""

from __future__ import annotations

from docsearch.domain.fusion import Fusion, Voices
from docsearch.domain.query import CandidateSource
from docsearch.domain.wording import FIRST_STAGES, voice_score
from docsearch.presentation.pieces import Line, Piece, Role, width_of


def voices_in_words(voices: Voices, fusion: Fusion, source: CandidateSource) -> str:
    """`order +1.93: reranker +1.51, bi-encoder +0.42`; a voice without weight is left out."""
    given = ", ".join(f"{name} {score}" for name, score, _ in _heard(voices, fusion, source))
    total = voice_score(voices.total, fusion.blend)
    return f"order {total}: {given}" if given else f"order {total}"


def voices_line(voices: Voices, fusion: Fusion, source: CandidateSource, cells: int) -> Line:
    """`+1.93 = +1.51 reranker +0.42 bi-encoder`, without the names where there is no room."""
    line: list[Piece] = [Piece(voice_score(voices.total, fusion.blend), Role.STRONG)]
    bare = list(line)
    mark = Piece(" = ", Role.FAINT)
    for name, score, role in _heard(voices, fusion, source):
        line += [mark, Piece(score, role), Piece(f" {name}", Role.MUTED)]
        bare += [mark, Piece(score, role)]
        mark = Piece(" ")
    return tuple(line if width_of(line) <= cells else bare)


def _heard(voices: Voices, fusion: Fusion, source: CandidateSource) -> list[tuple[str, str, Role]]:
    """Name, score and role of each voice that has a weight."""
    parts = (
        ("reranker", fusion.reranker, voices.reranker, Role.AFTER),
        (FIRST_STAGES[source], fusion.first_stage, voices.first_stage, Role.BEFORE),
        ("recency", fusion.recency, voices.recency, Role.HEADING),
    )
    return [
        (name, voice_score(gave, fusion.blend), role)
        for name, weight, gave, role in parts
        if weight
    ]
