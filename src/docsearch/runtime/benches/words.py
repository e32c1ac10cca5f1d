"""Text of an exact length in tokens, the same in every run: what benchmarks read.

In: a WordPiece tokenizer's file and a seed. Out: texts of random whole words, each one token. Time
does not depend on what words say. Does not know who reads them.
"""

from __future__ import annotations

import random
from pathlib import Path


class Words:
    """Draws from the lower-case words of the vocabulary."""

    def __init__(self, tokenizer: Path, seed: int) -> None:
        """Read a `tokenizer.json`."""
        from tokenizers import Tokenizer

        known = Tokenizer.from_file(str(tokenizer))
        self.pair_special_tokens: int = known.num_special_tokens_to_add(is_pair=True)
        """That are put around a query and a passage."""
        vocabulary = known.get_vocab(with_added_tokens=False)
        self._whole = sorted(
            piece for piece in vocabulary if piece.isascii() and piece.isalpha() and piece.islower()
        )
        self._draw = random.Random(seed)  # noqa: S311 - the same in every run is the point

    def text(self, tokens: int) -> str:
        """So many words, each of one token, without special tokens."""
        return " ".join(self._draw.choices(self._whole, k=tokens))
