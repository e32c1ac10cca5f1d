"""Why one result stands where it stands, in a few sentences made of what was measured.

In: a result, and an inspection of one of its hits, whole or so far. Out: at most five sentences,
the weightiest first. Nothing is said that was not counted or measured. Does not know how that was
done.
"""

from __future__ import annotations

from docsearch.domain.explanation import Inspection
from docsearch.domain.ranking import SearchResult
from docsearch.explain.reasons_in_scores import (
    best_sentence,
    first_stage,
    recency,
    unasked_words,
    window,
)
from docsearch.explain.reasons_in_text import coverage, duplicate, heading, negation, phrase
from docsearch.explain.subject import Subject

MOST_REASONS = 5

_BY_WEIGHT = (
    recency,
    first_stage,
    phrase,
    duplicate,
    coverage,
    best_sentence,
    window,
    negation,
    heading,
    unasked_words,
)


def reasons(result: SearchResult, inspection: Inspection) -> tuple[str, ...]:
    """The sentences, in lower case and without a full stop; safe to show.

    Words are compared by stem, and common ones (how, the, is) count only in a query that has no
    others. A query without words has only the reasons that need none.
    """
    subject = Subject(result, inspection)
    said = (reason(subject) for reason in _BY_WEIGHT)
    return tuple(sentence for sentence in said if sentence is not None)[:MOST_REASONS]
