"""The reliability of a 0-1 form as a picture: predicted against observed.

In: the table of `calibrate.reliability`. Out: a self-contained SVG. Does not know any model.
"""

from __future__ import annotations

from collections.abc import Sequence

from training.calibrate import ReliabilityBin, calibration_error

SIDE = 320
MARGIN = 44
LARGEST_DOT = 14.0


def reliability_svg(table: Sequence[ReliabilityBin], title: str) -> str:
    """A dot for each tenth, its area the share of pairs; on the dashed diagonal they agree."""
    size = SIDE + 2 * MARGIN
    dots = [
        f'<circle cx="{_across(row.predicted):.1f}" cy="{_up(row.observed):.1f}" '
        f'r="{max(2.0, LARGEST_DOT * row.weight**0.5):.1f}" fill="#2a6f97" fill-opacity="0.75">'
        f"<title>predicted {row.predicted:.3f}, observed {row.observed:.3f}, "
        f"{row.weight:.1%} of pairs</title></circle>"
        for row in table
    ]
    ticks = [
        f'<text x="{_across(tick)}" y="{_up(0) + 16}" text-anchor="middle">{tick:.1f}</text>'
        f'<text x="{_across(0) - 6}" y="{_up(tick) + 4}" text-anchor="end">{tick:.1f}</text>'
        for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    ]
    head = f"{title}, expected error {calibration_error(table):.3f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        'font-family="sans-serif" font-size="11" fill="#333">',
        f'<rect width="{size}" height="{size}" fill="#fff"/>',
        f'<text x="{size / 2}" y="20" text-anchor="middle" font-size="13">{head}</text>',
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" '
        'stroke="#999"/>',
        f'<line x1="{_across(0)}" y1="{_up(0)}" x2="{_across(1)}" y2="{_up(1)}" stroke="#999" '
        'stroke-dasharray="4 4"/>',
        *ticks,
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">predicted</text>',
        f'<text x="12" y="{size / 2}" text-anchor="middle" '
        f'transform="rotate(-90 12 {size / 2})">observed</text>',
        *dots,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _across(share: float) -> float:
    return MARGIN + share * SIDE


def _up(share: float) -> float:
    return MARGIN + (1 - share) * SIDE
