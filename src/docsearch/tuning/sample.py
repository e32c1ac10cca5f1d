"""Queries with their candidates and judged documents, to measure a runtime with.

In: the sample that comes with the package; `benchmarks/tuning_sample.py` makes it out of
sample_docs. Out: it, read. Does not know what is measured.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("sample.json.gz")


@dataclass(frozen=True, slots=True)
class SamplePassage:
    """A passage, and the document that it is of."""

    document: str
    text: str


@dataclass(frozen=True, slots=True)
class SampleQuery:
    """A query, its candidates, likeliest first, and the grades, from 0, of its documents."""

    words: str
    candidates: tuple[SamplePassage, ...]
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """Every passage once, and the queries that have them as candidates."""

    passages: tuple[SamplePassage, ...]
    queries: tuple[SampleQuery, ...]


@cache
def packaged_sample() -> Sample:
    """The sample that comes with docsearch: 60 queries over documents of our own writing."""
    stored = json.loads(gzip.decompress(FILE.read_bytes()))
    passages = tuple(SamplePassage(document, text) for document, text in stored["passages"])
    queries = tuple(
        SampleQuery(each["words"], tuple(passages[at] for at in each["candidates"]), each["grades"])
        for each in stored["queries"]
    )
    return Sample(passages, queries)
