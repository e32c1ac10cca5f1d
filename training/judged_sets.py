"""Judged collections in the BEIR layout.

In: a folder with `corpus.jsonl`, `queries.jsonl`, `qrels.tsv` and perhaps a file of candidates.
Out: a `JudgedSet` held in memory, its queries optionally reduced to a seeded sample.
Does not know: what ranks the passages, or what the judgments are used for.
"""

from __future__ import annotations

import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Where a set offers several files of candidates, the one that is reranked.
CANDIDATE_FILES = ("candidates.json", "candidates_BM25.json")


@dataclass(frozen=True)
class JudgedSet:
    """Passages and queries by id, grades by query and passage, and candidates if they are given."""

    name: str
    passages: dict[str, str]
    queries: dict[str, str]
    grades: dict[str, dict[str, int]]
    given_candidates: dict[str, list[str]] | None

    def pool(self, query_id: str) -> list[str]:
        """The ids among which the first stage may choose for this query."""
        if self.given_candidates is None:
            return list(self.passages)
        return self.given_candidates[query_id]


def load_judged_set(folder: Path, sample: int | None = None, seed: int = 0) -> JudgedSet:
    """Read one set; with `sample`, keep that many of its judged queries at most.

    The queries are drawn with `seed`; a smaller sample is the beginning of a larger one.
    """
    passages = {row["_id"]: _passage_text(row) for row in _json_lines(folder / "corpus.jsonl")}
    queries = {row["_id"]: row["text"] for row in _json_lines(folder / "queries.jsonl")}
    grades = _read_grades(folder / "qrels.tsv")
    given = _read_candidates(folder, passages)
    kept = sorted(
        query_id
        for query_id, graded in grades.items()
        if query_id in queries and max(graded.values()) > 0 and (given is None or query_id in given)
    )
    random.Random(seed).shuffle(kept)  # noqa: S311
    kept = kept[:sample]
    return JudgedSet(
        name=folder.name,
        passages=passages,
        queries={query_id: queries[query_id] for query_id in kept},
        grades={query_id: grades[query_id] for query_id in kept},
        given_candidates=given,
    )


def _passage_text(row: dict[str, Any]) -> str:
    return " ".join(part for part in (row.get("title", ""), row["text"]) if part)


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            grades[row["query-id"]][row["corpus-id"]] = int(row["score"])
    return dict(grades)


def _read_candidates(folder: Path, passages: dict[str, str]) -> dict[str, list[str]] | None:
    for name in CANDIDATE_FILES:
        if (folder / name).exists():
            listed: dict[str, list[str]] = json.loads((folder / name).read_text(encoding="utf-8"))
            return {q: [p for p in ids if p in passages] for q, ids in listed.items()}
    return None
