"""The environments of a LaTeX document, its preamble and body among them, and its formulas.

In: a beginning that was read. Out: its text on the page; code and formulas as they are written.
"""

from __future__ import annotations

import re

from docsearch.readers import latex_rules as rules
from docsearch.readers.latex_page import Frame
from docsearch.readers.latex_reading import Reading
from docsearch.readers.latex_tokens import Token, Tokens, spelled

_BEGIN_DOCUMENT = re.compile(
    r"^(?:[^%\n\\]|\\(?!begin\s*\{document\}).)*+\\begin\s*\{document\}", re.MULTILINE
)
_COORDINATES = re.compile(r"(?:[ \t]*\([^()\n{}]*\))+")
_OVERLAY = re.compile(r"<[^<>\n]{1,30}>")
_OPTIONS = re.compile(r"[ \t]*\[((?:[^\[\]{}]|\{[^{}]*\}){0,2000})\]")
_STAR = re.compile(r"\*")
_CAPTION = re.compile(r"(?:caption|title)\s*=\s*(?:\{([^{}]*)\}|([^,\]{}]+))")
_DRAWN_TEXT = re.compile(
    r"(?:\bnode\b[^;{}]{0,300}|\b(?:[xyz]?label|title|text)\s?=\s?|\\addlegendentry\s?)"
    r"\{((?:[^{}]|\{[^{}]*\})*)\}"
)


