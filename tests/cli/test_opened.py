"""What a command says of an index while it waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from docsearch.cli.opened import bring_up_to_date
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.engine.engine import Engine

READ_ONLY = IndexProgress(phase=Phase.READ_ONLY, files=3, notice="another docsearch is indexing")


class Ready:
    """An engine whose index was ready before anything listened to it."""

    def progress(self) -> IndexProgress:
        return READ_ONLY

    def subscribe(self, listener: Callable[[IndexProgress], None]) -> Callable[[], None]:
        return lambda: None

    def wait_until_ready(self) -> None:
        return None


def test_the_notice_of_an_index_that_is_ready_at_once_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bring_up_to_date(cast("Engine", Ready())) == READ_ONLY
    assert "another docsearch is indexing" in capsys.readouterr().err
