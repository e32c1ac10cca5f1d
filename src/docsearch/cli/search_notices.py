"""What a person must know of an answer, beside the answer itself.

In: a result and the settings. Out: lines on standard error. Does not know how the answer is shown.
"""

from __future__ import annotations

import click

from docsearch.domain.model import Availability
from docsearch.domain.ranking import SearchResult
from docsearch.domain.safe_text import safe_line
from docsearch.domain.settings import Settings
from docsearch.serving.tuned_models import model_registry


def tell_notices(result: SearchResult, settings: Settings) -> None:
    """What was not understood, what was left out, and how to have the reranker that is off."""
    for piece in result.query.unparsed:
        click.echo(f"searched as plain text: {safe_line(piece)}", err=True)
    if result.notice:
        click.echo(safe_line(result.notice), err=True)
    if result.reranker is None and result.query.words and settings.reranker_name is not None:
        _tell_how_to_fetch(settings.reranker_name, settings)


def _tell_how_to_fetch(reranker: str, settings: Settings) -> None:
    registry = model_registry(settings)
    state = registry.state(reranker)
    if state.availability is Availability.READY:
        return
    if state.description.hosted:
        click.echo(safe_line(" ".join(state.problems)), err=True)
    else:
        click.echo(safe_line(registry.announcement(reranker)), err=True)
        click.echo(f"fetch it with: docsearch models pull {safe_line(reranker)}", err=True)