class Environments(Reading):
    """What is read between a beginning and an end."""

    def _begin_preamble(self, name: str, at: int) -> None:  # noqa: ARG002
        tokens = self._tokens
        tokens.optional()
        tokens.group()
        if self._seen or not tokens.in_source or not self.page.is_untouched:
            return
        self._seen = True
        if found := _BEGIN_DOCUMENT.search(tokens.text, tokens.at):
            self._in_preamble = self._begun = True
            self._after_preamble = found.end()
            tokens.end = found.end()

    def _begin_body(self) -> None:
        self.page.close_all()
        self._in_preamble = False
        self._tokens.letters(with_at=False)
        self._tokens.at = self._after_preamble
        self._tokens.end = len(self._tokens.text)

    def _begin(self, macro: str, at: int) -> None:  # noqa: ARG002
        tokens, page = self._tokens, self.page
        name = spelled(tokens.group() or ()).strip()
        if name == "document":
            # Within anything else it is an example.
            self._begun = self._begun or not self.page.is_within
            return
        own = self._definitions.has_environment(name)
        if name in rules.DROPPED and tokens.until(f"\\end{{{name}}}"):
            return
        if self._in_preamble and name != "abstract":
            return
        if name in self._definitions.verbatims or (name in rules.CODE and not own):
            if self._code(name):
                return
        elif name in rules.DRAWN and self._drawing(name):
            return
        if name in rules.FORMULAS:
            self._formula(Token("command", f"\\begin{{{name}}}", at), name)
            return
        page.flush()
        page.open(Frame(f"end {name}", at, table=name in rules.TABLES))
        self._environment_arguments(name, at)
        self._definitions.begin(name, at)

    def _environment_arguments(self, name: str, at: int) -> None:
        tokens, page = self._tokens, self.page
        tokens.skip(_OVERLAY)
        tokens.skip(_COORDINATES if name == "picture" else _STAR)
        if self._definitions.has_environment(name):
            return
        if title := self._definitions.theorems.get(name, rules.THEOREMS.get(name.rstrip("*"), "")):
            option = tokens.optional() if tokens.opens("bracket") else None
            page.put(f"{title}{' (' if option else '. '}", at)
            if option:
                tokens.unread([*option, Token("text", "). ", at)])
        elif name == "frame":
            tokens.optional()
            if tokens.opens("open"):
                self._argument(
                    at,
                    lambda text, _: page.heading(text, rules.HEADINGS["frametitle"], at),
                    short=True,
                )
        elif name in rules.ENVIRONMENT_LEFT_OUT or name in rules.TABLES:
            for _ in range(rules.ENVIRONMENT_LEFT_OUT.get(name, 0)):
                tokens.optional()
                tokens.group()
        elif tokens.opens("open", adjacent=True) or tokens.opens("bracket", adjacent=True):
            self._next_argument(at, apart=True)

    def _end(self, at: int) -> bool:
        if not self._tokens.opens("open"):
            return True
        name = spelled(self._tokens.group() or ()).strip()
        if name == "document" and self._begun and not self.page.is_within:
            return False
        # What the definition of the end stands for is read before the environment closes.
        self._tokens.unread([Token("leave", name, at)])
        self._definitions.end(name, at)
        return True

    def _close_environment(self, name: str) -> None:
        if self.page.close(f"end {name}"):
            self.page.flush()

    def _code(self, name: str) -> bool:
        """An environment of code, as it stands. False where it never ends."""
        options = self._tokens.skip(_OPTIONS)
        if name == "minted":
            self._tokens.group()
        found = self._tokens.until(f"\\end{{{name}}}")
        if found is None:
            return False
        text, at = found
        for caption in _CAPTION.finditer(options):
            self.page.note((caption[1] or caption[2]).strip(), at)
        content = text.lstrip()
        self.page.code(text, at + len(text) - len(content))
        self.page.flush()
        return True

    def _drawing(self, name: str) -> bool:
        """Of a drawing, the words in it. False where it never ends."""
        found = self._tokens.until(f"\\end{{{name}}}")
        if found is None:
            return False
        text, at = found
        self.page.flush()
        words: list[Token] = []
        for drawn in _DRAWN_TEXT.finditer(text):
            inner = Tokens(self._tokens.text)
            inner.at, inner.end = at + drawn.start(1), at + drawn.end(1)
            while token := inner.next():
                words.append(token)
            words.append(Token("text", " ", inner.at))
        self._tokens.unread([*words, Token("par", "\n\n", self._tokens.at)])
        return True

    def _math(self, name: str, at: int) -> None:
        self._formula(Token("command", f"\\{name}", at), {"(": "\\)", "[": "\\]"}[name])

    def _formula(self, opening: Token, closing: str) -> None:
        """A formula as it is written; one that does not end within its paragraph is text."""
        tokens, page = self._tokens, self.page
        is_environment = opening.text.startswith("\\begin")
        read: list[Token] = []
        depth = 0
        while (token := tokens.next()) is not None:
            read.append(token)
            if token.kind == "open":
                depth += 1
            elif token.kind == "close":
                depth -= 1
            elif token.text == closing and (depth <= 0 or token.kind == "command"):
                self._put_formula(opening, read, closing)
                return
            elif token.kind == "command" and token.name == "end":
                name = tokens.group() or []
                read.extend([Token("open", "{", token.at), *name, Token("close", "}", token.at)])
                if is_environment and spelled(name).strip() == closing:
                    self._put_formula(opening, read[: -len(name) - 3], f"\\end{{{closing}}}")
                    return
                if page.is_open(f"end {spelled(name).strip()}"):
                    break
            elif (definition := self._definitions.macro(token.name)) and definition.ends_math:
                read.pop()
                self._definitions.expand(token.name, definition, token.at)
            if depth < 0 or token.kind == "par" or token.name in rules.HEADINGS:
                break
        if not is_environment:
            page.put(opening.text if opening.kind == "math" else "", opening.at)
        if not tokens.push(read):
            page.put(spelled(read), opening.at)

    def _put_formula(self, opening: Token, read: list[Token], closing: str) -> None:
        body = read if not read or read[-1].text != closing else read[:-1]
        text = f"{opening.text}{spelled(body)}{closing}"
        self._shown = opening.text not in {"$", "\\("}
        self.page.put(f" {text} " if self._shown else text, opening.at)
