"""The days that a word such as 2024-02 or yesterday stands for.

In: a word, and today. Out: the first and the last day of what it names. Pure.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

Period = tuple[date, date]
"""First and last day, both inclusive."""

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def period(value: str, today: date) -> Period | None:
    """First and last day of a day, a month or a year; None for anything else."""
    days_ago = {"today": 0, "yesterday": 1}.get(value.lower())
    if days_ago is not None:
        day = today - timedelta(days=days_ago)
        return day, day
    match = _DATE.fullmatch(value)
    if match is None:
        return None
    year, month, day_of_month = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day_of_month or 1)
    except ValueError:
        return None
    if day_of_month is not None:
        return first, first
    last_month = month or 12
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
