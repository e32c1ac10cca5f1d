"""Reports of `docsearch eval --beir NAME --json`, read again.

In: a report's file, and the folder that its collection is in. Out: a `Report`, its rows found by
source and reranker. Does not know what is made of it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docsearch.domain.evaluation import Contender, Finding, Interval, Paired, Row
from docsearch.domain.fusion import Blend, Fusion

_DRAWN = re.compile(r"([\d,]+) of the ([\d,]+) quer(?:y|ies) are measured")


@dataclass(frozen=True, slots=True)
class Report:
    """One collection's. `judged` are its queries, of which `queries` were measured."""

    name: str
    queries: int
    judged: int
    passages: int
    rows: tuple[Row, ...]

    def plain(self, source: str) -> Row:
        """The source without a reranker. Raises ValueError where it was not measured."""
        return self._only(source, None)[0]

    def shown(self, source: str, reranker: str) -> Row:
        """The order that docsearch shows, which a report has first."""
        return self._only(source, reranker)[0]

    def own(self, source: str, reranker: str) -> Row:
        """The reranker's own order."""
        return next(row for row in self._only(source, reranker) if row.contender.fusion.is_alone)

    def _only(self, source: str, reranker: str | None) -> list[Row]:
        wanted = (source, reranker)
        rows = [
            row for row in self.rows if (row.contender.source, row.contender.reranker) == wanted
        ]
        if not rows:
            raise ValueError(f"{self.name} was measured without {source}, {reranker}")
        return rows


def read(file: Path, folder: Path) -> Report:
    """The report in a file, of a collection in the folder."""
    facts = json.loads(file.read_text("utf-8"))
    name, queries = facts["origin"], facts["queries"]
    found = next(filter(None, map(_DRAWN.fullmatch, facts["notices"])), None)
    with (folder / name / "corpus.jsonl").open(encoding="utf-8") as corpus:
        passages = sum(1 for line in corpus if line.strip())
    judged = int(found[2].replace(",", "")) if found else queries
    return Report(name, queries, judged, passages, tuple(map(_row, facts["rows"])))


def _row(facts: dict[str, Any]) -> Row:
    of = facts["contender"]
    fusion = Fusion(**of["fusion"] | {"blend": Blend(of["fusion"]["blend"])})
    contender = Contender(**of | {"fusion": fusion})
    measures = {name: Interval(**values) for name, values in facts["measures"].items()}
    against, finding = facts["against"], facts["finding"]
    return Row(
        contender,
        measures,
        facts["judged"],
        facts["shown"],
        against and Paired(**against | {"gain": Interval(**against["gain"])}),
        finding and Finding(finding),
        facts["verdict"],
    )
