"""Reasons that can be read off the words: of the query, of the passage, and of its neighbours.

In: a subject. Out: each function's sentence, or None where it has nothing to say. Does not know
which of them are worth showing.
"""

from __future__ import annotations

from docsearch.domain.explanation import Span
from docsearch.domain.ranking import RankedHit
from docsearch.explain.phrases import longest_phrase
from docsearch.explain.subject import Subject, overlaps, quoted, shortened
from docsearch.explain.terms import Term, terms, within

NEARLY_THE_SAME = 0.6
"""The share of word runs in common from which on two passages say the same to a reader."""

_RUN = 4
_NEGATIONS = frozenset(("not", "no", "never", "without", "cannot", "neither", "nor"))
_NEGATION_REACH = 2


def phrase(subject: Subject) -> str | None:
    """The longest part of the query that stands in the passage word for word."""
    asked = subject.result.query.words
    span = longest_phrase(asked, subject.text)
    run = within(subject.query_terms, span)
    if len({term.stem for term in run} & set(subject.wanted.values())) < 2:
        return None
    words = quoted([shortened(asked[slice(*span)])])
    if len(run) == len(subject.query_terms):
        return f"holds the exact phrase {words}"
    return f"holds {words} word for word"


def coverage(subject: Subject) -> str | None:
    """How many of the query's words it holds, and how many the other list's first does."""
    wanted = list(subject.wanted)
    if not wanted or subject.is_unspaced:
        return None
    own = subject.covered(term.stem for term in subject.terms)
    missing = [word for word in wanted if word not in own]
    if not own:
        what = f"any of the {len(wanted)} query words" if len(wanted) > 1 else quoted(wanted)
        return f"does not hold {what}"
    said = (
        f"covers {len(own)} of {len(wanted)} query words"
        if len(wanted) > 1
        else (f"holds {quoted(wanted)}")
    )
    if 0 < len(missing) <= 2:
        said += f", all but {quoted(missing)}"
    rival = _rival(subject)
    if rival is None:
        return said
    when, hit = rival
    theirs = subject.covered(term.stem for term in terms(hit.passage.chunk.text))
    return f"{said}; the first {when} covers {len(theirs)}"


def heading(subject: Subject) -> str | None:
    """The query's words that stand nowhere but in its headings, as far as the passage holds them.

    A heading above the passage does not count: no model reads it.
    """
    spans = _headings(subject)
    inside = {term.stem for span in spans for term in within(subject.terms, span)}
    outside = {
        term.stem for term in subject.terms if not any(overlaps(term.span, span) for span in spans)
    }
    words = subject.covered(inside - outside)
    if not words:
        return None
    stand = "stands" if len(words) == 1 else "stand"
    return f"{quoted(words)} {stand} only in its heading"


def negation(subject: Subject) -> str | None:
    """A negation just before a word of the query, in the sentence that matters most."""
    best = subject.best_sentence
    if best is None or any(_negates(term) for term in subject.query_terms):
        return None
    sentence = within(subject.terms, best.span)
    for at, term in enumerate(sentence):
        if term.stem not in subject.wanted.values():
            continue
        for other in sentence[max(0, at - _NEGATION_REACH) : at]:
            if _negates(other):
                where = f"just before {quoted([term.word])} in its best sentence"
                return f"{quoted([other.word])} stands {where}"
    return None


def duplicate(subject: Subject) -> str | None:
    """The other result whose text is the same, or nearly so."""
    own = _runs(subject.terms)
    best = NEARLY_THE_SAME, 0
    for number, hit in enumerate(subject.result.hits, start=1):
        if subject.is_hit(hit):
            continue
        if hit.passage.chunk.text == subject.text:
            return f"the same text as number {number}"
        theirs = _runs(terms(hit.passage.chunk.text))
        share = len(own & theirs) / max(1, len(own | theirs))
        if share > best[0]:
            best = share, number
    share, twin = best
    if not twin:
        return None
    return f"nearly the same text as number {twin}: they share {share:.0%} of their four-word runs"


def _rival(subject: Subject) -> tuple[str, RankedHit] | None:
    """The first of the order before, or for that one itself the first of the order after."""
    if subject.hit.after_rank is None:
        return None
    before, after = subject.result.before[0], subject.result.hits[0]
    if not subject.is_hit(before):
        return "before reranking", before
    return None if subject.is_hit(after) else ("after reranking", after)


def _headings(subject: Subject) -> list[Span]:
    """The lines of the passage that hold nothing but one of its headings and marks around it."""
    spans, start = [], 0
    named = {
        tuple(term.word for term in terms(each)) for each in subject.hit.passage.chunk.headings
    }
    for line in subject.text.splitlines(keepends=True):
        if tuple(term.word for term in terms(line)) in named - {()}:
            spans.append((start, start + len(line)))
        start += len(line)
    return spans


def _negates(term: Term) -> bool:
    return term.word in _NEGATIONS or term.word.endswith(("n't", "n’t"))


def _runs(found: list[Term]) -> set[tuple[str, ...]]:
    words = [term.word for term in found]
    return {tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))}
