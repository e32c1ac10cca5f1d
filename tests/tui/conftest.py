"""What holds for every test of the screen."""

from __future__ import annotations

import pytest

from docsearch.tui.search import idle


@pytest.fixture(autouse=True)
def _never_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that takes its time is no person at rest; those about rest say so themselves."""
    monkeypatch.setattr(idle, "READING_REST_SECONDS", 3600.0)
