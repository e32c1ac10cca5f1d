"""A cache that forgets: entries live ``ttl`` seconds, and at most ``size`` of them.

functools.lru_cache would keep the catalogue until the process ends, and the
process ends when the power fails. Hence this one.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class TTLCache(Generic[V]):
    def __init__(self, ttl: float, size: int = 256, clock: Callable[[], float] = time.monotonic):
        self.ttl = ttl
        self.size = size
        self._clock = clock
        self._data: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The cached value, or a new one from ``make`` when it is missing or too old."""
        now = self._clock()
        hit = self._data.get(key)
        if hit is not None and now - hit[0] < self.ttl:
            self._data.move_to_end(key)
            return hit[1]
        value = make()
        self._data[key] = (now, value)
        self._data.move_to_end(key)
        while len(self._data) > self.size:
            self._data.popitem(last=False)  # least recently used goes first
        return value

    def forget(self, key: Hashable) -> None:
        self._data.pop(key, None)

    def __len__(self) -> int:
        return len(self._data)
