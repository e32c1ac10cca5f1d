"""A model is loaded once, and for good.

In: a loader. Out: a loader that keeps what it has loaded. Does not know what that is.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


def for_good(load: Callable[[], T]) -> Callable[[], T]:
    """`load`, called once; what it has made and imported is not searched for garbage again.

    Any thread may call; one that comes while another loads waits for that.
    The libraries behind the models make half a million objects that stay. To go through them all
    holds every thread for a third of a second, and happens again and again while people type.
    """
    loading = Lock()

    @cache
    def kept() -> T:
        model = load()
        gc.freeze()
        return model

    def loaded() -> T:
        with loading:
            return kept()

    return loaded
