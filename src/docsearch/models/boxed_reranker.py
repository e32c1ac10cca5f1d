"""The cross-encoder that comes with docsearch, behind the `Reranker` port.

In: its verified folder, then a query and passages. Out: raw scores and their calibrated 0-1 form,
with the windows that were read. Does not know how the weights were trained, and keeps no score.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.errors import ModelCorruptError
from docsearch.domain.model import ModelDescription
from docsearch.domain.runtime import Precision, Runtime, RuntimeChoice
from docsearch.models.identity import model_fingerprint
from docsearch.models.pair_windows import OVERLAP_TOKENS, QUERY_TOKENS
from docsearch.models.segment_windows import SegmentCutter, SegmentPair
from docsearch.models.store import StoredModel
from docsearch.models.window_reranker import WindowReranker

_ARITHMETIC = 2
"""Part of the fingerprint: raise it when the same weights would give other numbers."""


class BoxedReranker(WindowReranker[SegmentPair]):
    """`raw` is the network's logit, `unit` the probability calibrated for it."""

    def __init__(
        self,
        description: ModelDescription,
        stored: StoredModel,
        precision: Precision = Precision.FLOAT32,
    ) -> None:
        """Load the model, for float32 or bfloat16.

        Raises ModelCorruptError, naming the file that its manifest denies.
        """
        import torch

        from docsearch.models.segment_cross_encoder import CorruptModelError, SegmentCrossEncoder

        half = precision is not Precision.FLOAT32
        try:
            self._model = SegmentCrossEncoder.load(
                stored.folder, torch.bfloat16 if half else torch.float32
            )
        except CorruptModelError as error:
            raise ModelCorruptError(f"{error}. Install docsearch again.") from error
        window = self._model.window
        how = boxed_fingerprint(stored, window, RuntimeChoice(Runtime.TORCH, precision))
        super().__init__(description.name, how, SegmentCutter(self._model.tokenizer, window))

    def _logits(self, windows: Sequence[SegmentPair], rough: bool = False) -> list[float]:
        import torch

        pairs = [(each.query.tolist(), each.passage.tolist()) for each in windows]
        return self._model.score_tokens(pairs, torch.bfloat16 if rough else None)

    def _unit(self, raw: float) -> float:
        return self._model.probability(raw)


def boxed_fingerprint(stored: StoredModel, window: int, choice: RuntimeChoice) -> str:
    """What the scores depend on."""
    return model_fingerprint(
        stored.files,
        choice,
        window=window,
        query_tokens=QUERY_TOKENS,
        overlap=OVERLAP_TOKENS,
        arithmetic=_ARITHMETIC,
    )
