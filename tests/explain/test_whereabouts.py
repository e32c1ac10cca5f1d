from __future__ import annotations

from dataclasses import replace

import pytest

from docsearch.domain.document import Skipped
from docsearch.domain.explanation import Stage
from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RerankScore
from docsearch.explain.whereabouts import Facts, whereabouts

CANDIDATE = Facts(
    "ops/raid.md:12",
    CandidateSource.DENSE,
    is_there=True,
    is_indexed=True,
    chunk_id=7,
    before_rank=12,
    before_score=0.41234,
    ranked=4812,
    candidates=50,
    is_candidate=True,
    reranker="minilm-l6",
    rerank=RerankScore(1.25, 0.78),
    after_rank=41,
)
HALF = Fusion(first_stage=0.5)
BEYOND = replace(CANDIDATE, before_rank=1312, is_candidate=False, after_rank=4)


@pytest.mark.parametrize(
    ("facts", "stage", "reason"),
    [
        (
            Facts("x.md", CandidateSource.DENSE),
            Stage.NOT_THERE,
            "there is no file x.md in the folder",
        ),
        (
            Facts("x.md", CandidateSource.DENSE, is_there=True),
            Stage.NOT_INDEXED,
            "x.md is not indexed yet",
        ),
        (
            Facts("x.pdf", CandidateSource.DENSE, skipped=Skipped("x.pdf", "it is encrypted")),
            Stage.NOT_INDEXED,
            "x.pdf is left out of the index: it is encrypted",
        ),
        (
            replace(CANDIDATE, chunk_id=None),
            Stage.NOT_INDEXED,
            "ops/raid.md:12: the file is indexed, but no passage of it is there",
        ),
        (
            replace(CANDIDATE, passes_filters=False, is_candidate=False),
            Stage.FILTERED,
            "the filters of the query leave ops/raid.md:12 out",
        ),
        (
            BEYOND,
            Stage.NOT_RETRIEVED,
            "the bi-encoder put it at number 1,312 of 4,812 (0.412); only the first 50 go on. "
            "minilm-l6 would have put it at number 4 (+1.25)",
        ),
        (
            replace(BEYOND, reranker=None, rerank=None, after_rank=None),
            Stage.NOT_RETRIEVED,
            "the bi-encoder put it at number 1,312 of 4,812 (0.412); only the first 50 go on",
        ),
        (
            replace(BEYOND, source=CandidateSource.BM25, before_rank=None, before_score=None),
            Stage.NOT_RETRIEVED,
            "BM25 does not find it; only the first 50 go on. "
            "minilm-l6 would have put it at number 4 (+1.25)",
        ),
        (
            replace(CANDIDATE, reranker=None, rerank=None, after_rank=None),
            Stage.RETRIEVED,
            "the bi-encoder put it at number 12 of 4,812 (0.412); nothing was reranked",
        ),
        (
            CANDIDATE,
            Stage.RERANKED,
            "the bi-encoder put it at number 12 of 4,812 (0.412); "
            "minilm-l6 put it at number 41 of 50 (+1.25)",
        ),
        (
            replace(CANDIDATE, fusion=HALF),
            Stage.RERANKED,
            "the bi-encoder put it at number 12 of 4,812 (0.412); "
            "minilm-l6 + ½ bi-encoder put it at number 41 of 50 (+1.25 from the reranker)",
        ),
        (
            replace(CANDIDATE, fusion=HALF, own_rank=12),
            Stage.RERANKED,
            "the bi-encoder put it at number 12 of 4,812 (0.412); minilm-l6 + ½ bi-encoder put it "
            "at number 41 of 50 (+1.25 from the reranker, by which it is number 12)",
        ),
        (
            replace(BEYOND, fusion=HALF),
            Stage.NOT_RETRIEVED,
            "the bi-encoder put it at number 1,312 of 4,812 (0.412); only the first 50 go on. "
            "minilm-l6 + ½ bi-encoder would have put it at number 4 (+1.25 from the reranker)",
        ),
    ],
)
def test_each_stage_says_what_happened(facts: Facts, stage: Stage, reason: str) -> None:
    found = whereabouts(facts)
    assert (found.stage, found.reason) == (stage, reason)


def test_what_was_measured_is_passed_on() -> None:
    found = whereabouts(BEYOND)
    assert (found.chunk_id, found.before_rank, found.before_score) == (7, 1312, 0.41234)
    assert (found.after_rank, found.rerank) == (4, RerankScore(1.25, 0.78))


def test_a_file_that_is_left_out_says_so_even_while_an_old_index_still_holds_it() -> None:
    skipped = Skipped("ops/raid.md", "ignored by .gitignore, line 3", ignored=True)
    assert whereabouts(replace(CANDIDATE, skipped=skipped)).stage is Stage.NOT_INDEXED


def test_names_and_reasons_cannot_steer_a_terminal() -> None:
    bad = "a\x1b[31m\udcff.md"
    for facts in (
        Facts(bad, CandidateSource.DENSE),
        Facts("x", CandidateSource.DENSE, skipped=Skipped("x", f"broken: {bad}")),
    ):
        found = whereabouts(facts)
        assert "\x1b" not in found.target + found.reason
        (found.target + found.reason).encode()
