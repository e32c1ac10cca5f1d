"""What all tests share: how a test of bytes is called, and that none of them is timed."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("docsearch", deadline=None)
settings.load_profile("docsearch")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Not the bytes of a file that is made now: two processes must call a test by one name."""
    return "bytes" if isinstance(val, bytes) and len(val) > 32 else None
