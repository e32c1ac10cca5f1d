"""What is written on a PDF's page rather than in it: form fields, notes, stamps, attached files.

In: a page, and the environment of the document's forms where it has some. Out: texts with their
boxes. The caller holds the lock: pdfium is not thread-safe.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]
from lxml.etree import LxmlError

from docsearch.domain.errors import ReaderError
from docsearch.readers.html_page import parse_html
from docsearch.readers.pdf_characters import Box

_MOST = 20_000
"""Annotations of one page that are looked at."""
_HIDDEN = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN
_PASSWORD = 1 << 13
_ON_PAGE = frozenset((pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT))
_WITHOUT_LOOKS = frozenset(
    (pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP, pdfium_c.FPDF_ANNOT_TEXT)
)
"""Kinds whose appearance is a frame or an icon."""
_TEXT_FIELDS = frozenset(
    (
        pdfium_c.FPDF_FORMFIELD_TEXTFIELD,
        pdfium_c.FPDF_FORMFIELD_COMBOBOX,
        pdfium_c.FPDF_FORMFIELD_LISTBOX,
    )
)
_BOXES = frozenset((pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON))


@dataclass(frozen=True, slots=True)
class Annotation:
    """A text, and where it is; `on_page`: it is read with the lines of the page beside it."""

    text: str
    box: Box
    on_page: bool


@dataclass(frozen=True, slots=True)
class Annotations:
    """Those of a page. `have_looks`: some of them draw something that may be text."""

    texts: tuple[Annotation, ...] = ()
    have_looks: bool = False


def page_annotations(page: pdfium.PdfPage) -> Annotations:
    """What the page's annotations say, in the order that the file has them in."""
    found: list[Annotation] = []
    have_looks = False
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
            if _is_password(annotation, kind, page.formenv):
                # Nor may its looks be read, with all else that is drawn.
                pdfium_c.FPDFAnnot_SetFlags(annotation, _HIDDEN)
            if not pdfium_c.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                have_looks |= kind not in _WITHOUT_LOOKS
                found += [
                    Annotation(text.strip(), _box(annotation), kind in _ON_PAGE)
                    for text in _texts(annotation, kind, page.formenv)
                    if text.strip()
                ]
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)
    return Annotations(tuple(found), have_looks)


def _is_password(annotation: object, kind: int, forms: object | None) -> bool:
    return (
        kind == pdfium_c.FPDF_ANNOT_WIDGET
        and forms is not None
        and pdfium_c.FPDFAnnot_GetFormFieldType(forms, annotation)
        == pdfium_c.FPDF_FORMFIELD_TEXTFIELD
        and bool(pdfium_c.FPDFAnnot_GetFormFieldFlags(forms, annotation) & _PASSWORD)
    )


def _texts(annotation: object, kind: int, forms: object | None) -> Iterator[str]:
    if kind == pdfium_c.FPDF_ANNOT_WIDGET:
        yield from (
            _of_field(annotation, forms) if forms is not None else [_string(annotation, b"V")]
        )
        return
    if kind == pdfium_c.FPDF_ANNOT_POPUP:
        return  # its parent has the text
    text = _string(annotation, b"Contents") or _without_tags(_string(annotation, b"RC"))
    author = _string(annotation, b"T") if kind not in _ON_PAGE else ""
    yield f"{author}: {text}" if author and text else text
    if kind == pdfium_c.FPDF_ANNOT_FILEATTACHMENT:
        attached = pdfium_c.FPDFAnnot_GetFileAttachment(annotation)
        if attached:
            name = _wide(lambda *to: pdfium_c.FPDFAttachment_GetName(attached, *to))
            yield f"- Attachment: {name}"


def _of_field(annotation: object, forms: object) -> Iterator[str]:
    """A field's value; of a box, its label with the state before it."""

    def asked(ask: Callable[..., int]) -> str:
        return _wide(lambda *to: ask(forms, annotation, *to))

    kind = pdfium_c.FPDFAnnot_GetFormFieldType(forms, annotation)
    if kind in _BOXES:
        checked = pdfium_c.FPDFAnnot_IsChecked(forms, annotation)
        label = asked(pdfium_c.FPDFAnnot_GetFormFieldAlternateName)
        if label or checked:
            yield f"[{'x' if checked else ' '}] {label}"
    elif kind in _TEXT_FIELDS:
        chosen = (
            list(_chosen(annotation, forms)) if kind != pdfium_c.FPDF_FORMFIELD_TEXTFIELD else []
        )
        yield (
            "\n".join(chosen)
            or asked(pdfium_c.FPDFAnnot_GetFormFieldValue)
            or _without_tags(_string(annotation, b"RV"))
        )


def _chosen(annotation: object, forms: object) -> Iterator[str]:
    count = min(pdfium_c.FPDFAnnot_GetOptionCount(forms, annotation), _MOST)
    for index in range(count):
        if pdfium_c.FPDFAnnot_IsOptionSelected(forms, annotation, index):
            yield _wide(
                lambda *to, at=index: pdfium_c.FPDFAnnot_GetOptionLabel(forms, annotation, at, *to)
            )


def _string(annotation: object, key: bytes) -> str:
    return _wide(lambda *to: pdfium_c.FPDFAnnot_GetStringValue(annotation, key, *to))


def _without_tags(rich: str) -> str:
    try:
        texts = map(str, parse_html(rich.encode()).itertext()) if rich else ()
        return " ".join(" ".join(texts).split())
    except (ReaderError, LxmlError):
        return ""


def _wide(ask: Callable[..., int]) -> str:
    """A text that pdfium writes as UTF-16 into a buffer of the length in bytes it first tells."""
    length = ask(None, 0)
    if length <= 2:
        return ""
    buffer = (pdfium_c.FPDF_WCHAR * (length // 2 + 1))()
    ask(buffer, length)
    text = ctypes.string_at(buffer, length).decode("utf-16-le", "replace")
    return text.rstrip("\0").replace("\r\n", "\n").replace("\r", "\n")


def _box(annotation: object) -> Box:
    rectangle = pdfium_c.FS_RECTF()
    pdfium_c.FPDFAnnot_GetRect(annotation, rectangle)
    bottom, top = sorted((rectangle.bottom, rectangle.top))
    left, right = sorted((rectangle.left, rectangle.right))
    return left, bottom, right, top
