"""What stands in for the engine has the methods, and the parameters, of the engine."""

from __future__ import annotations

import inspect

import pytest

from docsearch.cases.cases import Cases
from docsearch.engine.engine import Engine
from docsearch.inspecting.comparer import Comparer
from docsearch.inspecting.inspector import Inspector
from docsearch.judging.evaluator import Evaluator
from docsearch.judging.judging import Judging
from docsearch.judging.pooling import Pooling
from docsearch.tuning.idle import IdleTuning
from tests.tui.scripted_cases import ScriptedCases
from tests.tui.scripted_comparer import ScriptedComparer
from tests.tui.scripted_engine import ScriptedEngine
from tests.tui.scripted_evaluator import ScriptedEvaluator
from tests.tui.scripted_inspector import ScriptedInspector
from tests.tui.scripted_judging import ScriptedJudging
from tests.tui.scripted_pooling import ScriptedPooling
from tests.tui.scripted_tuning import ScriptedTuning

PAIRS: list[tuple[type, type]] = [
    (ScriptedEngine, Engine),
    (ScriptedInspector, Inspector),
    (ScriptedCases, Cases),
    (ScriptedComparer, Comparer),
    (ScriptedTuning, IdleTuning),
    (ScriptedJudging, Judging),
    (ScriptedPooling, Pooling),
    (ScriptedEvaluator, Evaluator),
]
OF_THE_TESTS = {"report", "fail"}


@pytest.mark.parametrize(("scripted", "real"), PAIRS, ids=lambda each: each.__name__)
def test_its_methods_take_what_the_real_ones_take(scripted: type, real: type) -> None:
    methods = {
        name: method
        for name, method in vars(scripted).items()
        if callable(method) and not name.startswith("_") and name not in OF_THE_TESTS
    }
    assert methods
    for name, method in methods.items():
        own = inspect.signature(method).parameters
        others = inspect.signature(getattr(real, name)).parameters
        taken = [each for each in others if each in own]
        assert list(own) == taken, name
        left_out = [others[each] for each in others if each not in own]
        assert all(each.default is not each.empty for each in left_out), name
        assert {each: own[each].kind for each in own} == {each: others[each].kind for each in own}
