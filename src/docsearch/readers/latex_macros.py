"""What each kind of macro of a LaTeX document leaves for its reader to see.

In: a macro that was read. Out: text, headings, notes and list items on the page. Each is read by
the tables of `latex_rules`; one that has no rule, for the text of its arguments.
"""

from __future__ import annotations

import re

from docsearch.domain.document import SegmentKind
from docsearch.readers import latex_rules as rules
from docsearch.readers.latex_page import Frame
from docsearch.readers.latex_reading import Reading
from docsearch.readers.latex_tokens import spelled

_IF_OR_FI = re.compile(r"\\(if(?!f\b|thenelse)[A-Za-z@]*|(?:fi|else)(?![A-Za-z@]))|(?<!\\)%.*")
_DIMENSION = re.compile(
    r"[ \t]*=?[ \t]*(?:(?:to|by|plus|minus|width|height|depth|spread)?[ \t]*+-?[\d.]*+[ \t]*+"
    r"(?:true[ \t]*+)?(?:(?:pt|in|cm|mm|em|ex|pc|bp|sp|fill?l?)(?![a-z])|\\[a-z]+)[ \t]?|-?\d+)*+"
)
_COORDINATES = re.compile(r"(?:[ \t]*\([^()\n{}]*\))+")
_OVERLAY = re.compile(r"<[^<>\n]{1,30}>")
_OPTIONS = re.compile(r"[ \t]*\[((?:[^\[\]{}]|\{[^{}]*\}){0,2000})\]")
_STAR = re.compile(r"\*")
_RAW = frozenset({"texttt", "code"})
_NOTHING = re.compile(r"\{\}")
_ON_ITS_OWN = re.compile(r"[ \t]*(?:\n|%|\Z)")


