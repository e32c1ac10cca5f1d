"""Which words of a passage two rerankers both like, and which only one of them does.

In: two inspections of the same passage. Out: its words. Each model's effects are weighed against
its own strongest alone, so that no score of one is compared with a score of the other. Pure.
"""

from __future__ import annotations

from docsearch.domain.explanation import Inspection, Liked

STRONG = 0.2
"""From this share of the model's strongest effect on, a word speaks strongly for the passage."""

FAINT = 0.07
"""Below this share it does next to nothing."""

Shares = dict[str, float]


def liked(first: Inspection, second: Inspection) -> Liked | None:
    """The words that are strong to either; None until the words of both are weighed.

    A word that stands in several places counts by its best one. Only words that both have weighed
    are named: of others it is not known whether the other likes them.
    """
    if not (_is_weighed(first) and _is_weighed(second)):
        return None
    here, there = _shares(first), _shares(second)
    common = here.keys() & there.keys()
    strong = [word for word in common if max(here[word], there[word]) >= STRONG]
    strong.sort(key=lambda word: (-max(here[word], there[word]), word))
    return Liked(
        both=tuple(word for word in strong if min(here[word], there[word]) >= FAINT),
        first=tuple(word for word in strong if there[word] < FAINT),
        second=tuple(word for word in strong if here[word] < FAINT),
    )


def _is_weighed(known: Inspection) -> bool:
    """Whether all words and the noise in their effects are known, or never will be."""
    return known.words is not None and (known.standing is not None or known.doing is None)


def _shares(known: Inspection) -> Shares:
    """Of each word, in small letters, its best effect as a share of the strongest effect."""
    effects = known.words.effects if known.words else ()
    text, noise = known.hit.passage.chunk.text, known.standing.jitter if known.standing else 0.0
    strongest = max((abs(each.effect) for each in effects), default=0.0)
    shares: Shares = {}
    for each in effects:
        word = text[slice(*each.span)].casefold()
        share = each.effect / strongest if abs(each.effect) > noise and strongest else 0.0
        shares[word] = max(share, shares.get(word, -1.0))
    return shares
