"""What is known of a model before it is loaded.

In: nothing. Out: `ModelDescription` and its parts. Does not know how to load or fetch one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ModelKind(StrEnum):
    """The part a model plays."""

    BI_ENCODER = "bi-encoder"
    CROSS_ENCODER = "cross-encoder"


class ScoreKind(StrEnum):
    """What a reranker's raw number is."""

    LOGIT = "logit"
    PROBABILITY = "probability"
    SIMILARITY = "similarity"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file that a model needs: `size` in bytes and `sha256` in hex, None where not known."""

    name: str
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """A model as data; nothing is guessed from its name.

    `name` is the short name people type, `hub_id` the hub's, empty for what no hub has. `revision`
    is the commit that is fetched; "main" where no commit is pinned: then the first download settles
    it for this machine.
    `files` are those whose size or hash is known beforehand. `download_bytes` is what a download
    transfers, `parameters` counts weights, `window` is in tokens, special ones included; each is 0
    where it is not known. `dimension` and `pooling` are a bi-encoder's; `first_stage_weight` is
    what the first stage's standardised scores weigh beside a cross-encoder's own in the order shown
    by default. A model that needs no download lies in `folder`: inside the Python package `package`
    where that is given, else an absolute path. A `hosted` model is a service: what it scores leaves
    this machine; `revision` is then the name it has there, and there are no files. `prompt` is the
    question to which a language model, used as a cross-encoder, answers "Yes"; others have none.
    """

    name: str
    kind: ModelKind
    hub_id: str
    revision: str
    files: tuple[ModelFile, ...]
    download_bytes: int
    parameters: int
    licence: str
    languages: tuple[str, ...]
    window: int
    score: ScoreKind | None = None
    package: str | None = None
    folder: str = ""
    dimension: int | None = None
    pooling: str | None = None
    first_stage_weight: float = 0.0
    hosted: bool = False
    prompt: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which model the files on this disk are: the commit they are of, and their hashes.

    `revision` is empty for a model that has no commits.
    """

    revision: str
    files: tuple[ModelFile, ...]


class Availability(StrEnum):
    """Whether a model can be used now."""

    READY = "ready"
    NOT_DOWNLOADED = "not downloaded"
    INCOMPLETE = "incomplete"
    WRONG_HASH = "wrong hash"
    NO_KEY = "needs a key"
    NO_NETWORK = "needs the network"


@dataclass(frozen=True, slots=True)
class ModelState:
    """A described model on this machine: where its files are and whether they are whole."""

    description: ModelDescription
    availability: Availability
    folder: str | None = None
    problems: tuple[str, ...] = field(default=())

    @property
    def is_here(self) -> bool:
        """Whether it can be used without anything leaving this machine.

        Only such a model may be chosen for a person who has not named it.
        """
        return self.availability is Availability.READY and not self.description.hosted
