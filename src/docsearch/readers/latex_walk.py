"""One walk over the tokens of a LaTeX document, for what its reader would see.

In: the source. Out: a `Page` with its text, and what the document says of itself. What a token
means is in `latex_macros` and `latex_environments`, unless the document defines it itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from docsearch.readers import latex_rules as rules
from docsearch.readers.latex_definitions import DEFINING
from docsearch.readers.latex_environments import Environments
from docsearch.readers.latex_macros import Macros
from docsearch.readers.latex_page import Frame
from docsearch.readers.latex_tokens import Token

_CITATION = re.compile(r"[A-Za-z]*[cC]ite(?!text|style)[A-Za-z]*")
_CONDITION = re.compile(r"if(?!f$|thenelse$|then$)[A-Za-z@]*")
_SHORTHAND = re.compile(r"""["'][aouAOUsz\-=~|"`'<>/]""")
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))


class LatexWalk(Macros, Environments):
    """The walk; after `run`, `page` and `data` hold what was found."""

    def run(self) -> None:
        """Walk to the end of the document."""
        while True:
            token = self._tokens.next()
            if token is None and self._in_preamble:
                self._begin_body()
            elif token is None or not self._token(token):
                break
        self.page.close_all()
        self.page.flush()
        if self._tokens.has_refused:
            self.page.builder.lost("macros that make far more text than the file has")

    def _token(self, token: Token) -> bool:  # noqa: PLR0912
        """Read one token; False at the end of the document."""
        page, kind = self.page, token.kind
        if self._in_preamble and page.is_flowing and kind != "command":
            return True
        if kind == "text":
            self._text(token)
        elif kind == "command":
            return self._command(token)
        elif kind == "par":
            page.paragraph()
        elif kind == "open":
            page.open(Frame("}", token.at))
        elif kind == "close":
            self._close_brace()
        elif kind == "math":
            self._formula(token, token.text)
        elif token.text == "]":
            self._close_bracket(token)
        elif kind == "row":
            page.put(" ", token.at)
            page.end_row()
        elif kind == "cell" and page.in_table:
            page.end_cell()
        elif kind == "verb":
            page.put(token.text[1:-1], token.at)
        elif kind == "leave":
            self._close_environment(token.text)
        else:
            page.put(" " if kind == "tie" else token.text, token.at)
        return True

    def _text(self, token: Token) -> None:
        text = token.text
        lead = len(text) - len(text.lstrip())
        if self._shown and text.strip():
            # A sentence that begins behind a formula has a line of its own.
            self._shown = False
            if text[lead].isupper() and self.page.is_flowing:
                self.page.flush()
        if self._is_german:
            text = _SHORTHAND.sub(lambda found: rules.GERMAN.get(found[0], found[0]), text)
        if not self.page.is_raw:
            for source, character in _LIGATURES:
                text = text.replace(source, character)
        self.page.put(text, token.at + lead)

    def _close_bracket(self, token: Token) -> None:
        page, frame = self.page, self.page.inner
        if not page.close("]"):
            page.put(token.text, token.at)
        elif page.inner.argument or frame.ends_word or self._tokens.opens("open", adjacent=True):
            self._next_argument(token.at, apart=frame.ends_word)

    def _close_brace(self) -> None:
        frame = self.page.inner
        if self.page.close("}") and frame.argument:
            self._next_argument(self._tokens.at, apart=frame.ends_word)

    def _command(self, token: Token) -> bool:
        """Read one macro; False if it ends the document."""
        name = self._definitions.aliases.get(token.name, token.name)
        at, page = token.at, self.page
        if name in DEFINING:
            self._definitions.read(name)
        elif name == "end":
            return self._end(at)
        elif always := _ALWAYS.get(name):
            always(self, name, at)
        elif _CONDITION.fullmatch(name):
            self._condition(name)
        elif self._in_preamble and page.is_flowing:
            pass
        elif definition := self._definitions.macro(name):
            self._definitions.expand(name, definition, at)
        elif handler := _HANDLERS.get(name):
            handler(self, name, at)
        elif _CITATION.fullmatch(name):
            self._citation(at)
        else:
            self._unknown(name, at)
        return True


_Handler = Callable[[LatexWalk, str, int], None]
# What is read in the preamble too.
_ALWAYS: dict[str, _Handler] = {
    **dict.fromkeys(rules.DATA, LatexWalk._datum),
    **dict.fromkeys(("documentclass", "documentstyle"), LatexWalk._begin_preamble),
    "begin": LatexWalk._begin,
}
_HANDLERS: dict[str, _Handler] = {
    **dict.fromkeys([*rules.LEFT_OUT, *rules.SILENT], LatexWalk._silent),
    **dict.fromkeys(rules.SYMBOLS, LatexWalk._symbol),
    **dict.fromkeys(rules.PLAIN, LatexWalk._plain),
    **dict.fromkeys(rules.ACCENTS, LatexWalk._accent),
    **dict.fromkeys(rules.HEADINGS, LatexWalk._heading),
    **dict.fromkeys(rules.FOOTNOTES | rules.CAPTIONS, LatexWalk._note),
    **dict.fromkeys(rules.REFERENCES, LatexWalk._reference),
    **dict.fromkeys(rules.INPUTS, LatexWalk._input),
    **dict.fromkeys(rules.VERBS | rules.URLS | {"href"}, LatexWalk._verbatim),
    "item": LatexWalk._item,
    "bibitem": LatexWalk._bibliography_item,
    "(": LatexWalk._math,
    "[": LatexWalk._math,
}
