from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from docsearch.domain.errors import ModelError, ModelMissingError, UsageError
from docsearch.domain.explanation import Background, Measure, Stage, Whereabouts
from docsearch.domain.fusion import Fusion
from docsearch.domain.model import ScoreKind
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import SearchResult
from docsearch.domain.settings import Settings
from docsearch.domain.wording import mix
from docsearch.engine.engine import Engine
from tests.engine.running import answer, running

SOUP = "# Soup\n\nOnions, stock and patience make the soup.\n"
DEEP = "Soup of onions, said the cook in the long letter about everything but cooking.\n"
FEW = Settings(candidates=2, fusion="none")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "kitchen").mkdir(parents=True)
    (folder / "soup.md").write_text(SOUP)
    (folder / "boat.md").write_text("# Boat\n\nThe hull was painted blue in spring.\n")
    (folder / "kitchen" / "letter.md").write_text("---\ntags: [old]\n---\n\n" + DEEP)
    (folder / "kitchen" / "onions.md").write_text("Onions, onions, onions!\n")
    (folder / ".gitignore").write_text("*.log\n")
    (folder / "cook.log").write_text("onions\n")
    (folder / "picture.bin").write_bytes(b"\x00\x01\x02\x00")
    return folder


@pytest.fixture
def engine(notes: Path, tmp_path: Path) -> Iterator[Engine]:
    with running(notes, tmp_path / "data", settings=FEW) as (engine, _):
        engine.wait_until_ready()
        yield engine


def traced(engine: Engine, target: str, typed: str = "onions soup") -> Whereabouts:
    return engine.inspector.whereabouts(typed, CandidateSource.DENSE, "at-hand", target)


def place_of(result: SearchResult, path: str) -> int:
    return next(at for at, hit in enumerate(result.hits) if hit.passage.path == path)


def test_a_hit_is_measured_to_the_end(engine: Engine) -> None:
    result = answer(engine, "onions soup", "at-hand")
    *growing, last = engine.inspector.inspect(result, result.hits[0])
    assert [*dict.fromkeys(each.doing for each in growing)] == list(Measure)
    assert last.doing is None
    assert last.hit == result.hits[0]
    assert last.words is not None
    assert last.split is not None
    assert last.background is not None
    # Every other chunk of the small index was drawn, and the best stands above them all.
    assert len(last.background.scores) == engine.progress().chunks - 1
    assert result.hits[0].rerank is not None
    assert last.background.share_below(result.hits[0].rerank.raw) == 1.0
    assert last.reasons


def test_a_file_that_went_since_the_search_is_known_to_be_gone(engine: Engine, notes: Path) -> None:
    hit = answer(engine, "onions soup", "at-hand").hits[0]
    assert not engine.inspector.is_gone(hit)
    (notes / hit.passage.path).unlink()
    assert engine.inspector.is_gone(hit)


