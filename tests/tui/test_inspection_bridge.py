"""Explanations grow on the screen that asked, and whoever leaves cancels what is measured."""

from __future__ import annotations

from docsearch.domain.errors import ModelCorruptError
from docsearch.tui.messages import (
    ContrastMoved,
    Crashed,
    DepthFound,
    ExplanationFailed,
    InspectionMoved,
    MissedMoved,
)
from docsearch.tui.search_engine import (
    AgainstRequest,
    ContrastRequest,
    InspectRequest,
    OverviewRequest,
)
from tests.tui import inspections, samples
from tests.tui.scripted_engine import ScriptedEngine
from tests.tui.test_engine_bridge import PATIENCE, Heard, bridged

RESULT = samples.reranked(12)
TOP, SECOND, THIRD = RESULT.hits[:3]


def test_an_inspection_grows_until_all_is_known() -> None:
    screen, request = Heard(), InspectRequest(RESULT, TOP)
    with bridged(ScriptedEngine()) as (bridge, _):
        bridge.explaining.ask(request, screen.post)
        heard = screen.until(
            lambda each: isinstance(each, InspectionMoved) and each.inspection.doing is None
        )
    grown = [each for each in heard if isinstance(each, InspectionMoved)]
    assert [each.inspection for each in grown] == list(inspections.growing(TOP))
    assert all(each.request is request for each in grown)


def test_the_next_hit_ends_what_is_measured_of_the_one_before() -> None:
    engine, screen = ScriptedEngine(), Heard()
    engine.inspector.until = 2
    with bridged(engine) as (bridge, _):
        bridge.explaining.ask(InspectRequest(RESULT, TOP), screen.post)
        screen.until(lambda each: isinstance(each, InspectionMoved))
        bridge.explaining.ask(InspectRequest(RESULT, SECOND), screen.post)
        engine.go_on.set()
        screen.until(
            lambda each: (
                isinstance(each, InspectionMoved)
                and each.inspection.hit is SECOND
                and each.inspection.doing is None
            )
        )
    assert engine.inspector.left.is_set()


def test_a_second_reranker_ends_nothing_that_is_measured_under_the_first() -> None:
    engine, screen = ScriptedEngine(), Heard()
    engine.inspector.until = 2
    first, second = InspectRequest(RESULT, TOP), AgainstRequest(RESULT, TOP, "another")
    ended: set[str | None] = set()

    def both_ended(each: object) -> bool:
        if isinstance(each, InspectionMoved) and each.inspection.doing is None:
            ended.add(each.inspection.reranker)
        return len(ended) == 2

    with bridged(engine) as (bridge, _):
        bridge.explaining.ask(first, screen.post)
        bridge.explaining.ask(second, screen.post)
        screen.until(lambda each: isinstance(each, InspectionMoved) and each.request is second)
        engine.go_on.set()
        screen.until(both_ended)
    assert ended == {samples.MODEL, "another"}
    assert not engine.inspector.left.is_set()


def test_to_leave_the_second_reranker_is_to_cancel_it() -> None:
    engine, screen = ScriptedEngine(), Heard()
    engine.inspector.until = 1
    with bridged(engine) as (bridge, _):
        bridge.explaining.ask(AgainstRequest(RESULT, TOP, "another"), screen.post)
        screen.until(lambda each: isinstance(each, InspectionMoved))
        bridge.explaining.leave_second()
        engine.go_on.set()
        assert engine.inspector.left.wait(PATIENCE)
        assert screen.silent()


def test_news_of_one_reranker_does_not_replace_those_of_the_other() -> None:
    first, second = InspectRequest(RESULT, TOP), AgainstRequest(RESULT, TOP, "another")
    known = inspections.whole(TOP)
    assert InspectionMoved(first, known).can_replace(InspectionMoved(first, known))
    assert not InspectionMoved(first, known).can_replace(InspectionMoved(second, known))


def test_walking_the_list_measures_only_where_one_stops() -> None:
    engine, screen = ScriptedEngine(), Heard()
    with bridged(engine) as (bridge, _):
        for hit in (TOP, SECOND, THIRD):
            bridge.explaining.ask(InspectRequest(RESULT, hit), screen.post)
        screen.until(lambda each: isinstance(each, InspectionMoved))
    assert engine.inspector.asked == [THIRD.passage.chunk_id]


def test_to_leave_is_to_cancel() -> None:
    engine, screen = ScriptedEngine(), Heard()
    engine.inspector.until = 1
    with bridged(engine) as (bridge, _):
        bridge.explaining.ask(InspectRequest(RESULT, TOP), screen.post)
        screen.until(lambda each: isinstance(each, InspectionMoved))
        bridge.explaining.leave()
        engine.go_on.set()
        assert engine.inspector.left.wait(PATIENCE)
        assert screen.silent()


def test_two_results_are_contrasted() -> None:
    engine, screen = ScriptedEngine(), Heard()
    with bridged(engine) as (bridge, _):
        bridge.explaining.ask(ContrastRequest(RESULT, TOP, THIRD), screen.post)
        heard = screen.until(lambda each: isinstance(each, ContrastMoved) and each.ended)
    found = [each.contrast for each in heard if isinstance(each, ContrastMoved)]
    assert [bool(each.turning) for each in found] == [False, True, True]
    assert found[-1] == inspections.contrast(TOP, THIRD)


def test_the_whole_list_tells_its_depth_first_then_what_it_missed() -> None:
    screen = Heard()
    with bridged(ScriptedEngine()) as (bridge, _):
        bridge.explaining.ask(OverviewRequest(RESULT), screen.post)
        heard = screen.until(lambda each: isinstance(each, MissedMoved) and each.scored == 40)
    assert isinstance(heard[0], DepthFound)
    assert [each.scored for each in heard if isinstance(each, MissedMoved)] == [0, 16, 40]


def test_an_error_goes_to_the_screen_that_asked() -> None:
    engine, screen = ScriptedEngine(), Heard()
    engine.inspector.error = ModelCorruptError("The weights are torn.")
    request = InspectRequest(RESULT, TOP)
    with bridged(engine) as (bridge, _):
        bridge.explaining.ask(request, screen.post)
        (failed,) = screen.until(lambda each: isinstance(each, ExplanationFailed))
    assert isinstance(failed, ExplanationFailed)
    assert (failed.request, str(failed.error)) == (request, "The weights are torn.")


def test_a_fault_of_the_program_ends_it() -> None:
    engine = ScriptedEngine()
    with bridged(engine) as (bridge, heard):
        bridge.explaining.ask(InspectRequest(RESULT, samples.retrieved().hits[0]), Heard().post)
        heard.until(lambda each: isinstance(each, Crashed))
