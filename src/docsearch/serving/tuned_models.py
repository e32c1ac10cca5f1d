"""The models of this machine, each run as was found best for it.

In: the models, and how each is to be run. Out: the same models behind the `Models` port. Where a
model cannot be run so, the reference does the work, and that is logged. Does not know how the best
way is found.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from docsearch.domain.model import ModelState, Provenance
from docsearch.domain.runtime import REFERENCE, RuntimeChoice
from docsearch.domain.settings import Settings
from docsearch.models.descriptions import EMBEDDER
from docsearch.models.registry import ModelRegistry
from docsearch.ports import DownloadListener, Embedder, Reranker
from docsearch.serving.paths import cache_dir, data_dir, tunings_file
from docsearch.serving.tunings import Tunings

_log = logging.getLogger(__name__)


class TunedModels:
    """The `Models` port over a registry."""

    def __init__(self, registry: ModelRegistry, tunings: Tunings) -> None:
        self._registry = registry
        self._tunings = tunings
        self._fallen: set[str] = set()

    def states(self) -> tuple[ModelState, ...]:
        """Every described model, bi-encoders and cross-encoders."""
        return self._registry.states()

    def state(self, name: str) -> ModelState:
        """One model by short name, hub id or folder. Raises ModelError for a name unknown."""
        return self._registry.state(name)

    def provenance(self, name: str) -> Provenance:
        """Which model is on this disk; reads every byte of it. Raises ModelError."""
        return self._registry.provenance(name)

    def pull(self, name: str, listener: DownloadListener) -> None:
        """Fetch a model and verify it. Raises ModelDownloadError or ModelCorruptError."""
        self._registry.pull(name, listener)

    def runs_on(self, name: str) -> RuntimeChoice:
        """How a model is run here; once it is loaded, how it really is. Raises ModelError."""
        known_as = self._registry.state(name).description.name
        return REFERENCE if known_as in self._fallen else self._tunings.choice(known_as)

    def load_embedder(self) -> Embedder:
        """The bi-encoder, verified and in memory. Raises ModelError."""
        choice = self._tunings.choice(EMBEDDER.name)
        return self._registry.load_embedder(choice, self._noting(EMBEDDER.name))

    def load_reranker(self, name: str) -> Reranker:
        """A cross-encoder, verified and in memory. Raises ModelError."""
        known_as = self._registry.state(name).description.name
        choice = self._tunings.choice(known_as)
        return self._registry.load_reranker(name, choice, self._noting(known_as))

    def _noting(self, name: str) -> Callable[[str], None]:
        def note(notice: str) -> None:
            self._fallen.add(name)
            _log.warning(notice)

        return note


def model_registry(settings: Settings) -> ModelRegistry:
    """The models of this machine."""
    return ModelRegistry(data_dir(settings), settings.offline, cache_dir(settings))


def tunings(settings: Settings, registry: ModelRegistry) -> Tunings:
    """How its models are run on this machine."""
    return Tunings(tunings_file(settings), registry.stated_files)
