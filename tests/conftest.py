"""What all tests share: how a test of bytes is called, that none is timed, and that models go."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("docsearch", deadline=None)
settings.load_profile("docsearch")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Not the bytes of a file that is made now: two processes must call a test by one name."""
    return "bytes" if isinstance(val, bytes) and len(val) > 32 else None


@pytest.fixture(autouse=True, scope="module")
def models_of_a_file_go_with_it() -> Iterator[None]:
    """What docsearch keeps for good once it is loaded, it would keep for all files to come."""
    yield
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.collect()
