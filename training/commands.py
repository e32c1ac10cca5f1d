"""What each command does: read files, run the step, write files.

In: the options of the command line. Out: files in the folders that the options name; `evaluate`,
`table` and `calibrate` print. Does not know: how any step does its work.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from docsearch.models.segment.cross_encoder import CONFIG_FILE, Calibration, SegmentCrossEncoder
from docsearch.models.segment.network import Architecture, SegmentNetwork
from training import (
    agreement,
    calibrate,
    encoders,
    export,
    first_stage,
    judged_sets,
    mine,
    pairs,
    rarity,
    reliability_plot,
    rerank,
    start,
    table,
    teach,
    train,
)
from training.batches import BatchStream

FIRST_STAGE = "all-MiniLM-L6-v2"
TEACHERS = ("bge-small-en-v1.5", "snowflake-arctic-embed-s")
LAYERS_TOGETHER = 2


def run_mine(options: argparse.Namespace) -> None:
    """Choose questions and fill their rows of candidates."""
    questions = pairs.read_questions(options.data, pairs.QUESTIONS_PER_SOURCE, options.seed)
    encoder = _encoder(FIRST_STAGE, options)
    mine.save_mined(mine.mine(questions, encoder), options.mined)


def run_teach(options: argparse.Namespace) -> None:
    """Keep one teacher's opinion of every mined candidate."""
    mined = mine.load_mined(options.mined)
    opinion = teach.ask(_encoder(options.teacher, options), mined)
    path = options.mined / f"{options.teacher}.npz"
    np.savez(path, cosine=opinion.cosine, late=opinion.late)


def run_train(options: argparse.Namespace) -> None:
    """Start from the bi-encoder; learn from labels and every teacher whose opinion is there."""
    mined = mine.load_mined(options.mined)
    files = [options.mined / f"{name}.npz" for name in TEACHERS]
    kept = [np.load(path) for path in files if path.exists()]
    opinion = teach.ensemble([teach.Opinion(read["cosine"], read["late"]) for read in kept])
    unsure = teach.likely_answers(mined, opinion, options.margin)
    folder = encoders.known_encoders(options.models)[FIRST_STAGE].folder
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    network = start.network_from_bi_encoder(folder, LAYERS_TOGETHER)
    rarity.count_into(network.exact_match, mined.passages, tokenizer)
    if options.start:
        network.load_state_dict(train.average_snapshots(options.start))
    stream = BatchStream(
        mined,
        opinion,
        unsure,
        tokenizer,
        questions=options.questions,
        candidates=options.candidates,
        max_tokens=options.max_tokens,
        seed=options.seed,
    )
    schedule = train.Schedule(
        steps=options.steps,
        learning_rate=options.learning_rate,
        frozen_layers=options.frozen_layers,
    )
    train.train(network, stream.at, schedule, options.out)


def run_export(options: argparse.Namespace) -> None:
    """Average snapshots and write the folder that the runtime loads."""
    folder = encoders.known_encoders(options.models)[FIRST_STAGE].folder
    network = start.network_from_bi_encoder(folder, LAYERS_TOGETHER)
    network.load_state_dict(train.average_snapshots(options.snapshots))
    card = options.card.read_text(encoding="utf-8")
    export.export(network, folder / "tokenizer.json", Calibration(), card, options.out)


def run_evaluate(options: argparse.Namespace) -> None:
    """Rerank the judged sets, keep the rankings, print the table; nothing is done twice."""
    model = SegmentCrossEncoder.load(options.model, getattr(torch, options.precision))
    for folder in _set_folders(options):
        judged = judged_sets.load_judged_set(folder, options.queries, options.seed)
        first = first_stage.load_ranking(options.first_stage / f"{judged.name}.json")
        if not first.keys() >= judged.queries.keys():
            first = first_stage.rank_by_cosine(judged, _encoder(FIRST_STAGE, options))
            first_stage.keep_ranking(first, options.first_stage / f"{judged.name}.json")
        kept = first_stage.load_ranking(options.out / f"{judged.name}.json")
        missing = {query_id: first[query_id] for query_id in judged.queries if query_id not in kept}
        kept |= rerank.rerank(model, judged, missing)
        first_stage.keep_ranking(kept, options.out / f"{judged.name}.json")
        logging.info("reranked %s", judged.name)
    run_table(options)


def run_table(options: argparse.Namespace) -> None:
    """Print the table of rankings that `evaluate` kept."""
    done = _reranked(options, options.out)
    _say(table.gains_table(done, options.first_weight, options.seed))


def run_agree(options: argparse.Namespace) -> None:
    """Compare the rankings that `evaluate` kept of two precisions, set by set."""
    ones, others = _reranked(options, options.out), _reranked(options, options.other)
    _say(agreement.agreement_table(ones, others, options.first_weight))


def run_calibrate(options: argparse.Namespace) -> None:
    """Fit the 0-1 form on kept rankings and write it into the model's folder."""
    judged = calibrate.judged_logits(_reranked(options, options.out))
    calibration = calibrate.fit(judged)
    reliability = calibrate.reliability(judged, calibration)
    for row in reliability:
        _say(f"| {row.predicted:.3f} | {row.observed:.3f} | {row.weight:.3f} |")
    _say(f"{calibration}, expected error {calibrate.calibration_error(reliability):.4f}")
    if options.plot is not None:
        picture = reliability_plot.reliability_svg(reliability, "reliability")
        options.plot.write_text(picture, encoding="utf-8")
    config = json.loads((options.model / CONFIG_FILE).read_text(encoding="utf-8"))
    network = SegmentNetwork(Architecture(**config["architecture"]))
    export.write_config(network, calibration, options.model)
    export.seal(options.model)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _reranked(options: argparse.Namespace, rankings: Path) -> list[table.Reranked]:
    done = []
    for folder in _set_folders(options):
        grades = judged_sets.load_judged_set(folder).grades
        first = first_stage.load_ranking(options.first_stage / f"{folder.name}.json")
        second = first_stage.load_ranking(rankings / f"{folder.name}.json")
        reranked_grades = {query_id: grades[query_id] for query_id in second}
        reranked_first = {query_id: first[query_id] for query_id in second}
        done.append(table.Reranked(folder.name, reranked_grades, reranked_first, second))
    return done


def _set_folders(options: argparse.Namespace) -> list[Path]:
    return [path.parent for path in sorted(options.sets.glob("*/qrels.tsv"))]


def _encoder(name: str, options: argparse.Namespace) -> encoders.Encoder:
    return encoders.Encoder(encoders.known_encoders(options.models)[name], options.max_tokens)
