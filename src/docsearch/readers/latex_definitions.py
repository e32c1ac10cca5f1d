"""What a LaTeX document defines: its own macros, environments and theorems.

In: the tokens behind a defining macro. Out: the definition, kept, and nothing of it as text; on
request what a call of one stands for. A definition that takes more than plain arguments is passed
over, and its calls are read as those of any unknown macro.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from docsearch.readers.formats import words
from docsearch.readers.latex_tokens import Token, Tokens, spelled

_COMMANDS = words("newcommand renewcommand providecommand DeclareRobustCommand newrobustcmd")
_DOCUMENT_COMMANDS = words(
    "NewDocumentCommand RenewDocumentCommand ProvideDocumentCommand DeclareDocumentCommand"
)
_DEFS = words("def gdef edef xdef")
_ENVIRONMENTS = words("newenvironment renewenvironment")
_THEOREMS = words("newtheorem newmdtheoremenv spnewtheorem declaretheorem newshadetheorem")
_OPERATORS = words("DeclareMathOperator")
_VERBATIMS = words("lstnewenvironment DefineVerbatimEnvironment newtcblisting newminted")
_SHORT_VERBS = words("MakeShortVerb DefineShortVerb lstMakeShortInline")
_REGISTERS = words("newif newcounter newlength newsavebox newdimen newcount newtoks newskip newbox")
_LETTERS = words("makeatletter makeatother")
DEFINING = (
    _COMMANDS
    | _DOCUMENT_COMMANDS
    | _DEFS
    | _ENVIRONMENTS
    | _THEOREMS
    | _OPERATORS
    | _VERBATIMS
    | _SHORT_VERBS
    | _REGISTERS
    | _LETTERS
    | {"let"}
)
"""The macros that `Definitions.read` reads."""

_MATH_ENDS = words(r"\end \] \) $ $$")
_VERBATIM_BODY = words(r"\verbatim \lstlisting \VerbatimEnvironment \Verbatim \comment")
_NAMED = re.compile(r"(?:name|title|heading)\s*=\s*\{?([^,{}\]]+)")
_SIGNATURE = re.compile(r"(?P<optional>o|O\{(?P<default>[^{}]*)\})?(?P<plain>m*)")
_ARGUMENTS = 9


class Definition(NamedTuple):
    """What a call stands for: `body`, its parameters replaced by the arguments."""

    body: tuple[Token, ...]
    arguments: int = 0
    default: tuple[Token, ...] | None = None
    """The first argument where it is left out; None where it may not be."""

    @property
    def ends_math(self) -> bool:
        """Whether a formula may end in what it stands for."""
        return any(token.text in _MATH_ENDS for token in self.body)


class Definitions:
    """The definitions that were read so far; `kept` names may not be defined again."""

    def __init__(self, tokens: Tokens, kept: frozenset[str]) -> None:
        self._tokens = tokens
        self._kept = kept
        self._macros: dict[str, Definition] = {}
        self._begins: dict[str, Definition] = {}
        self._ends: dict[str, Definition] = {}
        self.aliases: dict[str, str] = {}
        self.theorems: dict[str, str] = {}
        self.verbatims: set[str] = set()

    def macro(self, name: str) -> Definition | None:
        """The definition that a call of `name` stands for, unless it is a call of itself."""
        return None if self._tokens.expanding.get(name) else self._macros.get(name)

    def expand(self, name: str, definition: Definition, at: int) -> bool:
        """Replace a call at `at`, whose arguments are next. False where it must stay one."""
        if self._tokens.has_refused:
            return False
        arguments: list[list[Token]] = []
        if definition.default is not None:
            given = self._tokens.optional()
            arguments.append(list(definition.default) if given is None else given)
        while len(arguments) < definition.arguments:
            argument = self._tokens.argument(short=False)
            if argument is None:
                break
            arguments.append(argument)
        body: list[Token] = []
        for token in definition.body:
            if token.kind == "param" and token.text[1:].isdigit():
                number = int(token.text[1:])
                body.extend(arguments[number - 1] if number <= len(arguments) else ())
            else:
                body.append(token._replace(at=at))
        if self._tokens.push(body, expansion_of=name):
            return True
        for argument in reversed(arguments):
            self._tokens.unread([*argument, Token("text", " ", at)])
        return False

    def begin(self, name: str, at: int) -> None:
        """Read on with what the beginning of an environment of the document stands for."""
        definition = self._begins.get(name)
        if definition and not self._tokens.expanding.get(f"begin {name}"):
            self.expand(f"begin {name}", definition, at)

    def end(self, name: str, at: int) -> None:
        """The same for its end."""
        definition = self._ends.get(name)
        if definition and not self._tokens.expanding.get(f"end {name}"):
            self.expand(f"end {name}", definition, at)

    def has_environment(self, name: str) -> bool:
        """Whether the document defines this environment."""
        return name in self._begins

    def read(self, name: str) -> None:
        """A definition by the macro `name`, whose arguments are next."""
        if name in _COMMANDS:
            self._command()
        elif name in _DOCUMENT_COMMANDS:
            self._document_command()
        elif name in _DEFS:
            self._def()
        elif name == "let":
            self._let()
        elif name in _ENVIRONMENTS:
            self._environment()
        elif name in _THEOREMS:
            self._theorem(name)
        elif name in _OPERATORS:
            operator, text = self._tokens.argument(), self._tokens.argument(short=False)
            self._define(operator, Definition(tuple(text or ())))
        elif name in _VERBATIMS:
            self._verbatim(name)
        elif name in _SHORT_VERBS:
            self._tokens.optional()
            self._tokens.add_short_verb(spelled(self._tokens.argument() or ()).lstrip("\\"))
        elif name in _REGISTERS:
            self._tokens.argument()
        else:
            self._tokens.letters(with_at=name == "makeatletter")

    def _define(self, name: list[Token] | None, definition: Definition) -> None:
        command = next((token.name for token in name or () if token.kind == "command"), "")
        if command and command not in self._kept:
            self._macros[command] = definition
            self.aliases.pop(command, None)

    def _parameters(self) -> tuple[int, tuple[Token, ...] | None]:
        """`[number][default]`."""
        number = spelled(self._tokens.optional() or ()).strip()
        default = self._tokens.optional()
        count = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 0
        return min(count, _ARGUMENTS), None if default is None else tuple(default)

    def _command(self) -> None:
        name = self._tokens.argument()
        arguments, default = self._parameters()
        body = self._tokens.group(short=False)
        if body is not None:
            self._define(name, Definition(tuple(body), arguments, default))

    def _document_command(self) -> None:
        name = self._tokens.argument()
        kinds = "".join(spelled(self._tokens.argument() or ()).split()).replace("+", "")
        body = self._tokens.group(short=False)
        if body is not None and (found := _SIGNATURE.fullmatch(kinds)):
            default = None
            if found["optional"]:
                default = tuple(iter(Tokens(found["default"] or "").next, None))
            count = len(found["plain"]) + (default is not None)
            self._define(name, Definition(tuple(body), min(count, _ARGUMENTS), default))

    def _def(self) -> None:
        name = self._tokens.argument()
        parameters: list[Token] = []
        while not self._tokens.opens("open", adjacent=True):
            token = self._tokens.next()
            if token is None or token.kind in ("par", "close") or len(parameters) > 2 * _ARGUMENTS:
                self._tokens.unread([*parameters, *([token] if token else [])])
                return
            parameters.append(token)
        body = self._tokens.group(short=False)
        plain = all(token.kind == "param" or not token.text.strip() for token in parameters)
        if body is not None and plain:
            count = sum(token.kind == "param" for token in parameters)
            self._define(name, Definition(tuple(body), min(count, _ARGUMENTS)))

    def _let(self) -> None:
        name = self._tokens.argument()
        self._tokens.skip(re.compile(r"\s*="))
        meaning = self._tokens.argument()
        if not name or not meaning or not name[0].name or name[0].name in self._kept:
            return
        new, old = name[0].name, meaning[0].name
        if old in self._macros:
            self._macros[new] = self._macros[old]
        elif old and old != new:
            self._macros.pop(new, None)
            self.aliases[new] = self.aliases.get(old, old)

    def _environment(self) -> None:
        name = spelled(self._tokens.argument() or ()).strip()
        arguments, default = self._parameters()
        begin = self._tokens.group(short=False)
        end = self._tokens.group(short=False)
        if not name or begin is None or end is None or name in self._kept:
            return
        if any(token.text in _VERBATIM_BODY for token in begin):
            self.verbatims.add(name)
            return
        self._begins[name] = Definition(tuple(begin), arguments, default)
        self._ends[name] = Definition(tuple(end))

    def _theorem(self, macro: str) -> None:
        options = spelled(self._tokens.optional() or ())
        name = spelled(self._tokens.argument() or ()).strip()
        title = _NAMED.search(options)
        if macro == "declaretheorem":
            found = _NAMED.search(spelled(self._tokens.optional() or ())) or title
            self.theorems[name] = found[1].strip() if found else name.capitalize()
            return
        self._tokens.optional()
        self.theorems[name] = spelled(self._tokens.argument() or ()).strip() or name
        self._tokens.optional()

    def _verbatim(self, macro: str) -> None:
        options = spelled(self._tokens.optional() or ())
        name = spelled(self._tokens.argument() or ()).strip()
        if macro == "newminted":
            name = options or f"{name}code"
        if name:
            self.verbatims.add(name)
        for _ in range(2):
            self._tokens.optional()
        for _ in range(2):
            self._tokens.group(short=False)
