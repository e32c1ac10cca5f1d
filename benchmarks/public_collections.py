"""The tables of docs/quality.md, drawn from the reports of `docsearch eval --beir`.

    docsearch eval --beir FOLDER/NAME --json > NAME.json
    python -m benchmarks.public_collections FOLDER NAME.json [...]

In: the folder of the collections, whose passages are counted, and a report of each. Out: between
the marks in the page, in the order of the reports: the sources without a reranker; for each
reranker the order that is shown and its own, over every source; what others published for the
same; and the command that prints each row. Figures are copied, never left out because they look
bad.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.collection_reports import Report, read
from benchmarks.figures import ROOT, between_marks
from benchmarks.published import NONE_FOUND, PUBLISHED, Published
from docsearch.domain.evaluation import MAIN_MEASURE, Finding, Row
from docsearch.domain.wording import plural
from docsearch.evaluation.wording import gain, with_bounds

PAGE = ROOT / "docs" / "quality.md"
KIND = "collection"
SOURCES = {"dense": "bi-encoder", "bm25": "BM25", "hybrid": "both"}

Cells = Sequence[str]


def main() -> None:
    """Draw the tables of all reports that are named."""
    folder, *files = map(Path, sys.argv[1:])
    reports = [read(file, folder) for file in files]
    text = drawn(reports, folder)
    PAGE.write_text(between_marks(PAGE.read_text("utf-8"), KIND, text), "utf-8")


def drawn(reports: Sequence[Report], folder: Path) -> str:
    """All that stands between the marks."""
    parts = [_without(reports)]
    for reranker in _rerankers(reports):
        shown = [[each.shown(source, reranker) for source in SOURCES] for each in reports]
        own = [[each.own(source, reranker) for source in SOURCES] for each in reports]
        weight = shown[0][0].contender.fusion.first_stage
        added = f"with {weight:g} of the source's score added, as docsearch shows it"
        for order, rows in {added: shown, "its own order": own}.items():
            if order != added or shown != own:
                parts += [
                    f"`{reranker}`, {order}:",
                    _reranked(reports, rows),
                    _tally(rows),
                ]
    parts += [*_published(reports), _commands(reports, folder)]
    return "\n\n".join(parts)


def _without(reports: Sequence[Report]) -> str:
    head = [f"{MAIN_MEASURE} (95% interval)", "queries", "passages", *SOURCES.values()]
    rows = []
    for report in reports:
        asked = f"{report.queries:,}"
        if report.judged != report.queries:
            asked += f" of {report.judged:,}"
        found = [with_bounds(report.plain(each).measures[MAIN_MEASURE]) for each in SOURCES]
        rows.append([report.name, asked, f"{report.passages:,}", *found])
    return _table(head, rows)


def _reranked(reports: Sequence[Report], rows: Sequence[Sequence[Row]]) -> str:
    """`rows` has a row for each source, for each report."""
    head = [f"{MAIN_MEASURE} over", *(cell for each in SOURCES.values() for cell in (each, "gain"))]
    cells = [
        [report.name, *(cell for row in of_sources for cell in _gained(row))]
        for report, of_sources in zip(reports, rows, strict=True)
    ]
    return _table(head, cells)


def _gained(row: Row) -> Iterator[str]:
    yield with_bounds(row.measures[MAIN_MEASURE])
    if row.against is None:
        raise ValueError(f"{row.contender.name} is held against nothing")
    yield f"{gain(row.against)}, {row.finding}"


def _tally(rows: Sequence[Sequence[Row]]) -> str:
    told = []
    for name, of_source in zip(SOURCES.values(), zip(*rows, strict=True), strict=True):
        count = Counter(row.finding for row in of_source)
        findings = ", ".join(f"{each} on {count[each]}" for each in Finding if count[each])
        told.append(f"over {name}, {findings}")
    return f"Of {plural(len(rows), 'collection')}: {'; '.join(told)}."


def _rerankers(reports: Sequence[Report]) -> Sequence[str]:
    named = [row.contender.reranker for report in reports for row in report.rows]
    return tuple(dict.fromkeys(each for each in named if each is not None))


def _published(reports: Sequence[Report]) -> Iterator[str]:
    by_name = {report.name: report for report in reports}
    entries = [each for each in PUBLISHED if each.collection in by_name]
    if entries:
        yield "What others published for the same model, without a reranker:"
        head = ["collection", "", "published", "here", "searched there", "why it differs"]
        yield _table(head, [_beside(each, by_name[each.collection]) for each in entries])
    missing = [each for each in NONE_FOUND if each in by_name]
    if missing:
        yield f"No figure of the same model and measure was found for {', '.join(missing)}."


def _beside(published: Published, report: Report) -> Cells:
    here = report.plain(published.source).measures[published.measure]
    return [
        published.collection,
        f"{SOURCES[published.source]}, {published.measure}",
        f"{published.value:.3f} ([{published.name}]({published.link}))",
        with_bounds(here),
        published.over,
        published.why,
    ]


def _commands(reports: Sequence[Report], folder: Path) -> str:
    lines = []
    for report in reports:
        sampled = f" --sample {report.queries}" if report.judged != report.queries else ""
        lines.append(f"docsearch eval --beir {folder / report.name}{sampled}")
    return "\n".join(["Each row is printed by one command:", "", "```sh", *lines, "```"])


def _table(head: Cells, rows: Sequence[Cells]) -> str:
    ruled = "|---" * len(head) + "|"
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    return "\n".join([lines[0], ruled, *lines[1:]])


if __name__ == "__main__":
    main()
