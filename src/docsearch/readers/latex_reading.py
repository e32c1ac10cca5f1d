"""What is known at a place of a LaTeX document, and how the arguments of a macro are read there.

In: the source. Out: the text of arguments, to whatever asked for it. Knows no macro's meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from docsearch.readers import latex_rules as rules
from docsearch.readers.latex_definitions import Definitions
from docsearch.readers.latex_page import Frame, Page
from docsearch.readers.latex_tokens import Tokens
from docsearch.readers.lines import Lines

_KEPT = (
    frozenset(rules.HEADINGS)
    | rules.FOOTNOTES
    | rules.CAPTIONS
    | rules.DATA
    | rules.INPUTS
    | rules.FORMULAS
    | rules.TABLES
    | rules.CODE
    | rules.DROPPED
    | rules.VERBS
    | {"item", "begin", "end", "par", "label", "href", "url", "bibitem", "document"}
)
"""What keeps its meaning, however a document defines it."""
_OVERLAY = re.compile(r"<[^<>\n]{1,30}>")
_NO_PROSE = re.compile(r"[^=]*=.*|[-+.\d\s]*[a-z]{0,2}|[htbpHclrsm!|]*", re.DOTALL)


class Reading:
    """The state of the walk, and how an argument is read; `page` and `data` hold what was found."""

    def __init__(self, lines: Lines) -> None:
        self.page = Page(lines)
        self.data: dict[str, str] = {}
        self._tokens = Tokens(lines.text)
        self._definitions = Definitions(self._tokens, _KEPT)
        self._in_preamble = False
        self._seen = self._begun = False
        self._shown = False
        self._ends_of_conditions: dict[int, int] | None = None
        german = re.search(r"\bn(?:german|swissgerman|austrian)\b|\{german\}", lines.text)
        self._is_german = german is not None

    def _argument(
        self, at: int, done: Callable[[str, int], None], *, short: bool = False, raw: bool = False
    ) -> None:
        """The text of the next argument goes to `done`; without one, nothing happens."""
        self._tokens.skip(_OVERLAY)
        while self._tokens.optional() is not None:
            pass
        if self._tokens.opens("open"):
            self._open_brace()
            self.page.open(Frame("}", at, done, short=short, raw=raw))

    def _open_brace(self) -> None:
        while (token := self._tokens.next()) is not None and token.kind != "open":
            pass

    def _next_argument(self, at: int, *, raw: bool = False, apart: bool = False) -> None:
        """One more argument of a macro without a rule, if one is there; words apart.

        `apart`: the last one from what follows, too.
        """
        tokens, page = self._tokens, self.page
        if tokens.opens("open", adjacent=True):
            tokens.next()
            page.put(" " if self._follows_an_argument() else "", at)
            page.open(Frame("}", at, raw=raw, argument=True, ends_word=apart))
        elif tokens.opens("bracket", adjacent=True):
            tokens.next()
            page.open(Frame("]", at, self._option, short=True, ends_word=apart))
        elif apart:
            page.put(" ", at)

    def _follows_an_argument(self) -> bool:
        before = self._tokens.text[max(self._tokens.at - 2, 0) : max(self._tokens.at - 1, 0)]
        return before in ("}", "]")

    def _option(self, text: str, at: int) -> None:
        """What stood in brackets behind an unknown macro: text, unless it looks like a setting."""
        if not _NO_PROSE.fullmatch(text):
            self.page.put(f" {text} ", at)
