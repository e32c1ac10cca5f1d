"""Where in a source file something is defined, and under what name.

In: a pygments lexer and the source. Out: one `Definition` per line that begins a function,
class, type, module, section, target or top-level key. Judged by tokens, so it is right for code
as people lay it out, and silent rather than wrong elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pygments.lexer import Lexer
from pygments.token import Comment, Keyword, Literal, Name, Punctuation, String, Token, _TokenType

from docsearch.readers.lines import Lines

FLAT = -1
"""The depth of a section or key whose body need not be indented."""


@dataclass(frozen=True, slots=True)
class Definition:
    """`line` counts from 0; `depth` is the indentation in columns, which tells what encloses."""

    line: int
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A token that is neither white space nor comment, and where it starts."""

    start: int
    type: _TokenType
    text: str


_DEFINERS = re.compile(
    r"(?i:def|class|fn|func|fun|function|sub|struct|enum|trait|interface|type|module|mod|namespace"
    r"|object|impl|union|record|protocol|extension|defmodule|defn-?|defmacro|defp|defun|macro"
    r"|message|service|rpc|procedure|data|newtype|instance|typealias"
    r"|contract|library|event|resource|variable|output|provider|package"
    r"|@interface|@implementation)"
)
_CONTROL = re.compile(
    r"(?:if|else|elif|for|foreach|while|until|switch|case|return|new|await|throw|yield|do|try"
    r"|catch|except|finally|with|using|assert|delete|typeof|not|and|or|in|import|from|select"
    r"|when|unless|match|raise|print|echo)"
)
_NAME = re.compile(r"[\"']?[\w$@?!.:~-]*[\w$?!]")
_SECTION = re.compile(r"\s*\[\[?\s*([^\[\]\n]+?)\s*\]\]?\s*(?:[#;].*)?$")
_KEY = re.compile(r"([A-Za-z_][\w.-]*|\"[^\"\n]+\"|'[^'\n]+')\s*:(?:\s|$)")
_TARGET = re.compile(r"([\w./%$(){}-][\w./%$(){} -]*?)\s*::?(?!=)")
_STAGE = re.compile(r"FROM\s+\S+(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_SHELL = re.compile(r"\s*(?:function\s+([\w:.-]+)|([\w:.-]+)\s*\(\s*\))")
_CREATED = re.compile(
    r"\s*create\s+(?:(?:or\s+replace|unique|temp|temporary|materialized|virtual|global|local)\s+)*"
    r"(?:table|view|index|trigger|function|procedure|type|schema|sequence)\s+"
    r"(?:if\s+not\s+exists\s+)?([\w.\"`]+)",
    re.IGNORECASE,
)
_BY_LINE = {
    "Bash": (_SHELL,),
    "INI": (_SECTION,),
    "TOML": (_SECTION,),
    "Properties": (),
    "YAML": (_KEY,),
    "Makefile": (_TARGET,),
    "Docker": (_STAGE,),
}


def definitions(lexer: Lexer, lines: Lines) -> Iterator[Definition]:
    """The definitions of the source, one a line at most, in order."""
    if lexer.name == "JSON":
        patterns: tuple[re.Pattern[str], ...] | None = (_outermost_key(lines.text),)
    else:
        patterns = (_CREATED,) if "SQL" in lexer.name else _BY_LINE.get(lexer.name)
    if patterns is not None:
        yield from _matching(patterns, lines, indented=lexer.name == "Bash")
        return
    for line, group in groupby(_marks(lexer, lines.text), lambda mark: lines.at(mark.start)):
        marks = list(group)
        name = _defined(marks, lines)
        if name:
            yield Definition(line, name, indentation(lines[line]))


def _outermost_key(text: str) -> re.Pattern[str]:
    """Keys of a JSON object that are indented as its first one is."""
    first = re.match(r"\s*\{[ \t]*\n([ \t]+)\"", text)
    indent = first[1] if first else "\t"
    return re.compile(rf"{indent}\"([^\"\n]{{1,80}})\"\s*:")


def _matching(
    patterns: tuple[re.Pattern[str], ...], lines: Lines, *, indented: bool
) -> Iterator[Definition]:
    for line in range(len(lines)):
        for pattern in patterns:
            if found := pattern.match(lines[line]):
                groups = [group for group in found.groups() if group]
                name = (groups or [found[0]])[0].strip("\"'` ")
                yield Definition(line, name, indentation(lines[line]) if indented else FLAT)


def _marks(lexer: Lexer, text: str) -> Iterator[_Mark]:
    """Tokens that count, each by the line it starts on."""
    for start, kind, value in lexer.get_tokens_unprocessed(text):
        skipped = _of(kind, Comment) or (_of(kind, String) and not _of(kind, String.Symbol))
        if not skipped and kind is not Token.Text.Whitespace and value.strip():
            lead = len(value) - len(value.lstrip())
            yield _Mark(start + lead, kind, value.strip())


def _defined(marks: list[_Mark], lines: Lines) -> str | None:
    """The name that this line defines, if it does."""
    for position, mark in enumerate(marks):
        after = marks[position + 1] if position + 1 < len(marks) else None
        if _CONTROL.fullmatch(mark.text):
            return None
        if _is_definer(mark) and (position == 0 or marks[position - 1].text != "<"):
            defined = _receiver_skipped(marks[position + 1 :])
            if defined is not None and _is_name(defined):
                return _name_at(lines, defined.start)
        named = _of(mark.type, Name.Function) or _of(mark.type, Name.Class)
        if named and after is not None and all(_leads(before) for before in marks[:position]):
            return _name_at(lines, mark.start)
        if mark.text.startswith("(") or _of(mark.type, Literal):
            break
        if mark.text in ("=", ":=", "<-"):
            return None
    return _callable(marks, lines)


def _is_definer(mark: _Mark) -> bool:
    known = _of(mark.type, Keyword) or mark.text.isupper()
    return known and _DEFINERS.fullmatch(mark.text) is not None


def _receiver_skipped(marks: list[_Mark]) -> _Mark | None:
    """The token that a name would be: behind the receiver in `func (t *T) Name()`."""
    if marks and marks[0].text == "(":
        closing = next((i for i, mark in enumerate(marks) if mark.text == ")"), len(marks))
        marks = marks[closing + 1 :]
    return marks[0] if marks else None


def _callable(marks: list[_Mark], lines: Lines) -> str | None:
    """A name, its parameters in brackets, and an open brace: a method in a C-like language."""
    opening = next((i for i, mark in enumerate(marks) if mark.text.startswith("(")), 0)
    if not opening or not marks[-1].text.endswith("{"):
        return None
    name = marks[opening - 1]
    before = marks[:opening]
    if not _of(name.type, Name) or any(mark.text in ("=", ".", "->", "=>") for mark in before):
        return None
    text = lines.text[name.start : marks[-1].start + len(marks[-1].text)]
    return name.text if _is_one_call(text) else None


def _is_one_call(text: str) -> bool:
    """Whether the first bracket closes before the brace: a definition, not a call's callback."""
    depth = 0
    for character in text:
        if character == "{":
            return depth == 0
        depth += {"(": 1, ")": -1}.get(character, 0)
    return False


def _is_name(mark: _Mark) -> bool:
    return (
        _of(mark.type, Name)
        or _of(mark.type, String)
        or _of(mark.type, Keyword.Type)
        or mark.type is Token.Text
    ) and (mark.text[0].isalnum() or mark.text[0] in "_$\"'@")


def _leads(mark: _Mark) -> bool:
    """Whether a token may stand before the name that a line defines: a modifier or a type."""
    return (
        _of(mark.type, Keyword)
        or _of(mark.type, Name)
        or _of(mark.type, Punctuation)
        or mark.text in "*&"
    )


def _name_at(lines: Lines, start: int) -> str | None:
    found = _NAME.match(lines.text, start, lines.end(lines.at(start)))
    return found[0].strip("\"':.") if found else None


def _of(kind: _TokenType, family: _TokenType) -> bool:
    """Whether a token type is `family` or one of its kinds (what pygments writes as `in`)."""
    return kind[: len(family)] == family


def indentation(line: str) -> int:
    """The columns of white space before the line's first character; a tab ends at four."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())
