"""Judged sets, reranking, the table and the calibration, on made-up collections."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from tokenizers import Tokenizer

from docsearch.models.segment.cross_encoder import Calibration, SegmentCrossEncoder
from docsearch.models.segment.network import SegmentNetwork
from training.agreement import agreement_table
from training.calibrate import (
    JudgedLogits,
    ReliabilityBin,
    calibration_error,
    fit,
    judged_logits,
    reliability,
)
from training.judged_sets import load_judged_set
from training.metrics import mean_difference, ndcg_at_10
from training.reliability_plot import reliability_svg
from training.rerank import fitting_parts, fuse, rerank
from training.table import Reranked, gains_table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    passages = [{"_id": f"p{row}", "title": "", "text": "wing lift"} for row in range(4)]
    passages[0]["title"] = "heart"
    queries = [{"_id": f"q{row}", "text": "lift"} for row in range(6)]
    for name, rows in (("corpus", passages), ("queries", queries)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    judged = [f"q{row}\tp{row % 4}\t1" for row in range(5)] + ["q5\tp0\t0"]
    (tmp_path / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *judged]))
    return tmp_path


def test_only_queries_with_a_relevant_passage_are_judged(folder: Path) -> None:
    judged = load_judged_set(folder)
    assert sorted(judged.queries) == [f"q{row}" for row in range(5)]
    assert judged.passages["p0"] == "heart wing lift"
    assert judged.pool("q0") == ["p0", "p1", "p2", "p3"]


def test_a_smaller_sample_begins_a_larger_one(folder: Path) -> None:
    larger = list(load_judged_set(folder, sample=4, seed=1).queries)
    assert list(load_judged_set(folder, sample=2, seed=1).queries) == larger[:2]


def test_given_candidates_without_text_are_left_out(folder: Path) -> None:
    (folder / "candidates.json").write_text('{"q0": ["p3", "gone", "p1"]}')
    judged = load_judged_set(folder)
    assert list(judged.queries) == ["q0"]
    assert judged.pool("q0") == ["p3", "p1"]


def test_reranking_keeps_the_passages_and_gives_new_scores(
    folder: Path, network: SegmentNetwork, tokenizer: Tokenizer
) -> None:
    model = SegmentCrossEncoder(network, tokenizer, Calibration())
    second = rerank(model, load_judged_set(folder), {"q0": {"p0": 0.9, "p1": 0.8}})
    assert list(second["q0"]) == ["p0", "p1"]
    assert second["q0"]["p0"] != second["q0"]["p1"]


def test_the_parts_of_a_long_passage_cover_it(
    network: SegmentNetwork, tokenizer: Tokenizer
) -> None:
    model = SegmentCrossEncoder(network, tokenizer, Calibration())
    passage = " ".join(["wing"] * 700 + ["root"] * 700)
    parts = fitting_parts(model, passage)
    assert all(model.token_count(part) <= model.window for part in parts)
    assert parts[0].startswith("wing")
    assert parts[-1].endswith("root")
    assert sum(len(part.split()) for part in parts) > 1400


def test_fusion_with_no_weight_is_the_second_stages_order() -> None:
    first = {"q": {"a": 3.0, "b": 2.0, "c": 1.0}}
    second = {"q": {"a": 0.0, "b": 5.0, "c": 1.0}}

    def order(weight: float) -> list[str]:
        fused = fuse(first, second, weight)["q"]
        return sorted(fused, key=fused.__getitem__, reverse=True)

    assert order(0.0) == ["b", "c", "a"]
    assert order(9.0) == ["a", "b", "c"]


def test_the_perfect_order_has_ndcg_1() -> None:
    grades = {"q": {"a": 2, "b": 1}, "r": {"a": 1}}
    perfect = {"q": {"a": 2.0, "b": 1.0, "c": 0.0}, "r": {"a": 1.0}}
    assert ndcg_at_10(perfect, grades) == pytest.approx([1, 1])
    assert ndcg_at_10({"r": {"c": 1.0}}, grades) == pytest.approx([0])


def test_every_set_has_the_same_say_in_the_mean() -> None:
    difference = mean_difference([np.full(100, 0.0), np.full(2, 0.5)], seed=1)
    assert (difference.mean, difference.low, difference.high) == pytest.approx((0.25, 0.25, 0.25))


def test_the_table_has_a_row_for_each_set_and_the_mean() -> None:
    grades = {"q": {"b": 1}}
    done = Reranked("toy", grades, {"q": {"a": 2.0, "b": 1.0}}, {"q": {"a": 0.0, "b": 1.0}})
    table = gains_table([done, done], first_weight=0.1, seed=1).splitlines()
    assert table[2] == (
        "| toy | 1 | 0.631 | 1.000 | +0.369 [+0.369, +0.369] | 1.000 | +0.369 [+0.369, +0.369] |"
    )
    assert table[-1].startswith("| mean | | 0.631 | 1.000 | +0.369")


def test_calibration_finds_the_curve_that_made_the_labels() -> None:
    draw = np.random.default_rng(0)
    logits = draw.normal(3, 4, size=40_000)
    relevant = draw.random(40_000) < 1 / (1 + np.exp(-(0.5 * logits - 2)))
    judged = JudgedLogits(logits, relevant, np.full(40_000, 1 / 40_000))
    fitted = fit(judged)
    assert fitted.slope == pytest.approx(0.5, abs=0.03)
    assert fitted.offset == pytest.approx(-2, abs=0.1)
    assert calibration_error(reliability(judged, fitted)) < 0.01


def test_sets_weigh_the_same_in_calibration() -> None:
    small = Reranked("small", {"q": {"a": 1}}, {}, {"q": {"a": 1.0}})
    large = Reranked("large", {"q": {"a": 0}}, {}, {"q": {"a": 1.0, "b": 2.0, "c": 3.0}})
    judged = judged_logits([small, large])
    assert judged.relevant.tolist() == [True, False, False, False]
    assert judged.weights.tolist() == pytest.approx([1 / 2, 1 / 6, 1 / 6, 1 / 6])


def test_agreement_names_the_largest_difference_of_any_set() -> None:
    first = {"q": {"a": 2.0, "b": 1.0}}
    one = Reranked("toy", {"q": {"b": 1}}, first, {"q": {"a": 0.0, "b": 1.0}})
    same = replace(one, second_stage={"q": {"a": 0.1, "b": 0.9}})
    worse = replace(one, second_stage={"q": {"a": 1.0, "b": 0.0}})
    assert agreement_table([one], [same], 0.5).endswith("largest difference 0.0000")
    assert agreement_table([one], [worse], 0.5).endswith("largest difference 0.3691")


def test_runs_over_other_queries_are_not_compared() -> None:
    one = Reranked("toy", {}, {}, {"q": {"a": 1.0}})
    with pytest.raises(ValueError, match="same queries"):
        agreement_table([one], [replace(one, second_stage={"r": {"a": 1.0}})], 0.5)


def test_the_plot_has_a_dot_where_predicted_meets_observed() -> None:
    table = [ReliabilityBin(0.25, 0.5, 0.75), ReliabilityBin(0.75, 0.75, 0.25)]
    picture = fromstring(reliability_svg(table, "made up"))
    dots = picture.findall("{http://www.w3.org/2000/svg}circle")
    assert [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in dots] == [
        (44 + 80, 44 + 160),
        (44 + 240, 44 + 80),
    ]
    assert float(dots[0].attrib["r"]) > float(dots[1].attrib["r"])
