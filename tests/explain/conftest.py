"""The real reranker, whose network stops giving numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import pytest

from docsearch.models.descriptions import BOXED
from docsearch.models.registry import ModelRegistry
from docsearch.models.segment.reranker import BoxedReranker
from docsearch.models.segment.windows import SegmentPair
from docsearch.ports import Reranker

Faltering = Callable[[int], Reranker]


@pytest.fixture
def faltering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Faltering:
    """Makes the model in the box, which after so many readings has no number for any pair."""

    def load(after: int) -> Reranker:
        readings, read = count(), BoxedReranker._logits

        def logits(
            self: BoxedReranker, windows: Sequence[SegmentPair], rough: bool = False
        ) -> list[float]:
            if next(readings) >= after:
                return [math.nan] * len(windows)
            return read(self, windows, rough)

        monkeypatch.setattr(BoxedReranker, "_logits", logits)
        return ModelRegistry(tmp_path, offline=True).load_reranker(BOXED.name)

    return load
