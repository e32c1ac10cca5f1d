"""LaTeX's source, token by token.

In: the text of a file. Out: its tokens in order, comments left out; groups and arguments on
request; verbatim material as it stands. Tokens may be given back, as the expansion of a
definition: what is read again is bounded by the length of the file, so the whole stays linear.
Knows no macro.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple


class Token(NamedTuple):
    """One token: its kind (a group's name of the patterns here), its source, and its offset."""

    kind: str
    text: str
    at: int

    @property
    def name(self) -> str:
        """A command's name, without backslash, star and overlay; empty for any other token."""
        if self.kind != "command":
            return ""
        found = _LETTERS.match(self.text, 1)
        return found[0] if found else self.text[1:2]


_LETTERS = re.compile(r"[A-Za-z@]+")
_SOURCE = r"""
  SHORT_VERBS(?P<comment>%[^\n]*+(?:\n[ \t]*+(?!\n))?)
| (?P<par>\n[ \t]*+\n\s*+)
| (?P<row>\\\\\*?(?:[ \t]*+\[\s*-?[\d.]++\s*\\?[a-z]*+\s*\])?)
| (?P<command>\\(?:[LETTERS]++\*?(?:<[\d+.][\d+\-,.|:a-z@ ]*+>)?|[^LETTERS\n]|\n?))
| (?P<open>\{)
| (?P<close>\})
| (?P<math>\$\$?)
| (?P<bracket>[\[\]])
| (?P<cell>&)
| (?P<tie>~)
| (?P<param>\#++[1-9]?)
| (?P<text>(?:[^\\{}$%&~\n\[\]\#MARKS]|\n(?![ \t]*+\n))++)
"""
_SHORT = 2_000
"""Tokens of the longest argument that may be left out: more is text behind a missing brace."""
_BRACES = re.compile(r"[{}](?<!\\.)|\n[ \t]*+\n")
_GAP = re.compile(r"(?:[ \t]++|%[^\n]*+\n|\n(?![ \t]*+\n))*+")


@cache
def _pattern(with_at: bool, short_verbs: str) -> re.Pattern[str]:
    marks = [re.escape(mark) for mark in short_verbs]
    verbs = "".join(
        rf"(?P<verb{i}>{m}[^{m}\n]*+{m}) | (?P<mark{i}>{m}) | " for i, m in enumerate(marks)
    )
    source = _SOURCE.replace("SHORT_VERBS", verbs).replace("MARKS", "".join(marks))
    return re.compile(source.replace("LETTERS", "A-Za-z@" if with_at else "A-Za-z"), re.VERBOSE)


class Tokens:
    """A source that is read once, but for what is given back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)
        self.expanding: dict[str, int] = {}
        self._again: list[Token] = []
        self._rereads = 20_000 + len(text)
        self._characters = 100_000 + 4 * len(text)
        self.has_refused = False
        self._pattern = _pattern(False, "")
        self._absent: dict[str, int] = {}
        self._short_verbs = ""
        self._at_is_letter = False
        self._braces: dict[int, int] | None = None

    @property
    def in_source(self) -> bool:
        """Whether the next token comes from the source, rather than from what was given back."""
        self._settle()
        return not self._again

    def next(self) -> Token | None:
        """The next token; None at the end."""
        while self._again:
            token = self._again.pop()
            if token.kind != "expanded":
                return token
            self.expanding[token.text] -= 1
        while self.at < self.end:
            found = self._pattern.match(self.text, self.at, self.end)
            # Every character begins some token.
            assert found is not None
            token = Token(str(found.lastgroup).rstrip("0123456789"), found[0], self.at)
            self.at += len(token.text)
            if token.kind != "comment":
                return token
        return None

    def push(self, tokens: Iterable[Token], expansion_of: str = "") -> bool:
        """Read these next. False, with nothing done, when too much was read again already.

        From then on nothing is expanded, and no argument in braces is looked for.
        """
        tokens = list(tokens)
        characters = sum(len(token.text) for token in tokens) if expansion_of else 0
        if len(tokens) + 1 > self._rereads or characters > self._characters:
            self._rereads = 0
            self.has_refused = True
            return False
        self._rereads -= len(tokens) + 1
        self._characters -= characters
        if expansion_of:
            self.expanding[expansion_of] = self.expanding.get(expansion_of, 0) + 1
            self._again.append(Token("expanded", expansion_of, 0))
        self._again.extend(reversed(tokens))
        return True

    def unread(self, tokens: list[Token]) -> None:
        """Give back what was the next."""
        self._again.extend(reversed(tokens))

    def argument(self, *, short: bool = True) -> list[Token] | None:
        """The mandatory argument that is next, without its braces; None, unread, without one.

        A `short` one is a macro's own business: no paragraph, and not long.
        """
        skipped = self._spaces()
        token = self.next()
        if token is None or token.kind in ("close", "par", "cell", "row"):
            self.unread(skipped if token is None else [*skipped, token])
            return None
        if token.kind == "text":
            return [self._first_character(token)]
        if token.kind != "open":
            return [token]
        return self._until("close", [*skipped, token], short=short)

    def group(self, *, short: bool = True) -> list[Token] | None:
        """The argument in braces that is next, possibly behind spaces; None without one."""
        return self.argument(short=short) if self.opens("open") else None

    def optional(self) -> list[Token] | None:
        """The argument in brackets that is next, without them; None, unread, without one."""
        if not self.opens("bracket"):
            return None
        skipped = self._spaces()
        token = self.next()
        assert token is not None
        return self._until("]", [*skipped, token], short=True)

    def opens(self, kind: str, *, adjacent: bool = False) -> bool:
        """Whether an argument of this kind ("open" or "bracket") is next, white space aside."""
        if self.in_source:
            at = self.at if adjacent else self._gap_end()
            return self.text[at : min(at + 1, self.end)] == ("{" if kind == "open" else "[")
        skipped = [] if adjacent else self._spaces()
        token = self.next()
        self.unread([*skipped, token] if token else skipped)
        return token is not None and token.kind == kind and token.text != "]"

    def skip(self, pattern: re.Pattern[str]) -> str:
        """What of the source the pattern matches here, passed over; empty for nothing."""
        if not self.in_source:
            return ""
        found = pattern.match(self.text, self.at, self.end)
        if not found:
            return ""
        self.at = found.end()
        return found[0]

    def verbatim(self) -> tuple[str, int] | None:
        """An argument within braces or any delimiter, as it stands, and its offset."""
        if not self.in_source:
            tokens = self.group()
            return (spelled(tokens), tokens[0].at) if tokens else None
        start = self._gap_end()
        delimiter = self.text[start : start + 1]
        if not delimiter or delimiter.isspace() or delimiter.isalnum():
            return None
        if delimiter == "{":
            close = self._closing_brace(start)
        else:
            line_end = self.text.find("\n", start)
            close = self.text.find(delimiter, start + 1, line_end if line_end >= 0 else self.end)
        if close < 0:
            return None
        self.at = close + 1
        return self.text[start + 1 : close], start + 1

    def until(self, closing: str) -> tuple[str, int] | None:
        """The source up to `closing`, which is passed over; None where it does not come."""
        if not self.in_source or self.at >= self._absent.get(closing, self.end + 1):
            return None
        start = self.at
        close = self.text.find(closing, start, self.end)
        if close < 0:
            self._absent[closing] = start
            return None
        self.at = close + len(closing)
        return self.text[start:close], start

    def letters(self, *, with_at: bool) -> None:
        """Whether `@` is a letter, as in a package."""
        self._at_is_letter = with_at
        self._pattern = _pattern(with_at, self._short_verbs)

    def add_short_verb(self, character: str) -> None:
        """From here on `character` encloses verbatim text within a line."""
        if len(character) == 1 and not character.isalnum() and character not in self._short_verbs:
            self._short_verbs += character
            self._pattern = _pattern(self._at_is_letter, self._short_verbs)

    def _settle(self) -> None:
        """An expansion that was read whole is over."""
        while self._again and self._again[-1].kind == "expanded":
            self.expanding[self._again.pop().text] -= 1

    def _gap_end(self) -> int:
        found = _GAP.match(self.text, self.at, self.end)
        return found.end() if found else self.at

    def _spaces(self) -> list[Token]:
        """The white space that is next, passed over, if an argument may stand behind it."""
        if self.in_source:
            start, self.at = self.at, self._gap_end()
            return [Token("text", " ", start)] if self.at > start else []
        token = self._again[-1]
        if token.kind != "text" or token.text.strip():
            return []
        return [self._again.pop()]

    def _first_character(self, token: Token) -> Token:
        text = token.text.lstrip()
        at = token.at + len(token.text) - len(text)
        if len(text) > 1:
            self._again.append(Token("text", text[1:], at + 1))
        return Token("text", text[:1], at)

    def _until(self, end: str, opened: list[Token], *, short: bool) -> list[Token] | None:
        """Tokens up to the closing one; where it does not come, all are given back."""
        found: list[Token] = []
        depth = 0
        while self._rereads > len(found):
            token = self.next()
            if token is None:
                break
            if depth == 0 and (end in {token.kind, token.text}):
                return found
            found.append(token)
            if token.kind == "open":
                depth += 1
            elif token.kind == "close":
                depth -= 1
            if depth < 0 or (short and (token.kind == "par" or len(found) > _SHORT)):
                break
        self._rereads -= len(found)
        self.unread([*opened, *found])
        return None

    def _closing_brace(self, start: int) -> int:
        """The brace that closes the one at `start` within its paragraph; -1 without one."""
        if self._braces is None:
            self._braces = {}
            still_open: list[int] = []
            for brace in _BRACES.finditer(self.text):
                if brace[0] == "{":
                    still_open.append(brace.start())
                elif brace[0] != "}":
                    still_open = []
                elif still_open:
                    self._braces[still_open.pop()] = brace.start()
        close = self._braces.get(start, -1)
        return close if close < self.end else -1


def spelled(tokens: Iterable[Token]) -> str:
    """The tokens' own source, for names and keys."""
    return "".join(token.text for token in tokens)
