from __future__ import annotations

import json
import re
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from docsearch.cli.results_table import order_line, plain_table, rich_table, summary
from docsearch.domain.fusion import Blend, Fusion, Voices
from docsearch.domain.ranking import SearchResult
from docsearch.presentation.as_data import result_as_data
from tests.cli.results import FUSED, HOSTILE, NOT_RERANKED, RERANKED

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")


def drawn(result: SearchResult, width: int, **console: Any) -> str:
    out = StringIO()
    Console(file=out, width=width, highlight=False, **console).print(rich_table(result, 10, width))
    return out.getvalue()


def test_the_plain_table_has_both_places_the_movement_and_the_scores() -> None:
    lines = plain_table(RERANKED, 10).splitlines()
    cells = [re.split(r"  +", line.strip()) for line in lines]
    assert cells[0] == [
        *("after", "before", "Δ", "score", "0-1", "dense", "win"),
        *("file › heading", "passage"),
    ]
    assert cells[1][:8] == ["1", "2", "▲1", "+3.25", "0.963", "0.500", "2", "manual.pdf, page 3"]
    assert cells[2][:8] == [
        *("2", "1", "▼1", "-1.50", "0.182", "0.750", "1"),
        "ops/disk.md › Full disk:41",
    ]
    assert cells[3][2] == "="
    assert cells[2][8] == "The disk is full again."


def test_its_columns_stand_under_their_headings() -> None:
    lines = plain_table(RERANKED, 10).splitlines()
    at = lines[0].index("file › heading")
    assert [line[at - 2 : at] for line in lines] == ["  "] * 4
    assert lines[1][at:].startswith("manual.pdf")


def test_where_voices_are_fused_the_number_that_makes_the_order_is_there() -> None:
    lines = plain_table(FUSED, 10).splitlines()
    cells = [re.split(r"  +", line.strip()) for line in lines]
    assert cells[0][:5] == ["after", "before", "Δ", "fused", "score"]
    assert [row[3:5] for row in cells[1:]] == [["+1.12", "+3.25"], ["+0.88", "-1.50"], ["·", "·"]]
    assert "fused" not in plain_table(RERANKED, 10)


def test_reciprocal_ranks_have_the_digits_in_which_they_differ() -> None:
    hits = tuple(replace(hit, voices=Voices(1 / 61, 1 / 62, 0)) for hit in FUSED.hits)
    by_ranks = replace(FUSED, fusion=Fusion(first_stage=1.0, blend=Blend.RANKS), hits=hits)
    assert "0.0325" in plain_table(by_ranks, 10)


@pytest.mark.parametrize(
    ("fusion", "line"),
    [
        (Fusion(), None),
        (Fusion(first_stage=0.5), "order: some-reranker + ½ bi-encoder (z-scores)"),
        (
            Fusion(2, 0.75, 0.3, half_life_days=7),
            "order: 2 × some-reranker + ¾ bi-encoder + 0.3 × recency (z-scores, half-life 7 days)",
        ),
        (
            Fusion(1, 1, 0.25, Blend.RANKS),
            "order: RRF of some-reranker + bi-encoder + ¼ recency (k = 60)",
        ),
        (Fusion(0, 1), "order: bi-encoder (z-scores)"),
        (Fusion(0, 0), "order: nothing, the first order (z-scores)"),
    ],
)
def test_what_makes_the_order_is_said_where_it_is_more_than_the_reranker(
    fusion: Fusion, line: str | None
) -> None:
    assert order_line(replace(FUSED, fusion=fusion)) == line


def test_nothing_is_fused_without_a_reranker() -> None:
    result = replace(NOT_RERANKED, fusion=Fusion(first_stage=0.5))
    assert order_line(result) is None
    assert "fused" not in plain_table(result, 10)


def test_without_a_reranker_there_is_one_place_and_one_score() -> None:
    lines = plain_table(NOT_RERANKED, 10).splitlines()
    assert re.split(r"  +", lines[0].strip()) == ["rank", "bm25", "file › heading", "passage"]
    assert re.split(r"  +", lines[1].strip())[:2] == ["1", "7.3"]


