"""Formulas on a line: each letter and number once, in order, and apart where they stand apart."""

from __future__ import annotations

import pytest
from lxml import etree

from docsearch.readers.formulas import formula_text


def omml(inner: str) -> str:
    return formula_text(etree.fromstring(f'<m:oMath xmlns:m="urn:m">{inner}</m:oMath>'))


def mathml(inner: str) -> str:
    return formula_text(etree.fromstring(f"<math>{inner}</math>"))


def r(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (f"<m:f><m:fPr/><m:num>{r('a+b')}</m:num><m:den>{r('2')}</m:den></m:f>", "(a+b)/2"),
        (f"{r('E=m')}<m:sSup><m:e>{r('c')}</m:e><m:sup>{r('2')}</m:sup></m:sSup>", "E=m c^2"),
        (
            f"<m:rad><m:deg/><m:e>{r('x+1')}</m:e></m:rad>"
            f"<m:rad><m:deg>{r('5')}</m:deg><m:e>{r('y')}</m:e></m:rad>",
            "√(x+1) 5 √y",
        ),
        (
            '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
            f"<m:sub>{r('i=1')}</m:sub><m:sup>{r('n')}</m:sup><m:e>{r('i')}</m:e></m:nary>",
            "∑_(i=1)^n i",
        ),
        (
            '<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>'
            f"<m:e>{r('a')}</m:e><m:e>{r('b')}</m:e></m:d>",
            "[a|b]",
        ),
        (
            f"<m:m><m:mr><m:e>{r('1')}</m:e><m:e>{r('2')}</m:e></m:mr>"
            f"<m:mr><m:e>{r('3')}</m:e><m:e>{r('4')}</m:e></m:mr></m:m>",
            "1, 2; 3, 4",
        ),
        (f"<m:func><m:fName>{r('sin')}</m:fName><m:e>{r('x')}</m:e></m:func>", "sin x"),
    ],
)
def test_formulas_of_word(inner: str, expected: str) -> None:
    assert omml(inner) == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<mfrac><mn>1</mn><mrow><mi>x</mi><mo>+</mo><mi>y</mi></mrow></mfrac>", "1/(x + y)"),
        ("<msqrt><mi>a</mi><mo>−</mo><mn>1</mn></msqrt>", "√(a − 1)"),
        ("<mi>f</mi><mo>\u2061</mo><mo>(</mo><mi>x</mi><mo>)</mo>", "f(x)"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_i^2"),
        ("<mover><mi>v</mi><mo>→</mo></mover>", "v"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        (
            "<semantics><mi>E</mi><annotation>\\epsilon</annotation></semantics>",
            "E",
        ),
        ("<mfrac><mi>lonely</mi></mfrac>", "lonely"),
    ],
)
def test_formulas_of_pages(inner: str, expected: str) -> None:
    assert mathml(inner) == expected


def test_a_formula_as_deep_as_no_person_writes_one_keeps_its_text() -> None:
    assert mathml("<mrow>" * 200 + "<mi>deep</mi>" + "</mrow>" * 200) == "deep"
