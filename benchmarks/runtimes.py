"""How the models that a benchmark runs are run on this machine, for its report to tell.

In: the settings and models' names. Out: lines of the report. Loads no model.
"""

from __future__ import annotations

from docsearch.domain.runtime import REFERENCE
from docsearch.domain.settings import Settings
from docsearch.serving.tuned_models import model_registry, tunings


def runtimes(settings: Settings, *names: str) -> dict[str, str]:
    """By "bi-encoder runs on" and the like: such as "openvino int8"; nothing of a service.

    It is the reference for a model that is not tuned, and where what it was tuned for is gone.
    Raises ModelError for a name that means nothing.
    """
    registry = model_registry(settings)
    measured = tunings(settings, registry)
    told = {}
    for name in names:
        description = registry.state(name).description
        if not description.hosted:
            choice = measured.choice(description.name)
            there = registry.is_exported(description.name, choice)
            told[f"{description.kind} runs on"] = str(choice if there else REFERENCE)
    return told
