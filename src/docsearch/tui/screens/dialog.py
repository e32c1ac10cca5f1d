"""What the dialogs about rerankers share: their frame, and what they answer.

In: nothing. Out: a piece of style sheet, and `Choice`.
"""

from __future__ import annotations

from dataclasses import dataclass

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
