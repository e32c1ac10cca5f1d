"""A case file, read back: what was asked then, what came of it, and what it depended on.

In: a file that may come from anyone. Out: values that have been checked, one by one. Nothing in it
is run, and no path in it is opened. Does not know what has become of it since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docsearch.cases.case_file import FORM
from docsearch.domain.checked_json import Checked
from docsearch.domain.errors import CaseError, ConfigurationError, RecordError
from docsearch.domain.fusion import Blend, Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.settings import Settings

MOST_BYTES = 50_000_000
"""A larger file is no case: a thousand candidates with their text are a tenth of it."""

Facts = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class RecordedHit:
    """One passage as it stood; `content` is its text's SHA-256 in hex.

    `after_rank` and `raw` are None where it was not reranked.
    """

    path: str
    ordinal: int
    content: str
    before_rank: int
    before_score: float
    after_rank: int | None
    raw: float | None

    @property
    def rank(self) -> int:
        """Its place in the order that was shown."""
        return self.after_rank or self.before_rank


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """`facts` hold, under a heading each, what the answer depended on.

    The headings are models, index, settings and versions.
    """

    made: str
    folder: str
    typed: str
    source: CandidateSource
    reranker: str | None
    fusion: Fusion
    candidates: int
    hits: tuple[RecordedHit, ...]
    facts: Mapping[str, Facts]


def read_case(file: Path) -> RecordedCase:
    """The case in this file. Raises CaseError, naming the file and the place."""
    try:
        return _case(Checked.of_file(file, MOST_BYTES))
    except OSError as error:
        raise CaseError(f"{file} cannot be read: {error.strerror}.") from error
    except RecordError as error:
        raise CaseError(f"{file} is no case file that can be run again: {error}") from None


def _case(data: Checked) -> RecordedCase:
    form = data["docsearch_case"].whole()
    if form != FORM:
        raise CaseError(f"its form is {form}, and this docsearch reads form {FORM}.")
    settings = data["settings"]
    return RecordedCase(
        made=data["made"].text(),
        folder=data["index"]["folder"].text(),
        typed=data["query"]["typed"].text(),
        source=_source(data["source"]),
        reranker=data["reranker"].maybe_text(),
        fusion=_fusion(data["fusion"]),
        candidates=_candidates(settings["candidates"]),
        hits=tuple(_hit(each) for each in data["hits"].items()),
        facts={
            "models": flat(data["models"]),
            "index": flat(data["index"]),
            "settings": flat(settings),
            "versions": flat(data["versions"]),
        },
    )


def flat(facts: Checked) -> dict[str, str | None]:
    """Nested facts as texts, by their names joined with spaces."""
    found: dict[str, str | None] = {}
    for name, each in facts.members():
        if isinstance(each.value, dict):
            found |= {f"{name} {inner}": value for inner, value in flat(each).items()}
        else:
            found[name] = None if each.is_none else str(each.value)
    return found


def _hit(data: Checked) -> RecordedHit:
    before, after = data["before"], data["after"]
    return RecordedHit(
        path=data["path"].text(),
        ordinal=data["chunk"].whole(),
        content=data["sha256"].text(),
        before_rank=before["rank"].whole(1),
        before_score=before["score"].number(),
        after_rank=None if after.is_none else after["rank"].whole(1),
        raw=None if after.is_none else after["raw"].number(),
    )


def _source(data: Checked) -> CandidateSource:
    try:
        return CandidateSource(data.text())
    except ValueError:
        choices = ", ".join(CandidateSource)
        raise CaseError(f"{data.where} must be one of {choices}.") from None


def _candidates(data: Checked) -> int:
    """Within the bounds of the setting, so that no file can ask for more work than a person."""
    try:
        return Settings(candidates=data.whole(1)).candidates
    except ConfigurationError as error:
        raise CaseError(str(error)) from None


def _fusion(data: Checked) -> Fusion:
    blend = data["blend"].text()
    if blend not in set(Blend):
        raise CaseError(f"{data.where}.blend must be one of {', '.join(Blend)}.")
    weights = {name: data[name].number() for name in ("reranker", "first_stage", "recency")}
    half_life = data["half_life_days"].number()
    if min(weights.values()) < 0 or half_life <= 0:
        raise CaseError(f"{data.where} must have weights of at least 0, and a half-life above 0.")
    return Fusion(**weights, blend=Blend(blend), k=data["k"].whole(1), half_life_days=half_life)
