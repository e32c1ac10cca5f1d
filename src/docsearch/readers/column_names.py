"""Which row of a table names its columns, and how much of the names a row may repeat.

In: the first rows. Out: the names, or none where the first row is a row like the others: a wrong
name would stand in every passage of the table. Knows no format.
"""

from __future__ import annotations

import re

from docsearch.readers.formats import words

_LONGEST_NAME = 300
_FREE = 20_000
"""Characters of names that any file may repeat; beyond, four times its own size."""
_MOST_TIMES = 4
_USUAL = words(
    """
    name names title id ids no nr number num index key code type kind category categories class
    group tag tags label labels date day month year time timestamp created updated modified
    start end from to email mail e-mail phone tel telephone mobile fax address street city town
    place country state region zip postcode county location lat lon lng latitude longitude url
    link website site path file filename size length width height weight age sex gender price
    cost amount total sum quantity qty count value values unit units currency rate score rating
    rank percent percentage min max mean description desc summary text note notes comment
    comments remark remarks message subject content body status language lang author authors
    publisher isbn source version user username first last firstname lastname surname forename
    company organization organisation department team owner role job occupation profession
    product item sku brand model color colour species term definition word meaning translation
    front back question answer example examples english german french spanish italian latin
    japanese chinese russian hint deck level topic chapter page line abstract journal doi
    customer client order invoice balance debit credit account iban bic deadline priority
    assignee project task event artist album track genre duration director vorname nachname
    strasse straße ort stadt plz land datum jahr monat preis menge anzahl betrag summe einheit
    beschreibung bemerkung notiz notizen telefon anschrift adresse kunde firma titel autor
    verlag sprache deutsch englisch wert art gruppe frage antwort begriff bedeutung kategorie
    thema nom prénom prenom rue ville pays prix quantité montant titre auteur langue valeur
    nombre apellido apellidos ciudad país pais fecha precio cantidad título titulo autor
    """
)
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+")
_KINDS = (
    (
        "number",
        re.compile(
            r"[-+(]?[$€£¥]?\s*[-+]?(?:\d[\d,. '\xa0]*|\.\d+)(?:e[-+]?\d+)?\s*[%€$)]?",
            re.IGNORECASE,
        ),
    ),
    (
        "date",
        re.compile(r"\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?(?:[T ]\d{1,2}:\d\d.*)?|\d{1,2}:\d\d.*"),
    ),
    ("address", re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")),
    ("truth", re.compile(r"true|false|yes|no|y|n|ja|nein|x|t|f", re.IGNORECASE)),
    ("missing", re.compile(r"n/?a|nan|null|none|-+|\?+|\.+", re.IGNORECASE)),
)


def table_head(rows: list[list[str]]) -> tuple[int, list[str]]:
    """How many rows stand before the one that names the columns, and the names.

    Without names, the rows before the table's first are counted. A name may be empty: the column
    of an index has none.
    """
    width = _usual_width(rows)
    first = next((n for n, row in enumerate(rows) if _may_start(rows, n, width)), 0)
    if width < 2 or first + 1 >= len(rows):
        return first, []
    names = [" ".join(cell.split()) for cell in rows[first]]
    names[0] = names[0].lstrip("#").strip() if len(names) == width else names[0]
    below = [row for row in rows[first + 1 :] if _filled(row) > 1]
    if len(names) == width - 1 and _has_index(below[:20], width):
        names = ["", *names]
    return first, names if _are_names(names, below) else []


def further_head(rows: list[list[str]]) -> list[str]:
    """The names in the first row of what may be another table in the same file.

    None unless half of them are usual names: a group of rows of the same table is likelier.
    """
    before, names = table_head(rows)
    usual = sum(map(_is_usual, names))
    return names if before == 0 and usual and usual * 2 >= len(names) else []


def _has_index(rows: list[list[str]], width: int) -> bool:
    """Whether a column without a name comes first: all rows have it, each another value."""
    index = {row[0] for row in rows}
    return (
        len(rows) > 1
        and len(index) == len(rows)
        and all(len(row) == width and row[-1].strip() for row in rows)
    )


def shortened(names: list[str], rows: list[list[str]], size: int) -> list[str]:
    """The names cut so that repeating them adds at most four times `size`; none if that is vain.

    `rows` are the first ones, and stand for all of the text of `size` characters.
    """
    own = sum(len(cell) + 1 for row in rows for cell in row)
    if not names or not own:
        return names
    share = max(_MOST_TIMES, _FREE / max(size, 1))
    for longest in (_LONGEST_NAME, 80, 40, 24):
        cut = [_cut(name, longest) for name in names]
        added = sum(
            len(name) + 2
            for row in rows
            for name, cell in zip(cut, row, strict=False)
            if name and cell.strip()
        )
        if added <= share * own:
            return cut if len(set(cut)) >= 0.9 * len(set(names)) else []
    return []


def most_repeated(size: int) -> int:
    """Characters that names may add to a whole text of `size`; its first rows may mislead."""
    return max(_MOST_TIMES * size, _FREE)


def _cut(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    whole = name[: longest - 1].rsplit(" ", 1)[0]
    return (whole if len(whole) > longest / 2 else name[: longest - 1]) + "…"


def _usual_width(rows: list[list[str]]) -> int:
    """The number of columns that most rows have; a wider one counts before a narrower."""
    counts: dict[int, int] = {}
    for row in rows:
        counts[len(row)] = counts.get(len(row), 0) + 1
    return max(counts, key=lambda width: (counts[width] if width > 1 else 0, width), default=0)


def _may_start(rows: list[list[str]], number: int, width: int) -> bool:
    """Whether the table may start with this row; a remark is none unless the table follows it."""
    row = rows[number]
    if row[0].startswith("#"):
        following = rows[number + 1] if number + 1 < len(rows) else []
        has_values = any(_kind(cell) in ("number", "date") for cell in following)
        if len(following) != width or not (has_values or row[0][1:2].isalpha()):
            return False
    return _filled(row) > width / 2


def _filled(row: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _are_names(names: list[str], below: list[list[str]]) -> bool:
    """Whether the row names the columns: by what it is, or by how it differs from them."""
    named = [name for name in names if name]
    enough = len(named) >= 2 and len(named) * 2 >= len(names) and len(set(named)) * 2 >= len(named)
    if not below or not enough or any(len(name) > _LONGEST_NAME for name in named):
        return False
    kinds = {name: _kind(name) for name in named}
    values = [name for name in named if kinds[name] not in ("text", "truth")]
    if values and not _is_series(values):
        return False
    columns = [
        [row[at].strip() for row in below if at < len(row) and row[at].strip()]
        for at in range(len(names))
    ]
    if len(values) > 1 and len(values) < len(named):
        below_them = [column for name, column in zip(names, columns, strict=True) if name in values]
        return not all(_is_series(column[:1]) for column in below_them)
    usual = sum(_is_usual(name) for name in named)
    if usual * 2 >= len(named):
        return not any(name in column for name, column in zip(names, columns, strict=True) if name)
    pairs = [(name, column) for name, column in zip(names, columns, strict=True) if name and column]
    if sum(_differs(name, column) for name, column in pairs) * 5 >= len(pairs):
        return True
    repeated = [
        name not in column
        for name, column in pairs
        if len(column) >= 8 and len(set(column)) <= 0.7 * len(column)
    ]
    return bool(repeated) and all(repeated)


def _differs(name: str, column: list[str]) -> bool:
    """Whether the name is of another kind or of another length than nearly all below it."""
    kind = _kind(name)
    kinds = [_kind(value) for value in column]
    known = [found for found in kinds if found != "missing"]
    if kind == "text" and known and sum(found != "text" for found in known) >= 0.8 * len(known):
        return True
    lengths = sorted(map(len, column))
    shortest, middle = lengths[len(lengths) // 10], lengths[len(lengths) // 2]
    return len(column) >= 2 and shortest > 2 * len(name) and middle > max(3 * len(name), 30)


def _is_usual(name: str) -> bool:
    if _IDENTIFIER.fullmatch(name):
        return True
    found = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", name.lower())
    return 0 < len(found) <= 4 and (found[-1] in _USUAL or found[0] in _USUAL)


def _is_series(values: list[str]) -> bool:
    """Whether names that are no words are years or days in order, as in tables over time."""
    if len(values) < 2:
        return len(values) == 1 and re.fullmatch(r"(?:1[5-9]|20|21)\d\d", values[0]) is not None
    if all(re.fullmatch(r"(?:1[5-9]|20|21)\d\d", value) for value in values):
        return values in (sorted(set(values)), sorted(set(values), reverse=True))
    return all(_kind(value) == "date" for value in values) and len(set(values)) == len(values)


def _kind(value: str) -> str:
    short = value.strip()[:60]
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(short)), "text")
