"""Late fees.

The rules were voted on in the general assembly of March 2026; do not change a
number here without a line in docs/fees.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

GRACE_DAYS = 2
RATE_PER_DAY = Decimal("0.50")
#: Nobody pays more than this share of the deposit, however late.
CAP_SHARE = Decimal("0.75")
#: Opening days. Days on which the counter is closed are never charged.
OPEN_WEEKDAYS = frozenset({1, 3, 5})  # Tuesday, Thursday, Saturday


@dataclass(frozen=True)
class Fee:
    days_late: int
    charged_days: int
    amount: Decimal
    capped: bool


def open_days_between(start: date, end: date, closed: frozenset[date] = frozenset()) -> int:
    """Number of opening days after ``start`` up to and including ``end``."""
    count = 0
    day = start + timedelta(days=1)
    while day <= end:
        if day.weekday() in OPEN_WEEKDAYS and day not in closed:
            count += 1
        day += timedelta(days=1)
    return count


def late_fee(
    due: date,
    returned: date,
    deposit: Decimal,
    closed: frozenset[date] = frozenset(),
    waived: bool = False,
) -> Fee:
    """The fee for bringing a thing back on ``returned`` when it was due on ``due``.

    The first two *opening* days are free (grace). After that each opening day
    costs 50 cents, up to three quarters of the deposit. A waived fee keeps the
    number of days, so that the statistics stay honest, and charges nothing.
    """
    days_late = max(0, (returned - due).days)
    if days_late == 0:
        return Fee(0, 0, Decimal("0.00"), False)
    charged = max(0, open_days_between(due, returned, closed) - GRACE_DAYS)
    if waived:
        return Fee(days_late, 0, Decimal("0.00"), False)
    raw = RATE_PER_DAY * charged
    cap = (deposit * CAP_SHARE).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Fee(days_late, charged, min(raw, cap), raw > cap)
