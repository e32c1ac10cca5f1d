"""Words among many passages: the order is that of all, however the choice is made."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsearch.storage import full_text
from docsearch.storage.catalog import SqliteCatalog
from tests.fakes.contents import contents
from tests.storage.libraries import RECIPE

PASSAGES = [" ".join(["cat"] * (n % 5 + 1) + ["dog"] * (n % 3) + ["bird"]) for n in range(200)]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteCatalog]:
    opened = SqliteCatalog(tmp_path_factory.mktemp("words") / "index.sqlite", RECIPE)
    opened.put_file(contents("a.md", *PASSAGES))
    yield opened
    opened.close()


@given(
    among=st.sets(st.integers(0, 220)),
    k=st.integers(0, 60),
    handed_over=st.sampled_from([0, 4096]),
    words=st.sampled_from(["dog", "cat dog", "bird", "nothing"]),
)
@settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_choice_is_that_of_the_whole_order(
    catalog: SqliteCatalog,
    monkeypatch: pytest.MonkeyPatch,
    among: set[int],
    k: int,
    handed_over: int,
    words: str,
) -> None:
    monkeypatch.setattr(full_text, "_MOST_HANDED_OVER", handed_over)
    monkeypatch.setattr(full_text, "_FURTHER", 2)
    whole = catalog.search_text(words, len(PASSAGES))
    chosen = np.array(sorted(among), dtype=np.int64)
    assert catalog.search_text(words, k, chosen) == [hit for hit in whole if hit[0] in among][:k]
