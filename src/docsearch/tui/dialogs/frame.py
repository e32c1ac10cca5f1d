"""What dialogs and the screens over the search screen share: a frame, and what they answer.

In: nothing. Out: a piece of style sheet, `Choice` and `Departure`.
"""

from __future__ import annotations

from dataclasses import dataclass

from docsearch.domain.document import StoredChunk

FRAME = """
    align: center middle;
    & > Vertical {
        width: 80;
        max-width: 96%;
        height: auto;
        max-height: 90%;
        padding: 0 1;
        background: $surface;
        border: round $secondary;
        border-title-color: $accent;
        border-subtitle-color: $secondary;
    }
"""


@dataclass(frozen=True)
class Choice:
    """`name` of the reranker to use, None for none; `download` is whether to fetch it first."""

    name: str | None
    download: bool = False


@dataclass(frozen=True)
class Departure:
    """The chunk that was selected when the screen was left, and the passage to open, if any."""

    selected: int | None
    opened: StoredChunk | None = None
