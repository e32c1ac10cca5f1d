"""What reasons are made from: a hit, its list, and what was measured of it.

In: a result and an inspection. Out: their words and places, read the way reasons need them. Does
not know what is said of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from docsearch.domain.explanation import Effect, Inspection, Span
from docsearch.domain.query_words import wanted_words
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.safe_text import safe_line
from docsearch.explain.terms import Term, stem, terms

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of Thai, Lao, Burmese, Khmer, Japanese and Chinese."""


@dataclass(frozen=True)
class Subject:
    """One hit of a result, as far as it has been inspected."""

    result: SearchResult
    inspection: Inspection

    @property
    def hit(self) -> RankedHit:
        """The hit in question."""
        return self.inspection.hit

    @property
    def text(self) -> str:
        """The passage."""
        return self.hit.passage.chunk.text

    @cached_property
    def wanted(self) -> dict[str, str]:
        """The query's words that matter, each with its stem; of words with one stem the first."""
        words: dict[str, str] = {}
        for word in wanted_words(self.result.query):
            words.setdefault(stem(word), word)
        return {word: key for key, word in words.items()}

    @property
    def is_unspaced(self) -> bool:
        """Whether spaces do not tell the query's words apart, so that they cannot be counted."""
        return _UNSPACED.search(self.result.query.words) is not None

    @cached_property
    def query_terms(self) -> list[Term]:
        """Every word of the query."""
        return terms(self.result.query.words)

    @cached_property
    def terms(self) -> list[Term]:
        """Every word of the passage."""
        return terms(self.text)

    @cached_property
    def best_sentence(self) -> Effect | None:
        """The sentence without which the score falls most; None where none was seen to matter."""
        sentences = self.inspection.sentences
        return next(iter(sentences.strongest(1)), None) if sentences else None

    def is_hit(self, other: RankedHit) -> bool:
        """Whether it is the hit in question."""
        return other.passage.chunk_id == self.hit.passage.chunk_id

    def covered(self, stems: Iterable[str]) -> list[str]:
        """The wanted words among these stems, in the query's order."""
        held = set(stems)
        return [word for word, key in self.wanted.items() if key in held]


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def quoted(words: Iterable[str]) -> str:
    """The words in quotation marks, safe to show: “disk”, “pump” and “valve”."""
    *most, last = [f"“{safe_line(word)}”" for word in words]
    return f"{', '.join(most)} and {last}" if most else last


def shortened(text: str, characters: int = 48) -> str:
    """The text on one line, its end left out where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= characters else line[: characters - 1].rstrip() + "…"
