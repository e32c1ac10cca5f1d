"""The tags of notes: as a list or a line of properties, and in the middle of the text.

In: a value of metadata, or lines of a note. Out: tags without their "#", in order. Linear in the
text. Knows the ways of Obsidian, Logseq and Dataview, and no file format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from docsearch.readers.decoding import clean

_LINK = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]")
_WORD_OR_LINK = re.compile(r"#?\[\[[^\[\]\n]{1,200}\]\]|\S+")
_NO_TAGS = re.compile(
    r"`[^`\n]{0,1000}`|\{#[^{}\n]{0,200}\}|<[^<>\n]{1,1000}>|\]\([^()\n]{0,2000}\)|https?://\S+|(?<!#)\[\[[^\[\]\n]{0,500}\]\]"
)
"""What of a line of Markdown is code or an address: a "#" in it is no tag."""

_TAG = re.compile(
    r"(?:^|(?<=[\s(\[{,;\"'“„«>]))#"
    r"(?:\[\[([^\[\]\n]{1,200})\]\]|([^\s#,.;:!?()\[\]{}<>\"'`*|\\^=+~$%&@“”„«»…]+))"
)
_COLOUR = re.compile(
    r"(?=.*\d)(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})|([0-9a-f])\1{2}|(?:([0-9a-f])\2){3}", re.I
)
_PROPERTY = re.compile(
    r"(?:^\s*(?:[-*+]\s+)?|[\[(])(tags?|keywords?)::[^\S\n]+([^\n]*)", re.IGNORECASE
)


def split_tags(value: object) -> tuple[str, ...]:
    """Tags given as a list, or as text with commas, semicolons or spaces between; no "#"."""
    if isinstance(value, str):
        text = value.replace(";", ",")
        items: list[object] = list(text.split(",") if "," in text else _WORD_OR_LINK.findall(text))
    else:
        items = list(_flat(value)) if isinstance(value, list) else []
    stripped = (_plain(item) for item in items)
    return tuple(dict.fromkeys(tag for tag in stripped if tag))


def tags_in(lines: Iterable[str]) -> Iterator[str]:
    """The tags of lines that are no code: `#tag`, `#nested/tag`, `#[[two words]]`, `tags:: a, b`.

    Numbers and colours (#12, #ffa07a) are none.
    """
    for line in lines:
        if "#" in line:
            for match in _TAG.finditer(_NO_TAGS.sub(" ", line)):
                tag = match[1] or match[2].strip("/-")
                if tag and not tag.isdecimal() and not _COLOUR.fullmatch(tag):
                    yield clean(tag).strip()
        if "::" in line and (named := _PROPERTY.search(line)):
            value = named[2]
            if line[named.start() : named.start() + 1] in ("[", "("):
                value = re.split(r"(?<!\])[\])](?!\])", value, maxsplit=1)[0]
            yield from split_tags(value)


def _flat(values: list[object]) -> Iterator[object]:
    """The items; of a link as YAML takes it, `[[Home]]`, what is in it."""
    for value in values:
        item = value
        while isinstance(item, list) and len(item) == 1:
            item = item[0]
        yield item


def _plain(value: object) -> str | None:
    """A plain value as a tag; a nested one, which aliases can blow up, is not followed."""
    if not isinstance(value, str | int | float | date):
        return None
    text = clean(str(value)).strip().strip("\"'")
    return _LINK.sub(r"\1", text).removeprefix("#").strip()