class Macros(Reading):
    """One method for each kind of macro: its name is read, its arguments are next."""

    def _unknown(self, name: str, at: int) -> None:
        """A macro without a rule: the text of its arguments, else its name between words."""
        opens, within_itself = self._tokens.opens, self._tokens.expanding.get(name)
        if self._tokens.skip(_NOTHING):
            glued = self._tokens.text[self._tokens.at : self._tokens.at + 1].isalnum()
            self.page.put((f"{name} " if glued else name) if name.isalpha() else "", at)
        elif opens("open", adjacent=True) or opens("bracket", adjacent=True):
            self._next_argument(at, raw=name in _RAW)
        elif name.isalpha() and not name.startswith("end") and not within_itself:
            before = self._tokens.text[max(0, at - 200) : at].rpartition("\n")[2]
            if before.strip() or not _ON_ITS_OWN.match(self._tokens.text, self._tokens.at):
                self.page.put(name, at)

    def _silent(self, name: str, at: int) -> None:
        """A macro that leaves no text; what its signature leaves over is read on."""
        tokens, page = self._tokens, self.page
        if name in rules.BREAKS and page.is_flowing:
            page.flush()
        elif name in rules.SPACES:
            page.put(" ", at)
        if name in rules.DIMENSIONS:
            tokens.skip(_DIMENSION)
        if name in rules.COORDINATES:
            tokens.skip(_COORDINATES)
        count = rules.LEFT_OUT.get(name, 0)
        for _ in range(count):
            tokens.optional()
            if tokens.group() is None:
                return
        if name == "tt":
            page.inner.raw = True
        elif name == "appendix" and page.is_flowing:
            page.flush()

    def _plain(self, name: str, at: int) -> None:
        self.page.put(rules.PLAIN[name], at)

    def _accent(self, name: str, at: int) -> None:
        if self.page.is_open("end tabbing") and name in "='`":
            self.page.put(" ", at)
        else:
            self.page.accent = rules.ACCENTS[name]

    def _symbol(self, name: str, at: int) -> None:
        """A character; a letter stands close to what follows, as TeX has it."""
        symbol = rules.SYMBOLS[name]
        self.page.put(symbol, at)
        if len(symbol) == 1 and (symbol.isalpha() or symbol == "-"):
            self._tokens.skip(re.compile(r"[ \t]+|[ \t]*\n(?![ \t]*\n)[ \t]*"))

    def _datum(self, name: str, at: int) -> None:
        """What the document says of itself: title and date are kept, the rest is text too."""
        if not self._tokens.opens("open") and not self._tokens.opens("bracket"):
            return

        def keep(text: str, where: int) -> None:
            text = text.replace(" ,", ",")
            if name in ("title", "date") and text:
                self.data.setdefault(name, text)
            elif text and self.page.is_flowing:
                self.page.flush()
                self.page.builder.add(text, SegmentKind.PARAGRAPH, self.page.location(where))
            elif text:
                self.page.put(f" {text} ", where)

        self._argument(at, keep)

    def _heading(self, name: str, at: int) -> None:
        level = rules.HEADINGS[name]
        self._tokens.skip(_STAR)
        self.page.close_all()
        self.page.flush()
        self._argument(at, lambda text, _: self.page.heading(text, level, at), short=True)

    def _note(self, name: str, at: int) -> None:
        """A footnote or caption, behind the paragraph that it stands in."""
        self._argument(at, self.page.note, short=name in rules.CAPTIONS)

    def _reference(self, name: str, at: int) -> None:
        key = spelled(self._tokens.group() or ())
        self.page.put(f"({key})" if name == "eqref" and key else key, at)

    def _item(self, name: str, at: int) -> None:  # noqa: ARG002
        if self.page.is_flowing:
            self.page.flush()
            self.page.kind = SegmentKind.LIST_ITEM
        else:
            self.page.put(" ", at)
        self._tokens.skip(_OVERLAY)
        if self._tokens.opens("bracket"):
            while (token := self._tokens.next()) is not None and token.kind != "bracket":
                pass
            label = lambda text, where: self.page.put(f"{text}: " if text else "", where)  # noqa: E731
            self.page.open(Frame("]", at, label, short=True))

    def _bibliography_item(self, name: str, at: int) -> None:  # noqa: ARG002
        self.page.flush()
        self.page.kind = SegmentKind.LIST_ITEM
        self._tokens.optional()
        key = spelled(self._tokens.group() or ())
        self.page.put(f"[{key}] " if key else "", at)

    def _citation(self, at: int) -> None:
        before: list[str] = []
        while (option := self._tokens.optional()) is not None:
            before.append(" ".join(spelled(option).replace("~", " ").split()))
        keys = spelled(self._tokens.group() or ())
        parts = [*before[:-1], keys, *before[-1:]]
        text = ", ".join(part for part in parts if part)
        self.page.put(f"[{text}]" if text else "", at)

    def _input(self, macro: str, at: int) -> None:
        """Another file is named, not read."""
        name = spelled(self._tokens.group() or ())
        name = name or self._tokens.skip(re.compile(r"[ \t]+[\w./-]+")).strip()
        if name:
            self.page.put(f" \\{macro}{{{name}}} ", at)

    def _verbatim(self, name: str, at: int) -> None:
        """What is not to be read as LaTeX: code within a line, the address of a link."""
        if name in ("lstinline", "mintinline", "href", "Verb"):
            self._tokens.skip(_OPTIONS)
        if name == "mintinline":
            self._tokens.verbatim()
        found = self._tokens.verbatim()
        if found is None:
            return
        text, at = found
        if name in rules.VERBS:
            self.page.put(text, at)
        elif name != "href" or not self._tokens.opens("open"):
            self.page.put("".join(re.sub(r"%\n\s*", "", text).split()).replace("\\", ""), at)

    def _condition(self, name: str) -> None:
        """A part that is never shown goes; of any other condition both branches are read."""
        tokens = self._tokens
        if name == "iffalse":
            self._skip_to_fi()
        elif name in ("ifx", "if", "ifcat"):
            tokens.argument()
            tokens.argument()
        elif name in ("ifdefined", "ifvoid", "ifhbox", "ifvbox", "ifeof"):
            tokens.argument()
        elif name in ("ifnum", "ifdim", "ifodd", "ifcase"):
            tokens.skip(re.compile(r"[^\n ]*"))

    def _skip_to_fi(self) -> None:
        tokens = self._tokens
        if not tokens.in_source:
            return
        if self._ends_of_conditions is None:
            self._ends_of_conditions = _ends_of_conditions(tokens.text)
        tokens.at = min(self._ends_of_conditions.get(tokens.at, tokens.at), tokens.end)


def _ends_of_conditions(text: str) -> dict[int, int]:
    """By the offset behind each condition's name, the one behind its `fi` or `else`."""
    ends: dict[int, int] = {}
    open_ones: list[int] = []
    for found in _IF_OR_FI.finditer(text):
        if found[1] and found[1].startswith("if"):
            open_ones.append(found.end())
        elif found[1] and open_ones:
            ends.setdefault(open_ones[-1], found.end())
            if found[1] == "fi":
                open_ones.pop()
    return ends
