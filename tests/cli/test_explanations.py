"""What is measured, in words: readable without colours, and safe to show."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from docsearch.cases.recorded import RecordedCase, RecordedHit
from docsearch.cases.replay import Alone, Circumstance, Fate, Moved, Replay
from docsearch.cli.explanation_marks import MARGIN, marked_passage
from docsearch.cli.explanation_text import (
    against_lines,
    comparison_lines,
    inspection_lines,
    list_lines,
    whereabouts_lines,
)
from docsearch.cli.replay_text import MOST_LISTED, replay_as_data, replay_lines
from docsearch.domain.explanation import (
    Attribution,
    Background,
    Contrast,
    Depth,
    Effect,
    Faithfulness,
    Inspection,
    Reading,
    Stage,
    Standing,
    Whereabouts,
)
from docsearch.domain.fusion import Fusion
from docsearch.domain.model import ScoreKind
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RerankScore
from docsearch.explain.pieces import words
from docsearch.presentation.heat import Heat, Scale
from docsearch.presentation.marked_text import CLOSE, OPEN
from docsearch.presentation.pieces import Line, text_of
from tests.cli.results import HOSTILE, NOT_RERANKED, ODD, RERANKED

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")
TEXT = "The disk is full again.\nDelete the old logs, not the new ones."


def attribution(text: str, **effects: float) -> Attribution:
    """An effect for each word that is named; 0 for the others."""
    found = [Effect(span, effects.get(text[slice(*span)], 0.0)) for span in words(text)]
    return Attribution("some-model", 3.25, tuple(found), len(found))


def marked(text: str, cells: int = 60, **views: Attribution) -> list[str]:
    scaled = {name: (each, Scale.of(each, Heat.WORDS)) for name, each in views.items()}
    return [text_of(line) for line in marked_passage(text, scaled, cells)]


def test_the_marks_stand_below_their_words_a_row_for_each_model() -> None:
    cross = attribution(TEXT, disk=2.0, full=0.6, old=-1.5, new=0.1)
    split = attribution(TEXT, full=0.04, logs=0.01)
    assert marked(TEXT, cross=cross, bi=split) == [
        "        The disk is full again.",
        " cross      ####    ++++",
        "    bi              ####",
        "        Delete the old logs, not the new ones.",
        " cross             ---",
        "    bi                 ++++",
    ]


ANY_CHARACTER = st.characters(codec="utf-8") | st.sampled_from("字 \t\n\u0301\u200d🎉")


@given(text=st.text(ANY_CHARACTER, max_size=80), cells=st.integers(30, 60))
def test_marks_are_as_wide_as_the_words_above_them(text: str, cells: int) -> None:
    every = [Effect(span, 1.0) for span in words(text)]
    lines = marked(text, cells, all=Attribution("m", 1.0, tuple(every), len(every)))
    rows = [line for line in lines if not line.startswith("   all  ")]
    marks = [line for line in lines if line.startswith("   all  ")]
    assert all(cell_len(line) <= max(map(cell_len, rows)) for line in marks)
    assert sum(line.count("#") for line in marks) <= sum(map(cell_len, rows)) - MARGIN * len(rows)
    assert bool(marks) == bool(every)


def drawn(lines: list[Line]) -> str:
    return "\n".join(text_of(line) for line in lines)


def test_an_inspection_tells_what_was_measured() -> None:
    hit = RERANKED.hits[0]
    text = hit.passage.chunk.text
    inspection = Inspection(
        hit,
        "some-reranker",
        reading=Reading(3, 9, 512, (15, 9), (1.0, 3.25)),
        words=attribution(text, full=2.0),
        faithfulness=Faithfulness(1, 2.0, (0.1, 0.3)),
        standing=Standing(None, 0.5, 0.01),
        background=Background((-9.0, -8.0)),
        reasons=("holds “full disk”",),
    )
    lines = drawn(list(inspection_lines(1, inspection, 80)))
    for told in ("manual.pdf, page 3", "+3.25", "holds “full disk”", "2 windows", "above 2 of 2"):
        assert told in lines
    assert "the marks matter" in lines
    assert not CONTROLS.search(lines)


def test_a_second_reranker_is_told_on_its_own_scale() -> None:
    hit = RERANKED.hits[0]
    text = hit.passage.chunk.text
    first = Inspection(hit, "some-reranker", words=attribution(text, full=2.0))
    second = Inspection(
        replace(hit.unread, rerank=RerankScore(0.75, 0.75)),
        "another\x1b[31m",
        reading=Reading(3, 9, 512, (15,), (0.75,)),
        words=attribution(text, full=0.02, disk=0.01),
        background=Background((0.1, 0.2)),
        kind=ScoreKind.SIMILARITY,
    )
    lines = drawn(list(against_lines(first, second, 80)))
    for told in (
        "the same passage under another",
        "+0.75 raw similarity, 0.750 of 1",
        "query 3 + passage 9 tokens",
        "above 2 of 2 random passages",
        "both like: full",
        "only another",
    ):
        assert told in lines
    assert "+3.25" not in lines
    assert "only some-reranker" not in lines
    assert not CONTROLS.search(lines)


def test_what_could_not_be_measured_leaves_no_gap() -> None:
    hit = NOT_RERANKED.hits[0]
    lines = drawn(list(inspection_lines(1, Inspection(hit, None), 80)))
    assert "ops/disk.md › Full disk:41" in lines
    assert "passage;" not in lines


def test_a_hostile_passage_is_only_ever_shown() -> None:
    hit = RERANKED.hits[2]
    assert hit.passage == ODD
    cross = attribution(hit.passage.chunk.text, nothing=1.0)
    lines = drawn(list(inspection_lines(3, Inspection(hit, "some-reranker", words=cross), 80)))
    assert not CONTROLS.search(lines)
    assert "nothing" in lines


def test_two_results_are_told_apart_by_the_words_that_decide() -> None:
    above, below = RERANKED.hits[:2]
    assert above.rerank is not None
    assert below.rerank is not None
    start = above.passage.chunk.text.index("disk")
    contrast = Contrast(above, below, above.rerank, below.rerank, ((start, start + 4),), -2.0)
    lines = drawn(list(comparison_lines(contrast, RERANKED, 90)))
    assert f"without {OPEN}disk{CLOSE} A falls to -2.00, B has -1.50" in lines
    assert f"A full {OPEN}disk{CLOSE} stops it." in lines
    assert not CONTROLS.search(lines)


def test_where_a_target_was_lost() -> None:
    found = Whereabouts("a.md:3", Stage.NOT_INDEXED, "ignored by .gitignore, line 1")
    assert drawn(list(whereabouts_lines(found, 80))).splitlines() == [
        "target  a.md:3",
        "stage   not indexed",
        "reason  ignored by .gitignore, line 1",
    ]


def test_a_list_that_was_not_reranked_has_not_moved() -> None:
    lines = drawn(list(list_lines(NOT_RERANKED, None, None, Depth((), 0, 0), (0, 0, ()), 80)))
    assert lines == "nothing was reranked, so nothing moved"


def recorded(path: str, rank: int, raw: float = 1.0) -> RecordedHit:
    return RecordedHit(path, 0, "00", rank, 0.5, rank, raw)


CASE = RecordedCase(
    made="2026-01-01",
    folder="/notes",
    typed=f"full disk {HOSTILE}",
    source=CandidateSource.DENSE,
    reranker="some-reranker",
    fusion=Fusion(),
    candidates=50,
    hits=(recorded("a.md", 1),),
    facts={},
)


def test_a_replay_that_is_the_same_says_so() -> None:
    lines = drawn(list(replay_lines(CASE, Replay((), (), ()))))
    assert "the same: 1 passage, their ranks and their scores" in lines
    assert replay_as_data(CASE, Replay((), (), ()))["same"] is True


def test_a_replay_tells_what_differs_and_what_may_be_why() -> None:
    replay = Replay(
        alone=tuple(
            Alone(recorded(HOSTILE, rank), Fate.GONE) for rank in range(1, MOST_LISTED + 3)
        ),
        moved=(Moved(recorded("a.md", 1), recorded("b.md", 3, 2.5), score_differs=True),),
        circumstances=(Circumstance("versions", "torch", "1.0", None),),
    )
    lines = drawn(list(replay_lines(CASE, replay)))
    assert not CONTROLS.search(lines)
    assert "number 1: its file is not in the index" in lines
    assert "and 2 more" in lines
    assert (
        "a.md #0: now b.md #0; number 1 → 1, now number 3 → 3; score +1.00, now score +2.50"
    ) in lines
    assert "versions: torch was 1.0, is none" in lines
    data = replay_as_data(CASE, replay)
    assert (data["same"], len(data["alone"])) == (False, MOST_LISTED + 2)
    assert data["moved"][0]["rank_differs"] is True
