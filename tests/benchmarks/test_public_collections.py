from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.collection_reports import read
from benchmarks.figures import between_marks
from benchmarks.public_collections import KIND, PAGE, SOURCES, drawn
from benchmarks.published import NONE_FOUND, PUBLISHED
from docsearch.domain.evaluation import Contender
from docsearch.domain.fusion import Fusion
from docsearch.domain.judgment import Judged, Level
from docsearch.evaluation.assemble import Entry, evaluation
from docsearch.evaluation.collection import sampled
from docsearch.judging.report import as_data

BEFORE = ["a", "good", "b"]
AFTER = (
    (Fusion(first_stage=0.5), ["good", "a", "b"]),
    (Fusion(), ["a", "b", "good"]),
)


def kept(
    folder: Path, name: str, *, sample: int | None = None, sources: tuple[str, ...] = (*SOURCES,)
) -> Path:
    """A report of twelve queries, each with one good passage: second, first when shown, third."""
    queries = {f"q{number:02}": "words" for number in range(12)}
    judged = Judged(name, Level.DOCUMENT, queries, {query: {"good": 1} for query in queries})
    if sample is not None:
        judged = sampled(judged, sample)
    entries: list[Entry] = []
    for source in sources:
        baseline = len(entries)
        entries.append(Entry(Contender("none", source), dict.fromkeys(queries, BEFORE)))
        for fusion, order in AFTER:
            contender = Contender("x", source, "a-model", fusion)
            entries.append(Entry(contender, dict.fromkeys(queries, order), baseline))
    (folder / name).mkdir()
    (folder / name / "corpus.jsonl").write_text('{"_id": "good"}\n{"_id": "a"}\n\n{"_id": "b"}\n')
    file = folder / f"{name}.json"
    file.write_text(json.dumps(as_data(evaluation(judged, entries))))
    return file


def test_a_row_has_every_source_and_what_the_reranker_gains_over_it(tmp_path: Path) -> None:
    lines = drawn([read(kept(tmp_path, "one"), tmp_path)], tmp_path).splitlines()
    before, shown, own = (line for line in lines if line.startswith("| one |"))
    assert before == "| one | 12 | 3 |" + " 0.631 (0.631-0.631) |" * 3
    assert shown == "| one |" + " 1.000 (1.000-1.000) | +0.369 (0.369 to 0.369), helps |" * 3
    assert own == "| one |" + " 0.500 (0.500-0.500) | -0.131 (-0.131 to -0.131), hurts |" * 3
    assert "`a-model`, with 0.5 of the source's score added, as docsearch shows it:" in lines
    assert "Of 1 collection: over bi-encoder, helps on 1; over BM25, helps on 1; over both, " in (
        "\n".join(lines)
    )


def test_each_row_has_its_command_and_a_sample_is_told(tmp_path: Path) -> None:
    files = [kept(tmp_path, "one"), kept(tmp_path, "two", sample=6)]
    text = drawn([read(file, tmp_path) for file in files], Path("../sets"))
    assert text.endswith(
        "```sh\ndocsearch eval --beir ../sets/one\n"
        "docsearch eval --beir ../sets/two --sample 6\n```"
    )
    assert "| two | 6 of 12 | 3 |" in text


def test_what_others_published_stands_beside_the_figure_here(tmp_path: Path) -> None:
    entry = next(each for each in PUBLISHED if each.measure == "RR@10")
    files = [kept(tmp_path, entry.collection), kept(tmp_path, NONE_FOUND[0])]
    text = drawn([read(file, tmp_path) for file in files], tmp_path)
    row = next(line for line in text.splitlines() if entry.link in line)
    assert f"| {entry.value:.3f} ([{entry.name}]({entry.link})) | 0.500 (0.500-0.500) |" in row
    assert row.endswith(f"| {entry.why} |")
    assert f"was found for {NONE_FOUND[0]}." in text


def test_every_collection_has_a_published_figure_or_is_said_to_have_none() -> None:
    assert not {each.collection for each in PUBLISHED} & set(NONE_FOUND)
    assert {each.source for each in PUBLISHED} <= set(SOURCES)


def test_a_report_that_lacks_a_source_is_refused(tmp_path: Path) -> None:
    report = read(kept(tmp_path, "one", sources=("dense",)), tmp_path)
    with pytest.raises(ValueError, match="one was measured without bm25"):
        drawn([report], tmp_path)


def test_the_page_has_a_place_for_it() -> None:
    assert "\nnew\n" in between_marks(PAGE.read_text("utf-8"), KIND, "new")
