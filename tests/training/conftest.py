"""A tiny random network and a tokenizer of a few words, so that every step runs in seconds."""

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from docsearch.models.segment.network import Architecture, SegmentNetwork

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "wing",
    "lift",
    "drag",
    "cell",
    "blood",
    "heart",
    "tax",
    "court",
    "law",
    "tree",
    "leaf",
    "root",
]


@pytest.fixture
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(WordLevel({word: row for row, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS]:0 $A:0 [SEP]:0 [CLS]:1 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return tokenizer


@pytest.fixture
def network() -> SegmentNetwork:
    torch.manual_seed(0)
    shape = Architecture(
        vocabulary=len(WORDS),
        positions=512,
        width=16,
        feed_forward=32,
        heads=2,
        layers_apart=2,
        layers_together=1,
    )
    return SegmentNetwork(shape).eval()
