"""What a document says of itself in YAML front matter.

In: the YAML text between the `---` lines. Out: title, tags and day. What cannot be parsed, or is
not a mapping, gives None: then it is no front matter but part of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import yaml

from docsearch.readers.dates import day_of
from docsearch.readers.decoding import clean

_LIMIT = 65_536


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields docsearch uses; all others are passed over."""

    title: str | None = None
    tags: tuple[str, ...] = ()
    day: date | None = None


def parse_front_matter(text: str) -> FrontMatter | None:
    """The fields of the mapping in `text`; None where there is none, or it is over 64 KB."""
    if len(text) > _LIMIT:
        return None
    try:
        fields = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, TypeError, LookupError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    return FrontMatter(
        title=_scalar(fields.get("title")),
        tags=split_tags(fields.get("tags", fields.get("keywords"))),
        day=day_of(fields.get("date")),
    )


def split_tags(value: object) -> tuple[str, ...]:
    """Tags given as a list, or as text with commas, semicolons or spaces between; no "#"."""
    if isinstance(value, str):
        separated = value.replace(";", ",")
        items: list[object] = list(separated.split(",") if "," in separated else value.split())
    else:
        items = list(value) if isinstance(value, list) else []
    tags = (_scalar(item) for item in items)
    stripped = (tag.removeprefix("#").strip() for tag in tags if tag)
    return tuple(dict.fromkeys(tag for tag in stripped if tag))


def _scalar(value: object) -> str | None:
    """The text of a plain value; a nested one, which aliases can blow up, is not followed."""
    if isinstance(value, str | int | float | date):
        return clean(str(value)).strip() or None
    return None
