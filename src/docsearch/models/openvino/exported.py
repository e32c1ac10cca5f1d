"""Models that run on their exported graphs: made, found and loaded without torch.

In: a model on this disk and a choice of precision. Out: an export, or the model behind its port.
Does not know the other runtimes, nor what to do where there is no export.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tokenizers import Tokenizer

from docsearch.domain.errors import ModelError, ModelMissingError
from docsearch.domain.model import ModelDescription
from docsearch.domain.runtime import Precision, Runtime, RuntimeChoice
from docsearch.models.network_embedder import NetworkEmbedder
from docsearch.models.network_inputs import bert_inputs
from docsearch.models.network_reranker import NetworkReranker, Wiring, sigmoid, unit_of
from docsearch.models.openvino.exporting import (
    GRAPH,
    LOWER,
    STEPS,
    TOKENIZER,
    UPPER,
    Family,
    exporter,
)
from docsearch.models.openvino.exports import Export, ExportStore
from docsearch.models.openvino.network import OpenVinoNetwork, precisions
from docsearch.models.pair_windows import PairCutter
from docsearch.models.segment.reranker import boxed_fingerprint
from docsearch.models.segment.scoring import SegmentReranker, Stages
from docsearch.models.segment.windows import SegmentCutter
from docsearch.models.store import StoredModel
from docsearch.models.torch.bi_encoder import embedder_fingerprint
from docsearch.models.torch.cross_encoder import cross_encoder_fingerprint
from docsearch.ports import Network, Reranker

ExportListener = Callable[[int, int], None]
"""Called with the steps done and the steps in all, before the first and after each."""


class ExportedModels:
    """The models that OpenVINO can run, and their exports in a folder of the cache."""

    def __init__(self, root: Path) -> None:
        self._exports = ExportStore(root)

    def choices(
        self, description: ModelDescription, stored: StoredModel
    ) -> tuple[RuntimeChoice, ...]:
        """What this machine can run the model in, exactest first, exported or not."""
        if exporter(description, stored.folder) is None:
            return ()
        return tuple(RuntimeChoice(Runtime.OPENVINO, precision) for precision in precisions())

    def is_there(
        self, description: ModelDescription, stored: StoredModel, precision: Precision
    ) -> bool:
        """Whether there is a whole export for this choice, of these very files."""
        return self._find(description, stored, precision) is not None

    def make(
        self,
        description: ModelDescription,
        stored: StoredModel,
        precision: Precision,
        listener: ExportListener,
    ) -> None:
        """Export the model, unless it is; `stored` has been verified. Raises ModelError."""
        writer = exporter(description, stored.folder)
        if writer is None:
            raise ModelError(f"{description.name} is not of a kind that can be exported.")
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            listener(done, STEPS)

        listener(done, STEPS)
        int8 = precision is Precision.INT8
        self._exports.make(
            description.name,
            _kind(precision),
            stored.files,
            lambda draft: writer.write(draft, int8, step),
        )

    def discard(self, description: ModelDescription, but: Precision | None) -> None:
        """Delete what was exported of the model, save what `but` needs."""
        kept = None if but is None else _kind(but)
        for kind in {*map(_kind, Precision)} - {kept}:
            self._exports.remove(description.name, kind)

    def reranker(
        self, description: ModelDescription, stored: StoredModel, precision: Precision
    ) -> Reranker:
        """The cross-encoder on its export. Raises ModelError where there is none that runs."""
        export = self._require(description, stored, precision)
        window = int(export.facts["window"])
        choice = RuntimeChoice(Runtime.OPENVINO, precision)
        if export.facts["family"] == Family.IN_THE_BOX:
            slope, offset = (float(export.facts["calibration"][each]) for each in _CALIBRATION)
            return SegmentReranker(
                description.name,
                boxed_fingerprint(stored, window, choice),
                SegmentCutter(_tokenizer(export), window),
                lambda raw: sigmoid(slope * raw + offset),
                Stages(*_layers(export.folder, precision)),
                lambda: _layers(export.folder, _otherwise(precision)),
            )
        graph = export.folder / GRAPH
        pad, types = int(export.facts["pad"]), bool(export.facts["types"])
        return NetworkReranker(
            description.name,
            cross_encoder_fingerprint(description, stored, window, choice),
            PairCutter(_tokenizer(export), window),
            Wiring(lambda windows: bert_inputs(windows, pad, types), unit_of(description.score)),
            OpenVinoNetwork(graph, precision),
            lambda: OpenVinoNetwork(graph, _otherwise(precision)),
        )

    def embedder(
        self, description: ModelDescription, stored: StoredModel, precision: Precision
    ) -> NetworkEmbedder:
        """The bi-encoder on its export. Raises ModelError where there is none that runs."""
        export = self._require(description, stored, precision)
        return NetworkEmbedder(
            description,
            embedder_fingerprint(description),
            export.folder / TOKENIZER,
            OpenVinoNetwork(export.folder / GRAPH, precision),
            int(export.facts["pad"]),
        )

    def _find(
        self, description: ModelDescription, stored: StoredModel, precision: Precision
    ) -> Export | None:
        return self._exports.find(description.name, _kind(precision), stored.files)

    def _require(
        self, description: ModelDescription, stored: StoredModel, precision: Precision
    ) -> Export:
        if precision not in precisions():
            raise ModelError(f"OpenVINO does not compute in {precision} on this machine.")
        found = self._find(description, stored, precision)
        if found is None:
            raise ModelMissingError(
                f"{description.name} has no whole export for OpenVINO in {precision}."
            )
        return found


_CALIBRATION = ("slope", "offset")


def _kind(precision: Precision) -> str:
    """The weights that a precision needs: bfloat16 is rounded from float32 when it is loaded."""
    return str(Precision.INT8 if precision is Precision.INT8 else Precision.FLOAT32)


def _otherwise(precision: Precision) -> Precision:
    """The same weights in another arithmetic, to see how much of a margin is arithmetic."""
    exact = precision is not Precision.FLOAT32
    return Precision.FLOAT32 if exact else Precision.BFLOAT16


def _layers(folder: Path, precision: Precision) -> tuple[Network, Network]:
    return OpenVinoNetwork(folder / LOWER, precision), OpenVinoNetwork(folder / UPPER, precision)


def _tokenizer(export: Export) -> Tokenizer:
    return Tokenizer.from_file(str(export.folder / TOKENIZER))
