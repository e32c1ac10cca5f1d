"""The rerankers that a person names for judging or measuring.

In: names set apart by commas, and the settings. Out: those names, once it is sure that each can be
used. Does not know what they are for.
"""

from __future__ import annotations

from docsearch.domain.errors import ModelError, ModelMissingError, UsageError
from docsearch.domain.model import Availability, ModelKind
from docsearch.domain.safe_text import safe_line
from docsearch.domain.settings import Settings

NONE = "none"


def names_in(text: str) -> list[str]:
    """Each name once. Raises UsageError where there is none."""
    names = [each.strip() for each in text.split(",") if each.strip()]
    if not names:
        raise UsageError("No name is given; separate several with commas.")
    return list(dict.fromkeys(names))


def named_rerankers(text: str, settings: Settings) -> tuple[str, ...]:
    """The rerankers of these names, `none` left out.

    Raises UsageError, and ModelError for what is no reranker or cannot be used here: before
    anything is searched, or any screen is up.
    """
    from docsearch.serving.tuned_models import model_registry

    models = model_registry(settings)
    names = [each for each in names_in(text) if each != NONE]
    for name in names:
        state, shown = models.state(name), safe_line(name)
        if state.description.kind is not ModelKind.CROSS_ENCODER:
            raise ModelError(f"{shown} is a {state.description.kind}, not a reranker.")
        if state.availability is Availability.READY:
            continue
        if state.description.hosted:
            raise ModelError(safe_line(" ".join(state.problems)))
        raise ModelMissingError(f"{shown} is not on this machine: docsearch models pull {shown}")
    return tuple(names)
