"""The model as a folder: configuration, tokenizer, half-precision weights, card, and manifest.

In: a network, a tokenizer file, a calibration, the text of the card. Out: a folder that the runtime
accepts.
Does not know: how the weights came about.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from docsearch.models.segment.cross_encoder import (
    CONFIG_FILE,
    MANIFEST_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    Calibration,
    SegmentCrossEncoder,
    sha256_of,
)
from docsearch.models.segment.network import SegmentNetwork

CARD_FILE = "README.md"


def export(
    network: SegmentNetwork, tokenizer_file: Path, calibration: Calibration, card: str, folder: Path
) -> None:
    """Write the folder and seal it."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: weight.detach().half().contiguous() for name, weight in network.state_dict().items()
    }
    save_file(weights, folder / WEIGHTS_FILE)
    (folder / WEIGHTS_FILE).chmod(0o644)
    pair_tokenizer(tokenizer_file).save(str(folder / TOKENIZER_FILE))
    (folder / CARD_FILE).write_text(card, encoding="utf-8")
    write_config(network, calibration, folder)
    seal(folder)


def pair_tokenizer(tokenizer_file: Path) -> Tokenizer:
    """The bi-encoder's tokenizer, writing a pair as two texts of their own, typed 0 and 1."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS]:0 $A:0 [SEP]:0 [CLS]:1 $B:1 [SEP]:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def write_config(network: SegmentNetwork, calibration: Calibration, folder: Path) -> None:
    """Say everything that the weights do not: the shape, the window, the calibration."""
    config = {
        "format": "docsearch-segment-cross-encoder-1",
        "architecture": dataclasses.asdict(network.shape),
        "window": SegmentCrossEncoder.window,
        "calibration": dataclasses.asdict(calibration),
    }
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def seal(folder: Path) -> None:
    """Write the manifest that the runtime checks at load."""
    named = {
        path.name: sha256_of(path)
        for path in sorted(folder.iterdir())
        if path.name != MANIFEST_FILE
    }
    manifest = json.dumps({"sha256": named}, indent=2)
    (folder / MANIFEST_FILE).write_text(manifest + "\n", encoding="utf-8")
