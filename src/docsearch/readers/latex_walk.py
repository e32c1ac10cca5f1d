"""One walk over the tokens of a LaTeX document, for what its reader would see.

In: the source. Out: a `Page` with its text, and what the document says of itself. Each macro is
read by the tables of `latex_rules`, by the document's own definition, or for the text of its
arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from docsearch.domain.document import SegmentKind
from docsearch.readers import latex_rules as rules
from docsearch.readers.latex_definitions import DEFINING, Definitions
from docsearch.readers.latex_page import Frame, Page
from docsearch.readers.latex_tokens import Token, Tokens, spelled
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

_BEGIN_DOCUMENT = re.compile(
    r"^(?:[^%\n\\]|\\(?!begin\s*\{document\}).)*+\\begin\s*\{document\}", re.MULTILINE
)
_CITATION = re.compile(r"[A-Za-z]*[cC]ite(?!text|style)[A-Za-z]*")
_CONDITION = re.compile(r"if(?!f$|thenelse$|then$)[A-Za-z@]*")
_IF_OR_FI = re.compile(r"\\(if(?!f\b|thenelse)[A-Za-z@]*|(?:fi|else)(?![A-Za-z@]))|(?<!\\)%.*")
_DIMENSION = re.compile(
    r"[ \t]*=?[ \t]*(?:(?:to|by|plus|minus|width|height|depth|spread)?[ \t]*+-?[\d.]*+[ \t]*+"
    r"(?:true[ \t]*+)?(?:(?:pt|in|cm|mm|em|ex|pc|bp|sp|fill?l?)(?![a-z])|\\[a-z]+)[ \t]?|-?\d+)*+"
)
_COORDINATES = re.compile(r"(?:[ \t]*\([^()\n{}]*\))+")
_OVERLAY = re.compile(r"<[^<>\n]{1,30}>")
_OPTIONS = re.compile(r"[ \t]*\[((?:[^\[\]{}]|\{[^{}]*\}){0,2000})\]")
_STAR = re.compile(r"\*")
_CAPTION = re.compile(r"(?:caption|title)\s*=\s*(?:\{([^{}]*)\}|([^,\]{}]+))")
_NO_PROSE = re.compile(r"[^=]*=.*|[-+.\d\s]*[a-z]{0,2}|[htbpHclrsm!|]*", re.DOTALL)
_DRAWN_TEXT = re.compile(
    r"(?:\bnode\b[^;{}]{0,300}|\b(?:[xyz]?label|title|text)\s?=\s?|\\addlegendentry\s?)"
    r"\{((?:[^{}]|\{[^{}]*\})*)\}"
)
_SHORTHAND = re.compile(r"""["'][aouAOUsz\-=~|"`'<>/]""")
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_RAW = frozenset({"texttt", "code"})
_NOTHING = re.compile(r"\{\}")
_ON_ITS_OWN = re.compile(r"[ \t]*(?:\n|%|\Z)")


class LatexWalk:
    """The state of the walk; after `run`, `page` and `data` hold what was found."""

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
        elif token.text == "]" and page.close("]"):
            if page.inner.argument or self._tokens.opens("open", adjacent=True):
                self._next_argument(token.at)
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

    def _close_brace(self) -> None:
        argument = self.page.inner.argument
        if self.page.close("}") and argument:
            self._next_argument(self._tokens.at)

    # Macros.

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

    def _next_argument(self, at: int, *, raw: bool = False) -> None:
        """One more argument of a macro without a rule, if one is there; words apart."""
        tokens, page = self._tokens, self.page
        if tokens.opens("open", adjacent=True):
            tokens.next()
            page.put(" " if self._follows_an_argument() else "", at)
            page.open(Frame("}", at, raw=raw, argument=True))
        elif tokens.opens("bracket", adjacent=True):
            tokens.next()
            page.open(Frame("]", at, self._option, short=True))

    def _follows_an_argument(self) -> bool:
        before = self._tokens.text[max(self._tokens.at - 2, 0) : max(self._tokens.at - 1, 0)]
        return before in ("}", "]")

    def _option(self, text: str, at: int) -> None:
        """What stood in brackets behind an unknown macro: text, unless it looks like a setting."""
        if not _NO_PROSE.fullmatch(text):
            self.page.put(f"{text} ", at)

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

    # The document and its environments.

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
            self._next_argument(at)

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
