"""The two themes of docsearch: calm ground, cool for before, warm for after.

In: nothing. Out: Textual themes. What each role looks like in them is in `widgets/palette.py`.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="docsearch-dark",
    dark=True,
    background="#12151c",
    surface="#1a1f29",
    panel="#242b38",
    foreground="#d6dbe5",
    primary="#7cb0f5",
    secondary="#8b95a9",
    accent="#eeb568",
    success="#8ccf8a",
    warning="#e5c07b",
    error="#f0808c",
    variables={
        "input-cursor-background": "#eeb568",
        "input-cursor-foreground": "#12151c",
        "input-selection-background": "#7cb0f5 30%",
        "scrollbar": "#303949",
        "scrollbar-hover": "#465268",
        "scrollbar-active": "#7cb0f5",
        "scrollbar-background": "#12151c",
        "scrollbar-background-hover": "#12151c",
        "scrollbar-background-active": "#12151c",
        "scrollbar-corner-color": "#12151c",
    },
)

LIGHT = Theme(
    name="docsearch-light",
    dark=False,
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#e4e1d8",
    foreground="#2a2e37",
    primary="#1f5fae",
    secondary="#6b7280",
    accent="#a55400",
    success="#22703a",
    warning="#8a6100",
    error="#b3273a",
    variables={
        "input-cursor-background": "#a55400",
        "input-cursor-foreground": "#fbfaf7",
        "input-selection-background": "#1f5fae 25%",
        "scrollbar": "#cfcbc0",
        "scrollbar-hover": "#b3aea1",
        "scrollbar-active": "#1f5fae",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "scrollbar-corner-color": "#fbfaf7",
    },
)

THEMES = (DARK, LIGHT)
