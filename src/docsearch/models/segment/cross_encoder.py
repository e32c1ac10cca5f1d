"""The cross-encoder in the box: loads from a folder, scores (query, passage) pairs.

In: a folder sealed by a manifest, then pairs of texts. Out: one logit a pair, and
its calibrated 0-1 form. Does not know where candidates come from or how the weights were trained,
and cuts nothing: a caller with a longer passage cuts it into windows.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from docsearch.files import read_file
from docsearch.models.segment.network import Architecture, SegmentNetwork, Segments, pad

CONFIG_FILE = "config.json"
TOKENIZER_FILE = "tokenizer.json"
WEIGHTS_FILE = "model.safetensors"
MANIFEST_FILE = "manifest.json"

BATCH_TOKENS = 8192
"""Tokens in one forward pass, padding counted."""

TokenPair = tuple[Sequence[int], Sequence[int]]
"""The token ids of a query and of a passage, special ones included."""


class CorruptModelError(Exception):
    """A file of the model's folder is missing or is not the one its manifest names."""


class TextTooLongError(ValueError):
    """A text does not fit the window; the caller should cut it."""

    def __init__(self, place: int, tokens: int, window: int) -> None:
        super().__init__(f"a text of pair {place} has {tokens} tokens; the window holds {window}")


@dataclass(frozen=True)
class Calibration:
    """`probability = 1 / (1 + exp(-(slope * logit + offset)))`, fitted on judged pairs."""

    slope: float = 1.0
    offset: float = 0.0


class SegmentCrossEncoder:
    """A network with its tokenizer and calibration: what the rest of the program uses.

    Query and passage are each written as `[CLS] text [SEP]`.
    """

    window = 512
    """Tokens of a query, and of a passage, the two special ones included."""

    def __init__(
        self,
        network: SegmentNetwork,
        tokenizer: Tokenizer,
        calibration: Calibration,
        precision: torch.dtype = torch.float32,
    ) -> None:
        """`precision` is that of the layers' products: float32, or bfloat16 if that is faster."""
        self.network = network.eval()
        self._calibration = calibration
        self._precision = precision
        self.tokenizer = tokenizer
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    @classmethod
    def load(cls, folder: Path, precision: torch.dtype = torch.float32) -> SegmentCrossEncoder:
        """Check the folder's files against its manifest, then read them."""
        verify(folder)
        config = json.loads(read_file(folder / CONFIG_FILE))
        network = SegmentNetwork(Architecture(**config["architecture"]))
        network.load_state_dict(load_file(folder / WEIGHTS_FILE))
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        return cls(network, tokenizer, Calibration(**config["calibration"]), precision)

    def token_count(self, text: str) -> int:
        """How much of the window a text fills, special tokens included."""
        return len(self.tokenizer.encode(text))

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """One logit a pair, in the order of the pairs; higher is more relevant."""
        queries, passages = (
            [each.ids for each in self.tokenizer.encode_batch([pair[side] for pair in pairs])]
            for side in (0, 1)
        )
        return self._score(list(zip(queries, passages, strict=True)))

    @torch.inference_mode()
    def _score(self, pairs: Sequence[TokenPair]) -> list[float]:
        for place, length in enumerate(max(map(len, pair)) for pair in pairs):
            if length > self.window:
                raise TextTooLongError(place, length, self.window)
        lengths = [len(query) + len(passage) for query, passage in pairs]
        logits = [0.0] * len(pairs)
        # Side by side, the pairs of one passage share its way through the lower layers.
        order = sorted(range(len(pairs)), key=lambda row: (len(pairs[row][1]), pairs[row][1]))
        for rows in batches_within(BATCH_TOKENS, order, lengths):
            batch = self._logits([pairs[row] for row in rows])
            for row, logit in zip(rows, batch, strict=True):
                logits[row] = logit
        return logits

    def probability(self, logit: float) -> float:
        """The calibrated 0-1 form of a logit."""
        # The logistic function in a form that cannot overflow.
        return 0.5 + 0.5 * math.tanh(
            0.5 * (self._calibration.slope * logit + self._calibration.offset)
        )

    def _logits(self, pairs: Sequence[TokenPair]) -> list[float]:
        """Each distinct text of the batch goes through the lower layers once."""
        half = self._precision == torch.bfloat16
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            queries, query_hidden = self._read([query for query, _ in pairs])
            passages, passage_hidden = self._read([passage for _, passage in pairs])
            logits = self.network.compare(queries, passages, query_hidden, passage_hidden)
        numbers: list[float] = logits.tolist()
        return numbers

    def _read(self, texts: Sequence[Sequence[int]]) -> tuple[Segments, Tensor]:
        """The texts' segments and their states after the lower layers, a row for each text."""
        distinct = list(dict.fromkeys(map(tuple, texts)))
        place = {text: number for number, text in enumerate(distinct)}
        rows = torch.tensor([place[tuple(text)] for text in texts])
        segments = pad(distinct)
        hidden = self.network.read_apart(segments)
        return Segments(segments.ids[rows], segments.mask[rows]), hidden[rows]


def batches_of_similar_length(lengths: Sequence[int], tokens_per_batch: int) -> Iterator[list[int]]:
    """Places in order of length, in batches whose padded size stays within `tokens_per_batch`."""
    return batches_within(
        tokens_per_batch, sorted(range(len(lengths)), key=lengths.__getitem__), lengths
    )


def batches_within(
    tokens_per_batch: int, order: Iterable[int], lengths: Sequence[int]
) -> Iterator[list[int]]:
    """Places in the given order, in batches whose padded size stays within `tokens_per_batch`."""
    batch: list[int] = []
    longest = 0
    for place in order:
        longest = max(longest, lengths[place])
        if batch and longest * (len(batch) + 1) > tokens_per_batch:
            yield batch
            batch, longest = [], lengths[place]
        batch.append(place)
    if batch:
        yield batch


def verify(folder: Path) -> None:
    """Refuse a folder in which a file is missing or not the one that the manifest names."""
    try:
        named: dict[str, str] = json.loads(read_file(folder / MANIFEST_FILE))["sha256"]
    except (OSError, ValueError, KeyError) as problem:
        raise CorruptModelError(f"{folder / MANIFEST_FILE} cannot be read") from problem
    for name in (CONFIG_FILE, TOKENIZER_FILE, WEIGHTS_FILE):
        if name not in named:
            raise CorruptModelError(f"{folder / MANIFEST_FILE} does not name {name}")
    for name, expected in named.items():
        path = folder / name
        if not path.is_file():
            raise CorruptModelError(f"{path} is missing")
        if sha256_of(path) != expected:
            raise CorruptModelError(f"{path} is not the file that the manifest names")


def sha256_of(path: Path) -> str:
    """The hash under which a manifest lists the file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
