"""A passage with what each piece of it does to a model's score, readable without colours.

In: a text and an attribution of its score. Out: lines: strong pieces bold and underlined, those
that speak against it in brackets, the weights in the margin. Does not know how they were measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from docsearch.domain.explanation import Attribution, Effect
from docsearch.presentation.cells import one_line, pad_left, shorten
from docsearch.presentation.marked_text import CLOSE, OPEN, Mark, marked_rows
from docsearch.presentation.pieces import Line, Piece, Role, width_of

MARGIN = 8
_NAMED_WORD = 16


class Heat(StrEnum):
    """Whose view of the passage, and piece by piece of what size."""

    WORDS = "cross-encoder, word by word"
    SENTENCES = "cross-encoder, by sentence"
    SPLIT = "bi-encoder, word by word"


@dataclass(frozen=True)
class Scale:
    """What effects are measured against: the strongest of the passage, and the least to mark.

    An effect of no more than `noise` is shown as none.
    """

    strongest: float
    noise: float
    heat: Heat

    @classmethod
    def of(cls, attribution: Attribution, heat: Heat, noise: float = 0.0) -> Scale:
        """The scale of one passage; `noise` is in the units of its effects."""
        strongest = max((abs(each.effect) for each in attribution.effects), default=0.0)
        return cls(strongest, noise, heat)

    def share(self, effect: float) -> float:
        """The effect as a share of the strongest, in [-1, 1]."""
        return effect / self.strongest if abs(effect) > self.noise and self.strongest else 0.0

    def mark(self, effect: Effect) -> Mark | None:
        """How the piece is shown, None for one that does next to nothing."""
        share = self.share(effect.effect)
        for_it = _SPLIT_LEVELS if self.heat is Heat.SPLIT else _LEVELS
        levels = for_it if share > 0 else _AGAINST_LEVELS
        role = next((role for level, role in levels if abs(share) >= level), None)
        return Mark(effect.span, role, bracketed=role is Role.AGAINST) if role else None

    def weight(self, effect: float) -> str:
        """The effect in the digits in which this model's effects differ."""
        return f"{effect:+.3f}" if self.heat is Heat.SPLIT else f"{effect:+.2f}"


_LEVELS = (
    (0.5, Role.AFTER_STRONG),
    (0.2, Role.AFTER_MIDDLE),
    (0.07, Role.AFTER_WEAK),
)
_AGAINST_LEVELS = ((0.2, Role.AGAINST), (0.07, Role.AGAINST_WEAK))
_SPLIT_LEVELS = (
    (0.7, Role.BEFORE_STRONG),
    (0.45, Role.BEFORE_MIDDLE),
    (0.25, Role.BEFORE_WEAK),
)
"""From which share of the passage's strongest effect a piece is shown how. A mean over tokens gives
every word something, so there it takes more to stand out."""


def heat_lines(text: str, attribution: Attribution, scale: Scale, cells: int) -> tuple[Line, ...]:
    """The passage; beside a row the weight of its strongest word, or of the sentence it begins."""
    if scale.heat is Heat.SENTENCES:
        return tuple(_by_sentence(text, attribution, scale, cells - MARGIN))
    return tuple(_by_word(text, attribution, scale, cells - MARGIN))


def voices_line(text: str, attribution: Attribution, scale: Scale, cells: int) -> Line:
    """The pieces that speak most for the passage, and those that speak most against it."""
    marked = [each for each in attribution.effects if scale.mark(each)]
    best = sorted((each for each in marked if each.effect > 0), key=lambda each: -each.effect)
    worst = sorted((each for each in marked if each.effect < 0), key=lambda each: each.effect)
    first = _named(text, "for", best, scale, cells * 2 // 3 if worst else cells)
    gap: Line = (Piece("   "),) if first and worst else ()
    rest = cells - width_of(first) - width_of(gap)
    return (*first, *gap, *_named(text, "against", worst, scale, rest))


def _named(text: str, name: str, effects: list[Effect], scale: Scale, cells: int) -> Line:
    line: Line = (Piece(name, Role.MUTED),)
    for effect in effects:
        start, end = effect.span
        word, role = shorten(one_line(text[start:end]), _NAMED_WORD), Role.STRONG
        if effect.effect < 0:
            word, role = OPEN + word + CLOSE, Role.AGAINST
        weight = Piece(f" {scale.weight(effect.effect)}", Role.MUTED)
        longer = (*line, Piece("  " if len(line) > 1 else " "), Piece(word, role), weight)
        if width_of(longer) > cells:
            break
        line = longer
    return line if len(line) > 1 else ()


def weighed(found: Attribution | None, heat: Heat) -> str:
    """How much of the passage was taken apart, where that is not all of it."""
    if found is None or len(found.effects) == found.pieces:
        return ""
    pieces = "sentences" if heat is Heat.SENTENCES else "words"
    return f"{len(found.effects)} of {found.pieces} {pieces} weighed"


def split_line(attribution: Attribution) -> Line:
    """How the parts of a bi-encoder's score add up to it."""
    words = attribution.score - attribution.rest
    # Rounded so that what is shown adds up.
    rest = round(attribution.score, 3) - round(words, 3)
    text = f"{attribution.score:.3f} = words {words:+.3f}, special tokens {rest:+.3f}"
    return (Piece(text, Role.MUTED),)


def _by_word(text: str, attribution: Attribution, scale: Scale, cells: int) -> Iterator[Line]:
    effects = [each for each in attribution.effects if scale.mark(each)]
    marks = [mark for each in effects if (mark := scale.mark(each))]
    for row in marked_rows(text, marks, cells):
        here = [effects[number].effect for number in row.marks]
        yield (*_margin(max(here, key=abs), scale), *row.line) if here else _bare(row.line)


def _by_sentence(text: str, attribution: Attribution, scale: Scale, cells: int) -> Iterator[Line]:
    at = 0
    for effect in sorted(attribution.effects, key=lambda each: each.span):
        start, end = effect.span
        if start < at:
            continue
        yield from _unmeasured(text[at:start], cells)
        if at and text[at:start].count("\n") > 1:
            yield ()
        mark = scale.mark(effect) or Mark(effect.span, Role.TEXT)
        rows = marked_rows(text[start:end], [mark._replace(span=(0, end - start))], cells)
        for number, row in enumerate(rows):
            yield _bare(row.line) if number else (*_margin(effect.effect, scale), *row.line)
        at = end
    yield from _unmeasured(text[at:], cells)


def _unmeasured(text: str, cells: int) -> Iterator[Line]:
    for row in marked_rows(text, (), cells):
        yield _bare(tuple(Piece(piece.text, Role.MUTED) for piece in row.line))


def _margin(effect: float, scale: Scale) -> Line:
    mark = scale.mark(Effect((0, 1), effect))
    role = Role.FAINT if mark is None else Role.MUTED if effect > 0 else Role.AGAINST_WEAK
    return (Piece(pad_left(scale.weight(effect), MARGIN - 2), role), Piece("  "))


def _bare(line: Line) -> Line:
    return (Piece(" " * MARGIN), *line)
