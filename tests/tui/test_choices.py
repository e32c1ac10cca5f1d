"""What comes next when a key goes through the rerankers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docsearch.domain.model import Availability
from docsearch.tui.choices import next_reranker
from tests.tui.samples import model

ONE, TWO = (model(name, 1.0, Availability.READY) for name in ("one", "two"))
ABSENT = model("absent", 1.0, Availability.NOT_DOWNLOADED)
SERVICE = replace(ONE, description=replace(ONE.description, name="service", hosted=True))
STATES = (ONE, SERVICE, ABSENT, TWO)


@pytest.mark.parametrize(
    ("current", "then"), [("one", "two"), ("two", None), (None, "one"), ("service", "one")]
)
def test_the_next_is_here_and_never_a_service(current: str | None, then: str | None) -> None:
    assert next_reranker(current, STATES) == then


def test_with_only_a_service_there_is_no_next() -> None:
    assert next_reranker(None, (SERVICE, ABSENT)) is None
