from datetime import date
from decimal import Decimal

from lendlib.cache import TTLCache
from lendlib.fees import late_fee
from lendlib.mailer import with_backoff


def test_two_opening_days_are_free():
    # due Saturday 2 May 2026; Tuesday and Thursday are the grace days
    assert late_fee(date(2026, 5, 2), date(2026, 5, 7), Decimal(40)).amount == 0
    assert late_fee(date(2026, 5, 2), date(2026, 5, 9), Decimal(40)).amount == Decimal("0.50")


def test_cap_is_three_quarters_of_the_deposit():
    fee = late_fee(date(2026, 1, 3), date(2026, 12, 31), Decimal(10))
    assert fee.capped and fee.amount == Decimal("7.50")


def test_closed_days_are_not_charged():
    closed = frozenset({date(2026, 5, 9)})
    assert late_fee(date(2026, 5, 2), date(2026, 5, 9), Decimal(40), closed).amount == 0


def test_cache_forgets():
    now = [0.0]
    cache: TTLCache[int] = TTLCache(10, clock=lambda: now[0])
    assert cache.get("a", lambda: 1) == 1
    assert cache.get("a", lambda: 2) == 1
    now[0] = 11
    assert cache.get("a", lambda: 2) == 2


def test_backoff_waits_longer_each_time():
    waits: list[float] = []
    calls = iter([TimeoutError(), TimeoutError(), None])

    def call() -> str:
        error = next(calls)
        if error:
            raise error
        return "ok"

    assert with_backoff(call, sleep=waits.append, jitter=lambda: 1.0) == "ok"
    assert waits == [1.0, 2.0]
