"""Which reader reads a file: by its content first, then by its name.

In: the bytes and the name of one file. Out: the format's name and the text, or ReaderError with
the reason. Knows the formats as data; a reader and its library are imported on first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath

from docsearch.domain.document import ExtractedText
from docsearch.domain.errors import ReaderError
from docsearch.domain.fingerprint import fingerprint
from docsearch.ports import Reader
from docsearch.readers import formats
from docsearch.readers.decoding import undecodable
from docsearch.readers.formats import FORMATS, Format
from docsearch.readers.sniffing import Nature, has_markup, nature_of

_BY_NATURE: Mapping[Nature, Format] = {
    Nature.PDF: formats.PDF,
    Nature.DOCX: formats.DOCX,
    Nature.ODT: formats.ODT,
    Nature.EPUB: formats.EPUB,
}
_MAIL = {Nature.MAILBOX: formats.MAILBOX, Nature.MESSAGE: formats.EMAIL}
_NOT_TEXT = frozenset(_BY_NATURE.values())


class ReaderRegistry:
    """Every format, and the way from a file to its reader. Safe to use from several threads."""

    def __init__(self, known: Iterable[Format]) -> None:
        self._formats = tuple(known)
        self._by_suffix = {suffix: form for form in self._formats for suffix in form.suffixes}
        self._by_name = {name: form for form in self._formats for name in form.names}

    @property
    def fingerprint(self) -> str:
        """Changes when a reader extracts something else than it did."""
        return fingerprint(**{form.name: form.version for form in self._formats})

    def read(self, data: bytes, name: str) -> tuple[str, ExtractedText]:
        """The format's name, and the text of the file.

        `name` is the file's name or relative path. Raises ReaderError with the reason for a
        person: "empty file", "binary file (PNG image)", "archive (ZIP)", "encrypted PDF".
        """
        if not data:
            raise ReaderError("empty file")
        form = self.format_of(data, name)
        extracted = load_reader(form).read(data, PurePosixPath(name).name)
        if form not in _NOT_TEXT:
            losses = (*extracted.losses, *undecodable(data, extracted.text))
            extracted = replace(extracted, losses=losses)
        return form.name, extracted

    def format_of(self, data: bytes, name: str) -> Format:
        """The format that `data` is in; a name that lies is not believed."""
        nature = nature_of(data)
        if nature in _BY_NATURE:
            return _BY_NATURE[nature]
        named = self._named(PurePosixPath(name).name.lower())
        if nature is Nature.HTML and named in (None, formats.PLAIN_TEXT, *_NOT_TEXT):
            return formats.HTML
        in_maildir = _is_in_maildir(name)
        if nature in _MAIL and (in_maildir or named in (None, formats.PLAIN_TEXT, *_NOT_TEXT)):
            return _MAIL[nature]
        if named is None:
            return formats.SOURCE_CODE if data.startswith(b"#!") else formats.PLAIN_TEXT
        lies = (
            named in _NOT_TEXT
            or (named is formats.HTML and not has_markup(data))
            or (named is formats.NOTEBOOK and b"{" not in data[:64])
        )
        return formats.PLAIN_TEXT if lies else named

    def form_named(self, path: str) -> tuple[str, str, bool]:
        """What a path tells of the format: where two tell the same, bytes are read the same."""
        name = PurePosixPath(path).name.lower()
        form = self._named(name)
        return form.name if form else "", PurePosixPath(name).suffix, _is_in_maildir(path)

    def _named(self, name: str) -> Format | None:
        """The format by the whole name, then by the suffix; "Dockerfile.dev" by its stem."""
        path = PurePosixPath(name)
        return (
            self._by_name.get(name)
            or self._by_suffix.get(path.suffix)
            or self._by_name.get(path.stem)
        )


def _is_in_maildir(path: str) -> bool:
    return PurePosixPath(path).parent.name in ("cur", "new")


def default_readers() -> ReaderRegistry:
    """The registry of every format docsearch reads."""
    return ReaderRegistry(FORMATS)


@cache
def load_reader(form: Format) -> Reader:
    """The format's reader; imports its module."""
    module, _, class_name = form.reader.partition(":")
    reader: Reader = getattr(import_module(f"docsearch.readers.{module}"), class_name)()
    return reader
