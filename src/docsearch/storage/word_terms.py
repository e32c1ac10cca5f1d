"""What the full-text index holds of a text, and what it is asked for words that were typed.

In: any text. Out: terms between spaces, all in normal form, and FTS5 queries over them. A script
without spaces between words has a term for each of its characters, and is asked for two or three
of them in a row; so single characters, words and phrases of it are found, and words beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from docsearch.domain.normal_form import (
    UNSPACED,
    VERSION,
    gram_length,
    normal,
    unit,
    vowel_signs,
    without_readings,
    written_on,
)

FORM = f"1; {VERSION}"
"""Changes whenever the same text could give other terms: then the full-text index is made anew."""

_NOTED = re.compile(r"([^\W\d_]{2,})[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+(?!\w)")
"""A word with the number of a footnote raised behind it: it is found without the number, too."""

_SCRIPT_CHANGES = re.compile(
    rf"(?<=[{UNSPACED}])(?=[^\s{UNSPACED}])|(?<=[^\s{UNSPACED}])(?=[{UNSPACED}])"
)
_MOST_FOR_A_WHOLE = 8
"""How often a run of an unspaced script counts as a whole at most: each time costs a look-up."""

_PICTURES = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


class _Table(dict[int, str]):
    """A space for each character that is no part of a word."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        is_part = (
            character.isalnum() or character == "_" or re.match(f"[{vowel_signs()}]", character)
        )
        found = self[code] = character if is_part else " "
        return found


_TABLE = _Table()


def indexed(text: str) -> str:
    """All terms of the text in order; pictures and words without their notes' numbers behind them.

    Those stand apart at the end, so that they do not part the words of a phrase. So do lines with
    readings in brackets, without them.
    """
    form = normal(text)
    if form.isascii():
        return form
    more = [normal(each) for each in _NOTED.findall(text)] + _PICTURES.findall(form)
    lines = ((line, without_readings(line)) for line in form.splitlines())
    more += [_spaced(bare.translate(_TABLE)) for line, bare in lines if bare != line]
    return _composed(" ".join((_spaced(form.translate(_TABLE)), *more)))


def phrase(text: str) -> str | None:
    """An FTS5 query for all terms of the text in a row; None where it has none of its own."""
    form = normal(text)
    if not form.isascii() and re.match(rf"\s*{written_on()}", form):
        return None
    terms = _spaced(form.translate(_TABLE)).replace("_", " ").split() or _PICTURES.findall(form)[:1]
    return _quoted(terms) if terms else None


def any_word(text: str, most: int) -> str | None:
    """An FTS5 query for any of the first `most` different words of the text, None without words.

    A word with `_` in it is all its parts in a row. Of an unspaced script every two characters in
    a row count, or three where each writes a single sound. A run of more counts as a whole, too,
    twice as much as its parts: a text that holds it comes before one that has its parts here and
    there, even if that is half as long or has them often.
    """
    found: dict[str, int] = {}
    for each, times in _alternatives(normal(text)):
        found.setdefault(each, times)
        if len(found) == most:
            break
    return " OR ".join(each for each, times in found.items() for _ in range(times)) or None


def _alternatives(form: str) -> Iterator[tuple[str, int]]:
    """Quoted terms to look for, and how often each counts."""
    for word in form.translate(_TABLE).split():
        at = 0
        for run in re.finditer(rf"(?:{unit().pattern})+", word):
            yield from _as_one(word[at : run.start()])
            units = unit().findall(run[0])
            length = min(gram_length(run[0]), len(units))
            parts = len(units) - length + 1
            if parts > 1:
                yield _quoted(units), min(2 * parts, _MOST_FOR_A_WHOLE)
            for start in range(parts):
                yield _quoted(units[start : start + length]), 1
            at = run.end()
        yield from _as_one(word[at:])
    for picture in _PICTURES.findall(form):
        yield _quoted([picture]), 1


def _as_one(word: str) -> Iterator[tuple[str, int]]:
    if parts := _spaced(word).replace("_", " ").split():
        yield _quoted(parts), 1


def _spaced(form: str) -> str:
    if form.isascii():
        return form
    return _SCRIPT_CHANGES.sub(" ", unit().sub(r" \g<0> ", form))


def _quoted(terms: list[str]) -> str:
    return f'"{_composed(" ".join(terms))}"'


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
