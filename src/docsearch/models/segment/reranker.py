"""The cross-encoder that comes with docsearch, behind the `Reranker` port.

In: its verified folder, then a query and passages. Out: raw scores and their calibrated 0-1 form,
with the windows that were read, computed by torch. Does not know how the weights were trained, and
keeps no score.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from docsearch.domain.errors import ModelCorruptError
from docsearch.domain.model import ModelDescription
from docsearch.domain.runtime import Precision, Runtime, RuntimeChoice
from docsearch.models.identity import model_fingerprint
from docsearch.models.pair_windows import OVERLAP_TOKENS, QUERY_TOKENS
from docsearch.models.segment.scoring import SegmentReranker, Stages
from docsearch.models.segment.windows import SegmentCutter
from docsearch.models.store import StoredModel
from docsearch.models.torch.network import TorchNetwork
from docsearch.ports import Network

if TYPE_CHECKING:
    from torch import Tensor

    from docsearch.models.segment.network import SegmentNetwork

_ARITHMETIC = 2
"""Part of the fingerprint: raise it when the same weights would give other numbers."""


class BoxedReranker(SegmentReranker):
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
        from docsearch.models.segment.cross_encoder import CorruptModelError, SegmentCrossEncoder

        try:
            model = SegmentCrossEncoder.load(stored.folder)
        except CorruptModelError as error:
            raise ModelCorruptError(f"{error}. Install docsearch again.") from error
        super().__init__(
            description.name,
            boxed_fingerprint(stored, model.window, RuntimeChoice(Runtime.TORCH, precision)),
            SegmentCutter(model.tokenizer, model.window),
            model.probability,
            Stages(*_layers(model.network, precision)),
            lambda: _layers(model.network, Precision.BFLOAT16),
        )


def _layers(network: SegmentNetwork, precision: Precision) -> tuple[Network, Network]:
    from docsearch.models.segment.network import Segments

    def lower(tensors: Mapping[str, Tensor]) -> Tensor:
        return network.read_apart(Segments(tensors["ids"], tensors["mask"] > 0))

    def upper(tensors: Mapping[str, Tensor]) -> Tensor:
        passages = Segments(tensors["passages"], tensors["mask"] > 0)
        rows = len(passages.ids)
        query = tensors["query"].expand(rows, -1)
        return network.compare(
            Segments(query, query.new_ones(query.shape) > 0),
            passages,
            tensors["query_states"].float().expand(rows, -1, -1),
            tensors["states"].float(),
        )

    return TorchNetwork(lower, precision), TorchNetwork(upper, precision)


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
