"""Formulas of OMML (Word) and MathML (OpenDocument, EPUB, HTML) as a line that a person can read.

In: the element of a formula. Out: text such as "(a + b)/2", "x^2", "√(x + 1)": every letter and
number of it in order, and apart where they stand apart. Knows no file format.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from docsearch.readers.formats import words

_DEEPEST = 60
"""Beyond this a formula is no formula of a person's; its text is taken as it comes."""
_PROPERTIES = re.compile(r"(?:ctrl|r|f|d|rad|nary|acc|bar|groupChr|sSub|sSup|eqArr|m|mc)Pr")
_LEFT_OUT = words(
    "annotation annotation-xml mphantom malignmark maligngroup none mprescripts rPr del moveFrom"
)
_BETWEEN = {
    **dict.fromkeys(("mtr", "mlabeledtr", "mr"), ", "),
    **dict.fromkeys(("mtable", "m", "eqArr"), "; "),
    **{"mfenced": ", ", "r": ""},
}
_TIGHT = re.compile(r"(?<=[(\[{√∛∜]) | (?=[)\]},;])|(?<=[^\W\d_]) (?=\()")
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b"), None)


def formula_text(formula: etree._Element) -> str:
    """The formula on one line."""
    return _TIGHT.sub("", " ".join(_Formula().read(formula, 0).translate(_INVISIBLE).split()))


class _Formula:
    """Reads a tree of elements whose meaning lies in their local names."""

    def read(self, element: etree._Element, depth: int) -> str:
        tag = _local(element)
        if not tag or tag in _LEFT_OUT:
            return ""
        if depth > _DEEPEST or not len(element):
            return " ".join(map(str, element.itertext()))
        children = [each for each in element if not _PROPERTIES.fullmatch(_local(each))]
        if tag == "maction":
            children = children[:1]
        parts = [self.read(child, depth + 1) for child in children]
        if tag in _OMML:
            names = {_local(child): part for child, part in zip(children, parts, strict=True)}
            return _OMML[tag](names, element, parts)
        if tag in _MATHML and len(parts) >= _MATHML[tag][0]:
            return _MATHML[tag][1](parts)
        text = _BETWEEN.get(tag, " ").join([element.text or "", *parts] if element.text else parts)
        fenced = tag == "mfenced"
        return f"{element.get('open', '(')}{text}{element.get('close', ')')}" if fenced else text


def _grouped(text: str) -> str:
    """In brackets, if it is more than one thing."""
    return text if not re.search(r"[\s+\-\u2212/=^_]", text.strip()) else f"({text.strip()})"


def _fraction(parts: list[str]) -> str:
    return f"{_grouped(parts[0])}/{_grouped(parts[1])}"


def _raised(parts: list[str]) -> str:
    return f"{parts[0]}^{_grouped(parts[1])}"


def _lowered(parts: list[str]) -> str:
    return f"{parts[0]}_{_grouped(parts[1])}"


def _both(parts: list[str]) -> str:
    return f"{parts[0]}_{_grouped(parts[1])}^{_grouped(parts[2])}"


def _root(parts: list[str]) -> str:
    signs = {"2": "√", "3": "∛", "4": "∜", "": "√"}
    degree = parts[1].strip()
    return f"{signs.get(degree) or f'{degree} √'}{_grouped(parts[0])}"


def _over(parts: list[str]) -> str:
    """A sign above a letter is an accent of it, anything else stands behind it."""
    sign = parts[1].strip()
    return parts[0] if sign and not any(map(str.isalnum, sign)) else _raised(parts)


_MATHML: dict[str, tuple[int, Callable[[list[str]], str]]] = {
    "mfrac": (2, _fraction),
    "msup": (2, _raised),
    "msub": (2, _lowered),
    "msubsup": (3, _both),
    "munderover": (3, _both),
    "munder": (2, _lowered),
    "mover": (2, _over),
    "mroot": (2, _root),
    "msqrt": (1, lambda parts: _root([" ".join(parts), ""])),
}
"""How many children an element must have, and what they make."""


def _nary(parts: dict[str, str], element: etree._Element, _: list[str]) -> str:
    sign = _value(element, "naryPr", "chr") or "∫"
    lower, upper = parts.get("sub", "").strip(), parts.get("sup", "").strip()
    bounds = (f"_{_grouped(lower)}" if lower else "") + (f"^{_grouped(upper)}" if upper else "")
    return f"{sign}{bounds} {parts.get('e', '')}"


def _delimited(_: dict[str, str], element: etree._Element, parts: list[str]) -> str:
    opened, between, closed = (
        default if (found := _value(element, "dPr", name)) is None else found
        for name, default in (("begChr", "("), ("sepChr", "|"), ("endChr", ")"))
    )
    return f"{opened}{between.join(parts)}{closed}"


def _prescripts(parts: dict[str, str], _: etree._Element, __: list[str]) -> str:
    below, above = _grouped(parts.get("sub", "")), _grouped(parts.get("sup", ""))
    return f"_{below}^{above} {parts.get('e', '')}"


def _of(function: Callable[[list[str]], str], *names: str) -> _Rule:
    return lambda parts, _, __: function([parts.get(name, "") for name in names])


_Rule = Callable[[dict[str, str], etree._Element, list[str]], str]
_OMML: dict[str, _Rule] = {
    "f": _of(_fraction, "num", "den"),
    "sSup": _of(_raised, "e", "sup"),
    "sSub": _of(_lowered, "e", "sub"),
    "sSubSup": _of(_both, "e", "sub", "sup"),
    "sPre": _prescripts,
    "rad": _of(_root, "e", "deg"),
    "nary": _nary,
    "d": _delimited,
    "limLow": _of(_lowered, "e", "lim"),
    "limUpp": _of(_raised, "e", "lim"),
}


def _value(element: etree._Element, properties: str, name: str) -> str | None:
    """The value of a property of OMML; None where it is not set."""
    for group in element:
        if _local(group) == properties:
            for each in group:
                if _local(each) == name:
                    values = (v for key, v in each.items() if str(key).endswith("val"))
                    return next(map(str, values), "")
    return None


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
