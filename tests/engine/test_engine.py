from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import FolderError, IndexStoreError, ModelError
from docsearch.domain.fusion import Blend, Fusion
from docsearch.domain.progress import Phase, WatchMode
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Retrieved
from docsearch.domain.settings import Settings
from docsearch.engine.compose import compose
from docsearch.ingest.discover import require_folder
from docsearch.storage.library import Library
from tests.engine.running import answer, running
from tests.fakes.models import FakeModels
from tests.fakes.reranker import FakeReranker


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "soup.md").write_text("# Soup\n\nOnions, stock and patience make the soup.\n")
    (folder / "boat.md").write_text("# Boat\n\nThe hull was painted blue in spring.\n")
    return folder


def test_a_search_ends_with_both_orders(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        events = list(engine.search("onions soup", CandidateSource.DENSE, "at-hand"))
    assert isinstance(events[0], Retrieved)
    result = events[-1].result
    assert result.reranker == "at-hand"
    assert result.hits[0].passage.path == "soup.md"
    assert [hit.after_rank for hit in result.hits] == [1, 2]
    assert result.notice is None


def test_the_order_is_made_as_suits_the_reranker_unless_something_else_is_asked_for(
    notes: Path, tmp_path: Path
) -> None:
    by_ranks = Fusion(first_stage=1.0, blend=Blend.RANKS)
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        usual = answer(engine, "onions soup", "at-hand")
        *_, chosen = engine.search("onions soup", CandidateSource.DENSE, "at-hand", by_ranks)
        assert engine.fusion_with(None).is_alone
    assert usual.fusion == Fusion(first_stage=0.25)
    assert all(hit.voices and hit.voices.first_stage for hit in usual.hits)
    assert chosen.result.fusion == by_ranks
    top = chosen.result.hits[0].voices
    assert top is not None
    assert top.total == pytest.approx(2 / 61)


def test_settings_may_leave_the_order_to_the_reranker(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data", settings=Settings(fusion="none")) as (engine, _):
        engine.wait_until_ready()
        result = answer(engine, "onions soup", "at-hand")
    assert result.fusion.is_alone
    assert [hit.voices for hit in result.hits] == [None, None]


def test_a_reranker_that_is_not_on_disk_leaves_the_first_order_and_says_so(
    notes: Path, tmp_path: Path
) -> None:
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        result = answer(engine, "onions soup", "far-away")
    assert result.reranker is None
    assert result.notice == "reranker: off (not downloaded)"
    assert [hit.before_rank for hit in result.hits] == [1, 2]


def test_an_unknown_reranker_is_an_error_that_names_it(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        with pytest.raises(ModelError, match="nonsense"):
            answer(engine, "soup", "nonsense")


def test_the_settings_own_reranker_is_one_of_those_that_are_known(
    notes: Path, tmp_path: Path
) -> None:
    listed = ["at-hand", "far-away"]
    for named, known in {
        "none": listed,
        "nonsense": listed,
        "test/at-hand": listed,
        "/models/mine": [*listed, "/models/mine"],
    }.items():
        settings = Settings(reranker=named)
        with running(notes, tmp_path / "data", settings=settings) as (engine, _):
            assert [each.description.name for each in engine.rerankers()] == known


def test_a_model_goes_by_one_name_however_it_was_typed(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        assert answer(engine, "soup", "at-hand").reranker == "at-hand"
        assert answer(engine, "soup", "test/at-hand").reranker == "at-hand"


def test_models_are_loaded_ahead_also_where_no_reranker_is_asked_for(
    notes: Path, tmp_path: Path
) -> None:
    for chosen, loaded in (("none", []), ("at-hand", ["at-hand"]), ("far-away", [])):
        models, settings = FakeModels(FakeReranker("at-hand")), Settings(reranker=chosen)
        with running(notes, tmp_path / "data", settings=settings, models=models) as (engine, _):
            engine.warm_up()
            engine.warm_up()
            assert models.loaded == loaded


def test_what_is_loaded_meanwhile_is_there_when_the_engine_has_stopped(
    notes: Path, tmp_path: Path
) -> None:
    models, settings = FakeModels(FakeReranker("at-hand")), Settings(reranker="at-hand")
    with running(notes, tmp_path / "data", settings=settings, models=models) as (engine, _):
        engine.warm_up_meanwhile()
    assert models.loaded == ["at-hand"]


def test_a_fault_of_what_is_loaded_meanwhile_is_told_by_the_search(
    notes: Path, tmp_path: Path
) -> None:
    with running(notes, tmp_path / "data", settings=Settings(reranker="unknown")) as (engine, _):
        engine.warm_up_meanwhile()
        with pytest.raises(ModelError, match="unknown"):
            answer(engine, "soup", "unknown")


def test_reranking_is_timed_and_the_speed_outlasts_the_session(notes: Path, tmp_path: Path) -> None:
    for number in range(30):
        (notes / f"{number}.md").write_text(f"Soup number {number} is made of onions.\n")
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        assert engine.speeds() == {}
        answer(engine, "onions soup", "at-hand")
        measured = engine.speeds()["at-hand"]
        assert measured.pairs == 32
        assert measured.pairs_per_second > 0
        answer(engine, "onions soup", "at-hand")
        assert engine.speeds()["at-hand"] == measured
    with running(notes, tmp_path / "data") as (engine, _):
        assert engine.speeds() == {"at-hand": measured}


def test_a_saved_file_is_found_and_announced(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data", watch=True) as (engine, listener):
        before = listener.wait_for(Phase.READY, chunks=2)
        assert before.watch in {WatchMode.NATIVE, WatchMode.POLLING}
        (notes / "bees.md").write_text("The hive swarmed on a warm afternoon.\n")
        after = listener.wait_for(Phase.READY, chunks=3)
        assert after.generation > before.generation
        assert answer(engine, "hive swarmed").hits[0].passage.path == "bees.md"


def test_the_next_start_embeds_nothing_again(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
    with running(notes, tmp_path / "data") as (engine, listener):
        engine.wait_until_ready()
        assert engine.progress().chunks == 2
        assert all(each.chunks_embedded == 0 for each in listener.snapshots)


def test_a_second_engine_reads_says_so_and_takes_over(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data", watch=True) as (_, writing):
        writing.wait_for(Phase.READY, chunks=2)
        second = running(notes, tmp_path / "data", watch=True)
        reader, reading = second.__enter__()
        told = reading.wait_for(Phase.READ_ONLY, chunks=2)
        assert told.notice is not None
        assert "another docsearch" in told.notice
        (notes / "bees.md").write_text("The hive swarmed on a warm afternoon.\n")
        reading.wait_for(Phase.READ_ONLY, chunks=3)
        assert answer(reader, "hive swarmed").hits[0].passage.path == "bees.md"
    reading.wait_for(Phase.READY, chunks=3)
    second.__exit__(None, None, None)


def test_an_index_that_is_read_as_it_is_takes_in_nothing_new(notes: Path, tmp_path: Path) -> None:
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
    (notes / "bees.md").write_text("The hive swarmed on a warm afternoon.\n")
    with running(notes, tmp_path / "data", update=False) as (engine, _):
        engine.wait_until_ready()
        assert {hit.passage.path for hit in answer(engine, "hive").hits} == {"soup.md", "boat.md"}


def test_the_best_sentence_is_the_one_that_speaks_of_the_query(notes: Path, tmp_path: Path) -> None:
    text = "The weather was mild. The onions were sold out. Nobody complained."
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
        hit = answer(engine, "onions soup").hits[0]
        passage: StoredChunk = replace(hit.passage, chunk=replace(hit.passage.chunk, text=text))
        for reranker in (None, "at-hand"):
            start, end = engine.best_sentence("onions sold", passage, reranker)
            assert text[start:end] == "The onions were sold out."


def test_a_folder_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="nowhere"):
        compose(tmp_path / "nowhere", Settings(data_dir=str(tmp_path / "data")))


def test_what_keeps_the_index_from_opening_reaches_whoever_waits(
    notes: Path, tmp_path: Path
) -> None:
    blocked = tmp_path / "data"
    blocked.write_text("a file where the data directory should be")
    with running(notes, blocked) as (engine, listener):
        with pytest.raises(Exception, match="data"):
            engine.wait_until_ready()
        assert listener.snapshots[-1].phase is Phase.FAILED
        with pytest.raises(Exception, match="data"):
            answer(engine, "soup")


def test_an_index_that_cannot_be_written_for_a_while_is_caught_up_with_afterwards(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_files = Library.put_files

    def full(*_: object) -> None:
        raise IndexStoreError("The disk is full.", passing=True)

    with running(notes, tmp_path / "data", watch=True) as (engine, listener):
        listener.wait_for(Phase.READY, chunks=2)
        monkeypatch.setattr(Library, "put_files", full)
        (notes / "bees.md").write_text("The hive swarmed on a warm afternoon.\n")
        waiting = listener.wait_for(Phase.WAITING, chunks=2)
        assert re.fullmatch(
            r"The index stands still since \d\d:\d\d\. The disk is full\.", waiting.notice or ""
        )
        assert answer(engine, "onions").hits
        monkeypatch.setattr(Library, "put_files", put_files)
        after = listener.wait_for(Phase.READY, chunks=3)
        assert after.notice is None


def test_a_change_of_a_folder_that_is_locked_at_the_time_is_not_lost(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(path: Path) -> Path:
        raise FolderError(f"The folder {path} cannot be read: permission denied.")

    with running(notes, tmp_path / "data", watch=True) as (_, listener):
        listener.wait_for(Phase.READY, chunks=2)
        monkeypatch.setattr("docsearch.ingest.pipeline.require_folder", locked)
        (notes / "bees.md").write_text("The hive swarmed on a warm afternoon.\n")
        waiting = listener.wait_for(Phase.WAITING, chunks=2)
        assert "permission denied" in (waiting.notice or "")
        monkeypatch.setattr("docsearch.ingest.pipeline.require_folder", require_folder)
        listener.wait_for(Phase.READY, chunks=3)


def test_a_command_that_cannot_bring_the_index_up_to_date_is_told_why_and_can_search(
    notes: Path, tmp_path: Path
) -> None:
    with running(notes, tmp_path / "data") as (engine, _):
        engine.wait_until_ready()
    away = notes.rename(notes.with_name("away"))
    with running(notes, tmp_path / "data") as (engine, _):
        with pytest.raises(FolderError, match="no folder"):
            engine.wait_until_ready()
        assert engine.progress().phase is Phase.WAITING
        assert answer(engine, "onions soup").hits[0].passage.path == "soup.md"
    away.rename(notes)


def test_an_index_that_is_deleted_while_it_is_open_is_made_again(
    notes: Path, tmp_path: Path
) -> None:
    with running(notes, tmp_path / "data", watch=True) as (_, listener):
        listener.wait_for(Phase.READY, chunks=2)
        shutil.rmtree(tmp_path / "data")
        (notes / "bees.md").write_text("The hive swarmed on a warm afternoon.\n")
        listener.wait_for(Phase.READY, chunks=3)