def test_no_more_rows_than_asked_for() -> None:
    assert len(plain_table(RERANKED, 2).splitlines()) == 3


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_terminal_s_table_keeps_to_its_width_and_says_the_same(width: int) -> None:
    text = drawn(RERANKED, width)
    assert all(len(line) <= width for line in text.splitlines())
    for word in ("▲1", "▼1", "=", "+3.25", "0.963", "0.500", "manual.pdf, page 3"):
        assert word in text
    fused = drawn(FUSED, width)
    assert all(len(line) <= width for line in fused.splitlines())
    for word in ("+1.12", "+3.25", "0.963", "manual.pdf, page 3"):
        assert word in fused


def test_colours_come_only_where_they_may() -> None:
    assert "\x1b[" in drawn(RERANKED, 100, force_terminal=True, color_system="truecolor")
    assert "\x1b" not in drawn(RERANKED, 100, force_terminal=True, color_system=None)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_nothing_of_a_name_or_a_document_reaches_the_terminal_with_power(width: int) -> None:
    for text in (plain_table(RERANKED, 10), drawn(RERANKED, width)):
        assert not CONTROLS.search(text)
    assert "odd␛[31m name��.md" in plain_table(RERANKED, 10)


def test_the_summary_names_every_stage_and_what_the_reranker_read() -> None:
    assert summary(RERANKED) == (
        "embed 12 ms · retrieve 1.0 ms · fetch 2.0 ms · rerank 1.50 s · first list 16 ms · "
        "top 10 800 ms · total 1.52 s · "
        "3 pairs · 3 windows · 2 batches · 1 cached"
    )


def test_as_data_every_rank_score_window_and_time_is_there() -> None:
    data = json.loads(json.dumps(result_as_data(RERANKED, None)))
    assert data["query"] == {
        "typed": "full disk after:soon",
        "words": "full disk after:soon",
        "filters": {
            "paths": [],
            "extensions": [],
            "tags": [],
            "after": None,
            "before": None,
            "excluded": [],
            "phrases": [],
        },
        "unparsed": ["after:soon"],
    }
    assert (data["source"], data["reranker"], data["notice"]) == ("dense", "some-reranker", None)
    assert data["timings"] == {
        "embed": 0.012,
        "retrieve": 0.001,
        "fetch": 0.002,
        "rerank": 1.5,
        "total": 1.52,
        "first_list": 0.016,
        "top_ten": 0.8,
        "pairs": 3,
        "cached_pairs": 1,
        "windows": 3,
        "batches": 2,
    }
    first = data["hits"][0]
    assert first["before"] == {"rank": 2, "score": 0.5}
    assert first["after"] == {
        "rank": 1,
        "raw": 3.25,
        "unit": 0.963,
        "windows": 2,
        "best_window": 1,
    }
    assert (first["movement"], first["path"], first["page"], first["line"]) == (
        *(1, "manual.pdf", 3, None),
    )
    assert data["hits"][1]["headings"] == ["Top", "Full disk"]
    assert data["hits"][2]["path"] == HOSTILE


def test_as_data_the_fusion_and_what_each_voice_gave_are_there() -> None:
    data = json.loads(json.dumps(result_as_data(FUSED, None)))
    assert data["fusion"] == {
        "reranker": 1.0,
        "first_stage": 0.5,
        "recency": 0.0,
        "blend": "scores",
        "k": 60,
        "half_life_days": 30.0,
    }
    assert [hit["voices"] for hit in data["hits"]] == [
        {"reranker": 1.125, "first_stage": 0.0, "recency": 0.0},
        {"reranker": 0.25, "first_stage": 0.625, "recency": 0.0},
        None,
    ]


def test_as_data_nothing_is_made_up_for_what_was_not_reranked() -> None:
    data = result_as_data(NOT_RERANKED, 1)
    assert [(hit["after"], hit["movement"]) for hit in data["hits"]] == [(None, None)]
    assert data["notice"] == "reranker: off (not downloaded)"


def test_json_keeps_controls_from_the_terminal() -> None:
    assert not CONTROLS.search(json.dumps(result_as_data(RERANKED, None), indent=2))
