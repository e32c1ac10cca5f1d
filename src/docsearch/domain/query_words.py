"""Which words of a query carry its meaning.

In: a query. Out: its words. Knows nothing of models, nor of what is done with the words.
"""

from __future__ import annotations

import re

from docsearch.domain.query import Query

_MOST_WORDS = 64
_MOST_CHARACTERS = 4096

_WORD = re.compile(r"\w+(?:['’]\w+)?")

# Words that stand in every text: to look for them all would be to look for nothing.
_COMMON_WORDS = """
    a an and are as at be been but by can could did do does for from had has have how i if in
    into is it its may me my no not of on or our shall should so than that the their them then
    there these they this those to was we were what when where which who whom whose why will with
    would you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def wanted_words(query: Query) -> tuple[str, ...]:
    """The query's words that matter, lower-cased, each once; all of them if none stands out."""
    text = " ".join((query.words, *query.filters.phrases))
    words = tuple(dict.fromkeys(word.lower() for word in _WORD.findall(text[:_MOST_CHARACTERS])))
    rare = tuple(word for word in words if word not in _COMMON)
    return (rare or words)[:_MOST_WORDS]