def test_a_passage_is_not_compared_with_its_own_text(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    for name in ("soup.md", "copy.md"):
        (folder / name).write_text(DEEP)
    with running(folder, tmp_path / "data", settings=FEW) as (engine, _):
        engine.wait_until_ready()
        result = answer(engine, "onions soup", "at-hand")
        *_, last = engine.inspector.inspect(result, result.hits[0])
    assert last.background == Background(())


def test_its_standing_is_in_the_order_of_the_reranker_whatever_is_shown(
    notes: Path, tmp_path: Path
) -> None:
    settings = Settings(candidates=4, fusion="scores", first_stage_weight=10.0)
    with running(notes, tmp_path / "data", settings=settings) as (engine, _):
        engine.wait_until_ready()
        result = answer(engine, "onions soup", "at-hand")
        standings = []
        for hit in result.hits:
            *_, last = engine.inspector.inspect(result, hit)
            assert last.standing is not None
            standings.append(last.standing)
    raw = [hit.rerank.raw for hit in result.hits if hit.rerank is not None]
    assert raw != sorted(raw, reverse=True)
    assert [each.place for each in standings] == [
        1 + sum(other > own for other in raw) for own in raw
    ]
    for own, standing in zip(raw, standings, strict=True):
        better = [other - own for other in raw if other > own]
        assert standing.margin_above == (pytest.approx(min(better)) if better else None)


def test_the_background_is_the_same_each_time(engine: Engine) -> None:
    result = answer(engine, "onions soup", "at-hand")
    *_, once = engine.inspector.inspect(result, result.hits[0])
    *_, again = engine.inspector.inspect(result, result.hits[0])
    assert once.background == again.background


def test_without_a_reranker_there_is_the_first_stage_to_explain(engine: Engine) -> None:
    result = answer(engine, "onions soup")
    *_, last = engine.inspector.inspect(result, result.hits[0])
    assert last.split is not None
    assert (last.words, last.background, last.reranker) == (None, None, None)
    assert engine.inspector.movement(result) is None
    assert engine.inspector.depth(result).total == 0
    assert list(engine.inspector.missed(result)) == []
    with pytest.raises(UsageError, match="Nothing was reranked"):
        list(engine.inspector.contrasting(result, result.hits[0], result.hits[1]))


def test_a_service_is_sent_nothing_to_explain_its_order(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data", settings=FEW, hosted=True) as (engine, _):
        engine.wait_until_ready()
        result = answer(engine, "onions soup", "at-hand")
        assert result.reranker == "at-hand"
        *_, last = engine.inspector.inspect(result, result.hits[0])
        assert last.split is not None
        assert (last.reading, last.words, last.background) == (None, None, None)
        assert list(engine.inspector.missed(result)) == []
        with pytest.raises(UsageError, match="is a service"):
            list(engine.inspector.contrasting(result, result.hits[0], result.hits[1]))


def test_the_same_hit_is_measured_under_another_reranker(engine: Engine) -> None:
    result = answer(engine, "onions soup", "at-hand")
    first, *_, last = engine.inspector.under(result, result.hits[0], "/models/mine")
    assert (first.doing, first.hit.rerank) == (Measure.READING, None)
    assert last.doing is None
    assert last.reranker == "/models/mine"
    assert last.kind is ScoreKind.LOGIT
    assert last.reading is not None
    assert last.hit.rerank is not None
    assert last.hit.rerank.raw == max(last.reading.window_scores)
    assert last.hit.after_rank is None
    assert last.words is not None
    assert last.words.model == "/models/mine"
    assert last.faithfulness is not None
    assert last.background is not None
    assert last.standing is not None
    assert (last.standing.margin_above, last.standing.margin_below) == (None, None)
    assert (last.split, last.reasons) == (None, ())


@pytest.mark.parametrize(
    ("reranker", "error", "told"),
    [
        ("test/at-hand", UsageError, "made this order itself"),
        ("far-away", ModelMissingError, "far-away cannot be used"),
        ("nonsense", ModelError, "nonsense"),
    ],
)
def test_what_cannot_stand_against_a_reranker_is_refused_at_once(
    reranker: str, error: type[Exception], told: str, engine: Engine
) -> None:
    result = answer(engine, "onions soup", "at-hand")
    with pytest.raises(error, match=told):
        engine.inspector.under(result, result.hits[0], reranker)


def test_nothing_can_stand_against_no_reranker(engine: Engine) -> None:
    result = answer(engine, "onions soup")
    with pytest.raises(UsageError, match="Nothing was reranked"):
        engine.inspector.under(result, result.hits[0], "at-hand")


def test_a_service_is_not_set_against_a_reranker(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data", settings=FEW, hosted=True) as (engine, _):
        engine.wait_until_ready()
        result = answer(engine, "onions soup", "at-hand")
        with pytest.raises(UsageError, match="is a service"):
            engine.inspector.under(result, result.hits[0], "/models/mine")


def test_two_hits_are_told_apart_by_the_words_that_matter(engine: Engine) -> None:
    result = answer(engine, "onions soup", "at-hand")
    above, below = result.hits[0], result.hits[1]
    *_, contrast = engine.inspector.contrasting(result, above, below)
    assert (contrast.above, contrast.below) == (above, below)
    assert above.rerank is not None
    assert below.rerank is not None
    assert contrast.margin == above.rerank.raw - below.rerank.raw > 0
    text = above.passage.chunk.text
    turning = {text[start:end].lower() for start, end in contrast.turning}
    assert turning
    assert turning <= {"onions", "soup"}
    assert contrast.score_without < below.rerank.raw


def test_movement_and_depth_are_those_of_the_list(engine: Engine) -> None:
    result = answer(engine, "onions soup", "at-hand")
    movement = engine.inspector.movement(result)
    assert movement is not None
    assert movement.overlap == 2
    assert engine.inspector.depth(result).total == 2


def test_what_the_candidates_left_out_is_found(engine: Engine) -> None:
    result = answer(engine, "onions soup", "at-hand")
    held = {hit.passage.path for hit in result.hits}
    *_, (scored, total, found) = engine.inspector.missed(result)
    assert scored == total == 2
    assert {each.hit.passage.path for each in found}.isdisjoint(held)
    # Ten places and four passages: each of them would have a place.
    assert len(found) == 2
    assert {each.hit.before_rank for each in found} == {3, 4}
    ranks = [each.hit.after_rank for each in found]
    assert ranks == sorted(ranks, key=lambda rank: rank or 0)


def test_a_candidate_is_followed_to_its_place(engine: Engine) -> None:
    result = answer(engine, "onions soup", "at-hand")
    hit = result.hits[place_of(result, "soup.md")]
    found = traced(engine, "soup.md:3")
    assert found.stage is Stage.RERANKED
    assert (found.before_rank, found.after_rank) == (hit.before_rank, hit.after_rank)
    assert found.chunk_id == hit.passage.chunk_id
    assert found.rerank == hit.rerank


def test_what_is_no_candidate_is_told_with_the_place_it_would_have_had(engine: Engine) -> None:
    candidates = {hit.passage.path for hit in answer(engine, "onions soup", "at-hand").hits}
    assert "kitchen/letter.md" not in candidates
    found = traced(engine, "kitchen/letter.md")
    assert found.stage is Stage.NOT_RETRIEVED
    assert found.before_rank in {3, 4}
    assert found.rerank is not None
    # The passage holds both words, as the best does, and is longer.
    assert found.after_rank == 2


def test_the_place_that_is_told_is_one_of_the_order_that_is_shown(
    notes: Path, tmp_path: Path
) -> None:
    settings = Settings(candidates=4)
    with running(notes, tmp_path / "data", settings=settings) as (engine, _):
        engine.wait_until_ready()
        result = answer(engine, "onions soup", "at-hand")
        found = traced(engine, "soup.md")
    assert found.after_rank == place_of(result, "soup.md") + 1
    order = mix("at-hand", result.fusion, result.source)
    assert not result.fusion.is_alone
    assert f"{order} put it at number {found.after_rank} of 4" in found.reason


def test_a_line_of_front_matter_belongs_to_the_first_passage(engine: Engine) -> None:
    found = traced(engine, "kitchen/letter.md:1")
    assert found.chunk_id == traced(engine, "kitchen/letter.md").chunk_id


@pytest.mark.parametrize(
    ("target", "typed", "stage", "reason"),
    [
        ("cook.log", "onions", Stage.NOT_INDEXED, "ignored by .gitignore, line 1"),
        ("picture.bin:3", "onions", Stage.NOT_INDEXED, "binary"),
        ("nowhere.md", "onions", Stage.NOT_THERE, "no file nowhere.md"),
        ("boat.md", "onions path:kitchen", Stage.FILTERED, "filters"),
    ],
)
def test_what_never_reached_the_models_is_told_with_the_reason(
    target: str, typed: str, stage: Stage, reason: str, engine: Engine
) -> None:
    found = traced(engine, target, typed)
    assert found.stage is stage
    assert reason in found.reason


def test_a_file_that_came_after_indexing_is_not_indexed(engine: Engine, notes: Path) -> None:
    (notes / "new.md").write_text("onions\n")
    assert traced(engine, "new.md").stage is Stage.NOT_INDEXED


def test_a_target_has_its_place_in_the_order_that_is_asked_about(
    notes: Path, tmp_path: Path
) -> None:
    heard, words = Fusion(first_stage=10.0), "onions soup"
    asked = (words, CandidateSource.DENSE, "at-hand")
    with running(notes, tmp_path / "data", settings=replace(FEW, candidates=4)) as (engine, _):
        engine.wait_until_ready()
        shown = engine.search(*asked, fusion=heard)
        *_, last = shown
        alone = answer(engine, words, "at-hand")
        places = []
        for hit in last.result.hits:
            path = hit.passage.path
            found = engine.inspector.whereabouts(*asked, path, heard)
            places.append((found.after_rank, found.own_rank))
            assert found.after_rank == place_of(last.result, path) + 1
            assert found.own_rank == place_of(alone, path) + 1
            assert mix("at-hand", heard, CandidateSource.DENSE) in found.reason
            by_settings = engine.inspector.whereabouts(*asked, path)
            assert (by_settings.after_rank, by_settings.own_rank) == (found.own_rank, None)
    assert any(after != own for after, own in places)


def test_a_file_by_its_words_alone_that_has_none_of_them(engine: Engine) -> None:
    found = engine.inspector.whereabouts("onions", CandidateSource.BM25, "at-hand", "boat.md")
    assert (found.stage, found.before_rank) == (Stage.NOT_RETRIEVED, None)
    assert found.rerank is not None


@pytest.mark.parametrize(
    ("target", "typed", "told"),
    [
        ("soup.md:9", "onions", "no line 9; it ends with line 3"),
        ("/etc/hostname", "onions", "not in the folder"),
        ("soup.md", "  ", "query is empty"),
    ],
)
def test_what_cannot_be_followed_is_refused(
    target: str, typed: str, told: str, engine: Engine
) -> None:
    with pytest.raises(UsageError, match=told):
        traced(engine, target, typed)


def test_a_reranker_that_means_nothing_is_an_error_that_names_it(engine: Engine) -> None:
    with pytest.raises(ModelError, match="nonsense"):
        engine.inspector.whereabouts("onions", CandidateSource.DENSE, "nonsense", "soup.md")
