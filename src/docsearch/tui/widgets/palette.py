"""What each role looks like: the theme's colours, or attributes alone where there is no colour.

In: the app's theme and whether NO_COLOR is set. Out: a style for every role on every ground.
Does not know which piece of text plays which role.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rich.style import Style
from textual.app import App
from textual.color import Color

from docsearch.presentation.pieces import Role

_VARIABLES = (
    "foreground",
    "background",
    "surface",
    "primary",
    "accent",
    "success",
    "warning",
    "error",
)


class Ground(Enum):
    """What a line lies on."""

    PLAIN = "plain"
    SELECTED = "selected"
    SELECTED_ACTIVE = "selected in the list that the arrow keys walk"
    BAND = "band"


@dataclass(frozen=True)
class Palette:
    """Styles by role and ground; equal themes share one palette."""

    styles: dict[tuple[Role, Ground], Style]

    def style(self, role: Role, ground: Ground = Ground.PLAIN) -> Style:
        """The style of a piece."""
        return self.styles[role, ground]


def palette_of(app: App[object]) -> Palette:
    """The palette of the app's theme as it is now."""
    if app.no_color:
        return _without_colour()
    return _coloured(tuple((name, app.theme_variables[name]) for name in _VARIABLES))


@lru_cache(maxsize=8)
def _coloured(variables: tuple[tuple[str, str], ...]) -> Palette:
    colours = {name: Color.parse(value) for name, value in variables}
    ink, paper = colours["foreground"], colours["background"]
    primary, accent = colours["primary"], colours["accent"]
    grounds = {
        Ground.PLAIN: paper,
        Ground.SELECTED: paper.blend(primary, 0.13),
        Ground.SELECTED_ACTIVE: paper.blend(primary, 0.24),
        Ground.BAND: colours["surface"],
    }
    looks: dict[Role, tuple[Color, str]] = {
        Role.TEXT: (ink, ""),
        Role.STRONG: (ink, "bold"),
        Role.MUTED: (ink.blend(paper, 0.38), ""),
        Role.FAINT: (ink.blend(paper, 0.62), ""),
        Role.BEFORE: (primary, ""),
        Role.AFTER: (accent, ""),
        Role.UP: (colours["success"], "bold"),
        Role.DOWN: (colours["error"], ""),
        Role.NEW: (accent, "bold"),
        Role.FILE: (ink, "bold"),
        Role.HEADING: (ink.blend(primary, 0.45), ""),
        Role.MATCH: (accent, "bold"),
        Role.BEST: (ink, ""),
        Role.BEST_MATCH: (accent, "bold"),
        Role.GOOD: (colours["success"], ""),
        Role.WARNING: (colours["warning"], ""),
        Role.ERROR: (colours["error"], "bold"),
        Role.KEY: (accent, "bold"),
        Role.CHIP: (ink, "bold"),
        Role.BEFORE_STRONG: (ink, "bold underline"),
        Role.BEFORE_MIDDLE: (ink, "underline"),
        Role.BEFORE_WEAK: (ink, ""),
        Role.AFTER_STRONG: (ink, "bold underline"),
        Role.AFTER_MIDDLE: (ink, "underline"),
        Role.AFTER_WEAK: (ink, ""),
        Role.AGAINST: (colours["error"], ""),
        Role.AGAINST_WEAK: (ink.blend(colours["error"], 0.6), ""),
    }
    own_ground = {
        Role.BEFORE_STRONG: paper.blend(primary, 0.42),
        Role.BEFORE_MIDDLE: paper.blend(primary, 0.26),
        Role.BEFORE_WEAK: paper.blend(primary, 0.13),
        Role.AFTER_STRONG: paper.blend(accent, 0.36),
        Role.AFTER_MIDDLE: paper.blend(accent, 0.22),
        Role.AFTER_WEAK: paper.blend(accent, 0.11),
        Role.BEST: paper.blend(accent, 0.14),
        Role.BEST_MATCH: paper.blend(accent, 0.14),
        Role.CHIP: paper.blend(primary, 0.26),
    }
    return Palette(
        {
            (role, ground): Style.parse(attributes)
            + Style(color=colour.rich_color, bgcolor=own_ground.get(role, under).rich_color)
            for role, (colour, attributes) in looks.items()
            for ground, under in grounds.items()
        }
    )


@lru_cache(maxsize=1)
def _without_colour() -> Palette:
    attributes = {
        Role.STRONG: "bold",
        Role.FAINT: "dim",
        Role.UP: "bold",
        Role.NEW: "bold",
        Role.FILE: "bold",
        Role.MATCH: "bold underline",
        Role.BEST: "bold",
        Role.BEST_MATCH: "bold underline",
        Role.ERROR: "bold",
        Role.KEY: "bold",
        Role.CHIP: "reverse",
        Role.BEFORE_STRONG: "bold underline",
        Role.BEFORE_MIDDLE: "underline",
        Role.AFTER_STRONG: "bold underline",
        Role.AFTER_MIDDLE: "underline",
    }
    under = {Ground.SELECTED: " reverse", Ground.SELECTED_ACTIVE: " reverse"}
    return Palette(
        {
            (role, ground): Style.parse(attributes.get(role, "") + under.get(ground, ""))
            for role in Role
            for ground in Ground
        }
    )
