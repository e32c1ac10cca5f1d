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
    off: str = "",
) -> T:
    """A dataclass field that carries its own help line, its inclusive bounds, and its choices.

    `off` is the help line of the flag that turns off what is on by default.
    """
    facts = {"help": help_text, "low": low, "high": high, "choices": choices, "off": off}
    value: T = field(default=default, metadata=facts)
    return value


@dataclass(frozen=True, slots=True)
class Settings:
    """One value per thing that can be set; `docsearch config` lists them from here."""

    chunk_tokens: int = setting(512, "maximum tokens per chunk, including special tokens", 32, 512)
    overlap_tokens: int = setting(64, "tokens that a chunk repeats from the one before it", 0, 256)
    max_file_bytes: int = setting(20 * MEGABYTE, "skip files larger than this", 1)
    candidates: int = setting(50, "how many passages to rerank", 1, 1000)
    source: CandidateSource = setting(
        CandidateSource.DENSE,
        "where candidates come from: vectors (dense), words (bm25), or both (hybrid)",
    )
    reranker: str = setting(
        "docsearch-mini-v1",
        f"which reranker to use, or {NO_RERANKER}; `docsearch models list` has the names",
    )
    fusion: str = setting(
        AUTO_FUSION,
        f"what makes the order: {AUTO_FUSION} (the mix that suits the reranker), none (the "
        "reranker alone), or the weighted sum of scores or of ranks",
        choices=(AUTO_FUSION, "none", *map(str, Blend)),
    )
    first_stage_weight: float = setting(
        0.5, "weight of the first stage, with --fusion scores or ranks", 0, 10
    )
    recency_weight: float = setting(
        0.0, "weight of a file's recency, with --fusion scores or ranks", 0, 10
    )
    half_life_days: float = setting(30.0, "age at which a file's recency has halved", 0.01, 36500)
    rrf_k: int = setting(60, "the constant k of reciprocal rank fusion", 1, 1000)
    look_beyond: bool = setting(
        True,
        "while idle, rerank on to rank 200 and offer what belongs in the top 10",
        off="don't rerank beyond the candidates while idle",
    )
    tune: bool = setting(
        True,
        "while idle, find the fastest runtime of each model, once",
        off="don't measure the models' runtimes while idle",
    )
    offline: bool = setting(False, "never use the network")
    data_dir: str = setting(
        "", "where indexes and models are stored; by default in the XDG data directory"
    )
    theme: str = setting(
        "docsearch-dark",
        "colours of the screen",
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
