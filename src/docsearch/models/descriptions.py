"""The models that docsearch knows.

In: `line_up.toml`, or a name. Out: `ModelDescription`. Nothing is guessed from a name: what is not
known of a model is left empty. Does not know how to fetch or load one.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from docsearch.domain.model import ModelDescription, ModelFile, ModelKind, ScoreKind

LINE_UP = Path(__file__).with_name("line_up.toml")

_UNKNOWN: dict[str, Any] = {
    "hub_id": "",
    "revision": "",
    "download_bytes": 0,
    "parameters": 0,
    "files": [],
}


def _described(entry: dict[str, Any]) -> ModelDescription:
    known = _UNKNOWN | entry
    known["kind"] = ModelKind(known["kind"])
    known["files"] = tuple(ModelFile(**file) for file in known["files"])
    known["languages"] = tuple(known["languages"])
    if "score" in known:
        known["score"] = ScoreKind(known["score"])
    return ModelDescription(**known)


def _line_up() -> tuple[ModelDescription, ...]:
    return tuple(map(_described, tomllib.loads(LINE_UP.read_text(encoding="utf-8"))["model"]))


DESCRIPTIONS = _line_up()
RERANKERS = tuple(each for each in DESCRIPTIONS if each.kind is ModelKind.CROSS_ENCODER)

EMBEDDER = next(each for each in DESCRIPTIONS if each.kind is ModelKind.BI_ENCODER)
"""The one bi-encoder."""

EMBEDDER_DIMENSION = EMBEDDER.dimension or 0

BOXED = next(each for each in RERANKERS if each.package == "docsearch")
"""The cross-encoder that comes with docsearch."""


def describe(name: str) -> ModelDescription | None:
    """The description of a model by its short name or its hub id; None when it is not known."""
    return next((each for each in DESCRIPTIONS if name and name in (each.name, each.hub_id)), None)
