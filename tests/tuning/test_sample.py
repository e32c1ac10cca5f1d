"""The sample in the package is whole, and is what tuning is about."""

from __future__ import annotations

from docsearch.tuning.sample import FILE, packaged_sample


def test_every_query_has_candidates_and_documents_that_matter() -> None:
    sample = packaged_sample()
    assert len(sample.queries) == 60
    assert len(set(sample.passages)) == len(sample.passages)
    for query in sample.queries:
        assert query.words.strip()
        assert len(query.candidates) == 25
        assert max(query.grades.values()) > 0
    found = sum(
        any(query.grades.get(each.document) for each in query.candidates)
        for query in sample.queries
    )
    assert found > 55


def test_it_is_small() -> None:
    assert FILE.stat().st_size < 400_000
