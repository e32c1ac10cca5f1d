"""What stands on a terminal's screen, from the bytes that were written to it.

In: bytes, cut anywhere. Out: lines of text. Knows what Textual and plain commands write: text,
cursor positions, erasing, line feeds; colours, modes and questions are passed over. No more than is
needed to see that something has been drawn: tests compare it with a whole terminal emulator.
"""

from __future__ import annotations

import codecs
import re

from rich.cells import get_character_cell_size

_PIECES = re.compile(
    r"\x1b\[(?P<numbers>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b[\]P_^X].*?(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-OQ-WYZ\\`-~]"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
    r"|(?P<text>[^\x00-\x1f\x7f]+)",
    re.DOTALL,
)


class DrawnScreen:
    """A grid of `columns` by `rows` cells; a wide character fills its second cell with nothing."""

    def __init__(self, columns: int, rows: int) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._unread = ""
        self.resize(columns, rows)

    @property
    def lines(self) -> list[str]:
        """The screen as it stands, without spaces at the ends of lines."""
        return ["".join(row).rstrip() for row in self._cells]

    def resize(self, columns: int, rows: int) -> None:
        """Begin anew with this size: whoever draws will draw all of it again."""
        self._columns, self._rows = columns, rows
        self._cells = [self._blank() for _ in range(rows)]
        self._x = self._y = 0

    def feed(self, data: bytes) -> None:
        """Take in what was written; a sequence that is cut off waits for its end."""
        text = self._unread + self._decoder.decode(data)
        at = 0
        while at < len(text):
            piece = _PIECES.match(text, at)
            if piece is None:
                break
            at = piece.end()
            if piece["final"]:
                self._obey(piece["final"], piece["numbers"])
            elif piece["control"]:
                self._move(piece["control"])
            elif piece["text"]:
                self._write(piece["text"])
        self._unread = text[at:]

    def _blank(self) -> list[str]:
        return [" "] * self._columns

    def _write(self, text: str) -> None:
        for character in text:
            width = get_character_cell_size(character)
            if width == 0:
                continue
            if self._x + width > self._columns:
                self._x = 0
                self._feed_line()
            row = self._cells[self._y]
            row[self._x] = character
            row[self._x + 1 : self._x + width] = [""] * (width - 1)
            self._x += width

    def _move(self, control: str) -> None:
        if control == "\r":
            self._x = 0
        elif control == "\n":
            self._feed_line()
        elif control == "\b":
            self._x = max(0, min(self._x, self._columns - 1) - 1)

    def _feed_line(self) -> None:
        if self._y < self._rows - 1:
            self._y += 1
        else:
            self._cells = [*self._cells[1:], self._blank()]

    def _obey(self, final: str, given: str) -> None:
        numbers = [int(each) if each.isdigit() else 0 for each in given.split(";")]
        first, second = (*numbers, 0)[:2]
        if final == "H":
            self._y = min(max(1, first), self._rows) - 1
            self._x = min(max(1, second), self._columns) - 1
        elif final == "J" and first == 2:
            self._cells = [self._blank() for _ in range(self._rows)]
        elif final == "J" and first == 0:
            self._erase_line(0)
            self._cells[self._y + 1 :] = [self._blank() for _ in self._cells[self._y + 1 :]]
        elif final == "K":
            self._erase_line(first)
        elif final in "ABCD":
            self._step(final, max(1, first))

    def _erase_line(self, part: int) -> None:
        """0 from the cursor on, 1 up to it, 2 all."""
        row = self._cells[self._y]
        start = self._x if part == 0 else 0
        end = self._x + 1 if part == 1 else self._columns
        row[start:end] = [" "] * (min(end, self._columns) - start)

    def _step(self, direction: str, count: int) -> None:
        if direction in "AB":
            to = self._y + (count if direction == "B" else -count)
            self._y = min(max(0, to), self._rows - 1)
        else:
            to = self._x + (count if direction == "C" else -count)
            self._x = min(max(0, to), self._columns - 1)
