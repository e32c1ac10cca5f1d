"""The settings that a person can change, with their defaults and their bounds.

In: nothing. Out: `Settings`, one frozen value that is handed down; nothing reads a global.
Does not know about flags, environment or files (see `cli/configuration.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TypeVar

from docsearch.domain.errors import ConfigurationError
from docsearch.domain.fusion import Blend, Fusion
from docsearch.domain.query import CandidateSource

MEGABYTE = 1_000_000
NO_RERANKER = "none"
"""The value of `reranker` that asks for the first stage's order alone."""

AUTO_FUSION = "auto"


T = TypeVar("T")


def setting(
    default: T,
    help_text: str,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> T:
    """A dataclass field that carries its own help line, its inclusive bounds, and its choices."""
    facts = {"help": help_text, "low": low, "high": high, "choices": choices}
    value: T = field(default=default, metadata=facts)
    return value


@dataclass(frozen=True, slots=True)
class Settings:
    """One value per thing that can be set; `docsearch config` lists them from here."""

    chunk_tokens: int = setting(512, "most tokens in a chunk, special tokens counted", 32, 512)
    overlap_tokens: int = setting(64, "tokens that a cut chunk repeats of the one before", 0, 256)
    max_file_bytes: int = setting(20 * MEGABYTE, "larger files are skipped", 1)
    candidates: int = setting(50, "chunks that the first stage hands to the reranker", 1, 1000)
    source: CandidateSource = setting(
        CandidateSource.DENSE, "where candidates come from: dense, bm25 or hybrid"
    )
    reranker: str = setting("docsearch-mini-v1", f"a reranker's name, or {NO_RERANKER}")
    fusion: str = setting(
        AUTO_FUSION,
        f"how the order is made: {AUTO_FUSION} (as is best for the reranker), none (its own "
        "order), scores or ranks (joined with the first stage's and the files' recency)",
        choices=(AUTO_FUSION, "none", *map(str, Blend)),
    )
    first_stage_weight: float = setting(
        0.5, "weight of the first stage, with fusion by scores or ranks", 0, 10
    )
    recency_weight: float = setting(
        0.0, "weight of a file's recency, with fusion by scores or ranks", 0, 10
    )
    half_life_days: float = setting(30.0, "age at which a file has half the recency", 0.01, 36500)
    rrf_k: int = setting(60, "the constant of fusion by ranks", 1, 1000)
    look_beyond: bool = setting(
        True, "whether the screen, at rest, reads on to rank 200 for what the candidates missed"
    )
    offline: bool = setting(False, "never use the network")
    data_dir: str = setting("", "where indexes and models are kept; empty is the XDG data folder")
    theme: str = setting(
        "docsearch-dark",
        "the colours of the screen",
        choices=("docsearch-dark", "docsearch-light"),
    )

    @property
    def reranker_name(self) -> str | None:
        """The reranker that is asked for, None for the first stage's order alone."""
        return None if self.reranker == NO_RERANKER else self.reranker

    def fusion_with(self, first_stage_weight: float) -> Fusion:
        """The fusion that is asked for; `first_stage_weight` is what suits the reranker."""
        if self.fusion == AUTO_FUSION:
            return Fusion(first_stage=first_stage_weight)
        if self.fusion == "none":
            return Fusion()
        return Fusion(
            first_stage=self.first_stage_weight,
            recency=self.recency_weight,
            blend=Blend(self.fusion),
            k=self.rrf_k,
            half_life_days=self.half_life_days,
        )

    def __post_init__(self) -> None:
        """Raise ConfigurationError for a value outside its bounds."""
        for each in fields(self):
            value, low, high = getattr(self, each.name), each.metadata["low"], each.metadata["high"]
            # No bound holds for nan, which TOML and the environment can give.
            if not ((low is None or value >= low) and (high is None or value <= high)):
                bounds = f"at least {low}" if high is None else f"from {low} to {high}"
                raise ConfigurationError(f"{each.name} is {value}; it must be {bounds}.")
            choices = each.metadata["choices"]
            if choices and value not in choices:
                allowed = " or ".join(choices)
                raise ConfigurationError(f"{each.name} is {value!r}; it must be {allowed}.")
        if self.overlap_tokens * 2 > self.chunk_tokens:
            raise ConfigurationError(
                f"overlap_tokens is {self.overlap_tokens}; it must be at most half of "
                f"chunk_tokens ({self.chunk_tokens})."
            )
