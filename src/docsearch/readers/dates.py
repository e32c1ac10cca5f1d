"""The day that a document gives itself.

In: what a format's metadata holds, a date or text. Out: a date, or None. Knows no format.
"""

from __future__ import annotations

import re
from datetime import date, datetime

_ISO_LIKE = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?:D:)?(\d{4})()(\d{2})(\d{2})(?:\d{6}.*)?$", re.DOTALL)


def day_of(value: object) -> date | None:
    """The day in a date, a datetime, or text such as "2026-03-01T10:00" or "D:20260301"."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()[:100] if isinstance(value, str | int) else ""
    found = _ISO_LIKE.search(text) or _COMPACT.match(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
