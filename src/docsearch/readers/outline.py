"""Which headings are in force.

In: headings with their levels, in the order of the document. Out: the path from the outermost
to the innermost. Knows no format.
"""

from __future__ import annotations


class Outline:
    """The open headings; level 1 is the outermost, levels may be skipped."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []
        self._path: tuple[str, ...] | None = ()

    def enter(self, level: int, title: str) -> tuple[str, ...]:
        """A heading of this level starts: it closes all of its own and of deeper levels."""
        self.leave(level)
        self._open.append((level, title))
        self._path = None
        return self.path

    def copy(self) -> Outline:
        """One that goes on from here by itself."""
        other = Outline()
        other._open, other._path = [*self._open], self._path
        return other

    def leave(self, level: int) -> None:
        """What follows is under none of the headings of this level or of deeper ones."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
            self._path = None

    @property
    def path(self) -> tuple[str, ...]:
        """The headings in force, outermost first; one without text is left out.

        The same tuple until another heading comes: each segment beneath holds it.
        """
        if self._path is None:
            self._path = tuple(title for _, title in self._open if title)
        return self._path
