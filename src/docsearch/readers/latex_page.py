"""The text of a LaTeX document while it gathers.

In: pieces of text with their offsets in the source, and what opens and closes. Out: headings,
paragraphs, list items and table rows in an `ExtractionBuilder`, each at its line. What is open
is on a stack, so depth costs nothing. Knows no macro.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable

from docsearch.domain.document import Location, SegmentKind
from docsearch.readers.builder import ExtractionBuilder, row_text
from docsearch.readers.lines import Lines

_DOTLESS = {"\u0131": "i", "\u0237": "j"}

_DEEPEST = 30
"""Levels of text within text that are kept apart: each is copied into the one around it."""


class Frame:
    """Something open: what closes it, and what is done with its text.

    With `done` its text gathers apart, and is handed over with its offset; otherwise it belongs to
    what is around. `short` text holds no paragraph: a blank line ends it, as its brace is missing.
    """

    __slots__ = (
        "argument",
        "at",
        "cells",
        "closer",
        "done",
        "ends_word",
        "parts",
        "raw",
        "short",
        "start",
    )

    def __init__(
        self,
        closer: str,
        at: int,
        done: Callable[[str, int], None] | None = None,
        *,
        short: bool = False,
        raw: bool = False,
        argument: bool = False,
        ends_word: bool = False,
        table: bool = False,
    ) -> None:
        self.closer = closer
        self.at = at
        self.done = done
        self.short = short
        self.raw = raw
        self.argument = argument
        self.ends_word = ends_word
        self.cells: list[str] | None = [] if table else None
        self.parts: list[str] = []
        self.start: int | None = None

    @property
    def is_apart(self) -> bool:
        """Whether its text gathers apart from what is around."""
        return self.done is not None or self.cells is not None

    def take(self) -> tuple[str, int]:
        """What gathered, its white space made plain, and its offset; empty from then on."""
        text = " ".join("".join(self.parts).split())
        at = self.at if self.start is None else self.start
        self.parts, self.start = [], None
        return text, at


class Page:
    """All that is open, the innermost last; the first is the document itself."""

    def __init__(self, lines: Lines) -> None:
        self.builder = ExtractionBuilder()
        self.kind = SegmentKind.PARAGRAPH
        self.accent = ""
        self._lines = lines
        self._frames = [Frame("", 0, lambda _text, _at: None)]
        self._apart = [self._frames[0]]
        self._environments: Counter[str] = Counter()
        self._short = 0
        self._any = False
        self._notes: list[tuple[str, int]] = []

    @property
    def inner(self) -> Frame:
        """What was opened last."""
        return self._frames[-1]

    @property
    def is_raw(self) -> bool:
        """Whether dashes and quotes stay as they are written."""
        return self.inner.raw

    @property
    def is_flowing(self) -> bool:
        """Whether text goes to the document itself."""
        return len(self._apart) == 1

    @property
    def is_within(self) -> bool:
        """Whether anything is open."""
        return len(self._frames) > 1

    @property
    def is_untouched(self) -> bool:
        """Whether there is no text yet, and nothing open."""
        return not (self.is_within or self._any or self._frames[0].start is not None)

    @property
    def in_table(self) -> bool:
        """Whether text goes to a cell."""
        return self._apart[-1].cells is not None

    def location(self, at: int) -> Location:
        """The line of an offset."""
        return Location(line=self._lines.at(at) + 1)

    def put(self, text: str, at: int) -> None:
        """Text at an offset; a pending accent goes to its first letter."""
        if self.accent:
            text = text.lstrip()
            if not text:
                return
            letter, accent = _DOTLESS.get(text[0], text[0]), self.accent
            self.accent = ""
            if letter.isalpha():
                text = unicodedata.normalize("NFC", letter + accent) + text[1:]
        frame = self._apart[-1]
        if frame.start is None and text and not text.isspace():
            frame.start = at
        frame.parts.append(text)

    def note(self, text: str, at: int) -> None:
        """A piece of its own behind what gathers: a footnote, a caption."""
        if text:
            self._notes.append((text, at))

    def heading(self, text: str, level: int, at: int) -> None:
        """A heading over what follows."""
        if self.is_flowing:
            self.flush()
            self.builder.heading(text, level, self.location(at))
        else:
            self.put(f"{text} ", at)

    def code(self, text: str, at: int) -> None:
        """Text whose lines stay as they are."""
        if self.is_flowing:
            self.flush()
            self.builder.add(text, SegmentKind.CODE, self.location(at))
        else:
            self.put(f" {text} ", at)

    def flush(self) -> None:
        """What gathered is a piece of its own; within something open, words apart."""
        if not self.is_flowing:
            self._apart[-1].parts.append(" ")
            return
        text, at = self._frames[0].take()
        if text:
            self._any = True
            mark = "- " if self.kind is SegmentKind.LIST_ITEM else ""
            self.builder.add(mark + text, self.kind, self.location(at))
            self.kind = SegmentKind.PARAGRAPH
        notes, self._notes = self._notes, []
        for note, where in notes:
            self.builder.add(note, SegmentKind.PARAGRAPH, self.location(where))

    def paragraph(self) -> None:
        """A blank line."""
        self.accent = ""
        while self._short:
            self._pop()
        self.flush()

    def open(self, frame: Frame) -> None:
        """Something opens; too deep within others its text is theirs."""
        if len(self._apart) > _DEEPEST:
            frame.done = frame.cells = None
        frame.raw = frame.raw or self.inner.raw
        self._frames.append(frame)
        self._short += frame.short
        if frame.is_apart:
            self._apart.append(frame)
        if frame.closer.startswith("end "):
            self._environments[frame.closer] += 1

    def close(self, closer: str) -> bool:
        """The innermost closes if this closes it; an environment, whatever is open within."""
        if closer.startswith("end "):
            if not self._environments[closer]:
                return False
            while self.inner.closer != closer:
                self._pop()
        elif self.inner.closer != closer or len(self._frames) == 1:
            return False
        self._pop()
        return True

    def close_all(self) -> None:
        """Everything closes, environments of the document's own text left open."""
        kept: list[Frame] = []
        while len(self._frames) > 1:
            if self.inner.closer.startswith("end ") and not self.inner.is_apart:
                kept.append(self.inner)
            self._pop()
        for frame in reversed(kept):
            self.open(frame)

    def is_open(self, closer: str) -> bool:
        """Whether an environment is open."""
        return bool(self._environments[closer])

    def end_cell(self) -> None:
        """A cell of the innermost table ends."""
        frame = self._apart[-1]
        if frame.cells is not None:
            if not frame.cells and frame.start is not None:
                frame.at = frame.start
            frame.cells.append(frame.take()[0])

    def end_row(self) -> None:
        """A row of the innermost table ends; a row within something else is text there."""
        frame = self._apart[-1]
        if frame.cells is None:
            return
        first = not frame.cells
        text, at = frame.take()
        row = row_text([*frame.cells, text])
        at = at if first else frame.at
        frame.cells = []
        outer = self._apart[-2]
        if len(self._apart) == 2:
            self.builder.add(row, SegmentKind.TABLE, self.location(at))
        elif row:
            outer.start = at if outer.start is None else outer.start
            outer.parts.append(f" {row} ")

    def _pop(self) -> None:
        frame = self._frames[-1]
        self.accent = ""
        if frame.cells is not None:
            self.end_row()
        self._frames.pop()
        self._short -= frame.short
        if frame.closer.startswith("end "):
            self._environments[frame.closer] -= 1
        if frame.is_apart:
            self._apart.pop()
            if frame.done is not None:
                text, at = frame.take()
                frame.done(text, at)
