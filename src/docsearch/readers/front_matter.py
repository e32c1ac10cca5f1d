"""What a document says of itself in front matter: YAML, TOML, JSON, or a title block of Pandoc.

In: the lines of a file. Out: title, tags and day, and where the document goes on; None
where the file begins with something else. What its own parser refuses (a colon in a title, a
template's braces, a tab, aliases that multiply) is read line by line instead.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

import yaml

from docsearch.readers.dates import day_of
from docsearch.readers.decoding import clean
from docsearch.readers.lines import Lines
from docsearch.readers.tags import split_tags

_LIMIT = 65_536
_MOST_LINES = 2000
_MOST_ALIASES = 20
_DEEPEST = 20
_MOST_TAGS = 1000
_TITLES = ("title",)
_TAGS = ("tags", "tag", "keywords", "keyword")
_DAYS = ("date", "created", "date created", "created_at", "creation date", "published")
_FENCES = {"---": ("YAML", {"---", "..."}), "+++": ("TOML", {"+++"})}
_FIELD = re.compile(r"""["']?([^\W\d][\w .-]{0,60}?)["']?[^\S\n]*[:=](?:\s+(.*))?$""")
_ITEM = re.compile(r"\s*-\s+(.*)$")
_EMPTY = frozenset({"", "~", "null", "|", ">", "|-", ">-", "{{}}"})


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields docsearch uses, and the line, from 0, that the document goes on at.

    `fault` says why it was read line by line, None where it
    was not.
    """

    title: str | None = None
    tags: tuple[str, ...] = ()
    day: date | None = None
    behind: int = 0
    fault: str | None = None


def front_matter_of(lines: Lines) -> FrontMatter | None:
    """The front matter that the text begins with; None where there is none, or it is over 64 KB."""
    first = lines[0].rstrip()
    if first in _FENCES:
        return _fenced(lines, *_FENCES[first])
    if re.match(r"\{\s*(?:$|[\"'])", first):
        return _json(lines)
    return _title_block(lines) if re.match(r"%[^\S\n]+\S", first) else None


def _fenced(lines: Lines, language: str, closing: set[str]) -> FrontMatter | None:
    searched = range(1, min(len(lines), _MOST_LINES))
    end = next((at for at in searched if lines[at].rstrip() in closing), None)
    if end is None or lines.start(end) > _LIMIT:
        return None
    text = lines.text[lines.start(1) : lines.start(end)]
    fields, fault = _yaml(text) if language == "YAML" else _toml(text)
    if fault is not None:
        fields = dict(_by_line(text))
        fault = f"the front matter is no {language} ({fault}), and was read line by line"
    if not fields and text.strip():
        return None
    return _of(fields, end + 1, fault)


def _of(fields: Mapping[str, object], behind: int, fault: str | None = None) -> FrontMatter:
    lowered = {str(key).lower().strip(): value for key, value in fields.items()}
    taxonomies = lowered.get("taxonomies")
    if isinstance(taxonomies, dict):
        lowered = taxonomies | lowered
    titles = (_scalar(lowered.get(key)) for key in _TITLES)
    days = (day_of(lowered.get(key)) for key in _DAYS)
    tags = (tag for key in _TAGS for tag in split_tags(_without_bracket(lowered.get(key))))
    return FrontMatter(
        next(filter(None, titles), None),
        tuple(islice(dict.fromkeys(tags), _MOST_TAGS)),
        next(filter(None, days), None),
        behind,
        fault,
    )


def _yaml(text: str) -> tuple[dict[str, object], str | None]:
    """Its mapping with every plain value as it is written, or what is wrong with it.

    The base loader knows no merge keys, dates or numbers, and an alias costs it a reference.
    """
    try:
        depth = aliases = 0
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            aliases += isinstance(event, yaml.AliasEvent)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if aliases > _MOST_ALIASES or depth > _DEEPEST:
                return {}, "nested too deeply" if depth > _DEEPEST else "too many aliases"
        documents = yaml.load_all(text, Loader=yaml.BaseLoader)
        fields = next(documents, None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return {}, f"line {mark.line + 2}" if mark else "it cannot be parsed"
    except (yaml.YAMLError, ValueError, TypeError, LookupError, RecursionError):
        return {}, "it cannot be parsed"
    if fields is None or isinstance(fields, dict):
        return fields or {}, None
    return {}, "no keys with values"


def _toml(text: str) -> tuple[dict[str, object], str | None]:
    try:
        return tomllib.loads(text), None
    except (ValueError, RecursionError) as error:
        return {}, next(iter(re.findall(r"line (\d+)", str(error))), "") or "it cannot be parsed"


def _json(lines: Lines) -> FrontMatter | None:
    text = lines.text[:_LIMIT]
    try:
        fields, stop = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        searched = range(1, min(len(lines), _MOST_LINES))
        end = next((at for at in searched if lines[at].rstrip() == "}"), None)
        if end is None or lines.start(end) > _LIMIT:
            return None
        broken = dict(_by_line(lines.text[lines.start(1) : lines.start(end)]))
        fault = "the front matter is no JSON, and was read line by line"
        return _of(broken, end + 1, fault) if broken else None
    behind = lines.at(max(0, stop - 1)) + 1
    if not isinstance(fields, dict) or text[stop : lines.end(behind - 1)].strip():
        return None
    return _of(fields, behind)


def _title_block(lines: Lines) -> FrontMatter:
    """Pandoc's `% title`, `% authors`, `% date`, each of which may go on in indented lines."""
    fields: list[str] = []
    at = 0
    while at < len(lines) and at < _MOST_LINES:
        line = lines[at]
        if line.startswith("%") and not line.startswith("%%") and len(fields) < 3:
            fields.append(line[1:].strip())
        elif line[:1] in (" ", "\t") and line.strip() and fields:
            fields[-1] = f"{fields[-1]} {line.strip()}"
        else:
            break
        at += 1
    title, _, day = (*fields, "", "")[:3] if len(fields) < 3 else fields
    return FrontMatter(clean(title) or None, (), day_of(day), at)


def _by_line(text: str) -> Iterator[tuple[str, object]]:
    """Keys at the start of a line with what stands behind them, or below them, indented."""
    key, held = "", ""
    items: list[object] = []
    for line in [*text.split("\n"), "end: "]:
        field = _FIELD.match(line)
        if field is None:
            item = _ITEM.match(line)
            if item or line[:1].isspace():
                items.append(_unquoted(item[1] if item else line))
            continue
        if key:
            below = [each for each in items if each]
            yield key, _value(held) if held not in _EMPTY else below
        key, held, items = field[1].strip().lower(), (field[2] or "").strip(), []


def _value(text: str) -> object:
    text = text.rstrip(",").strip()
    if text.startswith("[") and not text.startswith("[[") and text.endswith("]"):
        return [_unquoted(each) for each in text[1:-1].split(",")]
    return _unquoted(text)


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _scalar(value: object) -> str | None:
    """The text of a plain value; a nested one, which aliases can blow up, is not followed."""
    if isinstance(value, str | int | float | date):
        text = " ".join(clean(str(value)).split())
        return None if text in _EMPTY else text
    return None


def _without_bracket(value: object) -> object:
    """A list as text, where it was read line by line: its brackets may lack the other one."""
    if not isinstance(value, str) or value.lstrip().startswith("[["):
        return value
    return value.strip().removeprefix("[").removesuffix("]") if value.strip()[:1] == "[" else value
