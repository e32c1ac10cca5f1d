"""The models that `docsearch bench rerank` measures, made and loaded.

In: the settings, and which rerankers to measure beside the reference. Out: steps while it loads,
then what `bench_rerank` yields. Everything that it makes is in a directory that is removed at the
end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np

from docsearch.bench.rerank import (
    Baseline,
    Contestant,
    FirstStage,
    RerankPlan,
    Words,
    bench_rerank,
)
from docsearch.domain.benchmark import Figure, Step
from docsearch.domain.errors import ModelMissingError
from docsearch.domain.settings import Settings
from docsearch.models.descriptions import BOXED, EMBEDDER, EMBEDDER_DIMENSION
from docsearch.models.registry import ModelRegistry
from docsearch.models.segment.scoring import SegmentReranker
from docsearch.models.torch.reference import MINILM_L6, ReferenceCrossEncoder, write_model
from docsearch.ports import Embedder, ScoreCache
from docsearch.serving.paths import data_dir
from docsearch.serving.tuned_models import model_registry, tunings
from docsearch.storage.scores import SqliteScoreCache
from docsearch.storage.vectors import FaissIndex

BASELINE = "CrossEncoder.predict"
SEED = 5
VECTORS = 10_000
"""That the first stage searches: the folder of a busy person."""


def bench_rerankers(
    settings: Settings, rerankers: Sequence[str], plan: RerankPlan
) -> Iterator[Step | Figure]:
    """Measure the reference's shape and these rerankers in every runtime there is.

    Raises ModelError for a reranker that cannot be used.
    """
    registry = model_registry(settings)
    tokenizer = tokenizer_file(registry)
    with ExitStack() as stack:
        made = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        yield Step("importing torch, making the reference model", 0, 1)
        reference = made / "reference"
        write_model(MINILM_L6, reference, tokenizer)
        baseline = Baseline((MINILM_L6.name, BASELINE), ReferenceCrossEncoder(reference).predict)
        # The user's models, and exports that are gone with the directory.
        models = ModelRegistry(data_dir(settings), settings.offline, made / "cache")
        contestants = []
        for name in (str(reference), *rerankers):
            label = MINILM_L6.name if name == str(reference) else Path(name).name
            for choice in models.choices(name):
                yield Step(f"loading {label}, {choice}", 0, 1)
                models.export(name, choice, lambda *_: None)
                reranker = models.load_reranker(name, choice)
                keeps = isinstance(reranker, SegmentReranker)
                contestants.append(Contestant((label, str(choice)), reranker, keeps))
        choice = tunings(settings, registry).choice(EMBEDDER.name)
        first_stage = _first_stage(registry.load_embedder(choice), plan)

        def new_cache() -> ScoreCache:
            cache = SqliteScoreCache(Path(tempfile.mkdtemp(dir=made)) / "scores.sqlite")
            return stack.enter_context(closing(cache))

        words = Words(tokenizer, SEED)
        yield from bench_rerank(contestants, baseline, first_stage, words, new_cache, plan)


def tokenizer_file(registry: ModelRegistry) -> Path:
    """The WordPiece tokenizer in the box. Raises ModelMissingError where it is not there."""
    folder = registry.state(BOXED.name).folder
    if folder is None:
        raise ModelMissingError(f"{BOXED.name} is not there; install docsearch again.")
    return Path(folder) / "tokenizer.json"


def _first_stage(embedder: Embedder, plan: RerankPlan) -> FirstStage:
    """The bi-encoder, and FAISS over random vectors."""
    vectors = np.random.default_rng(SEED).standard_normal(
        (VECTORS, EMBEDDER_DIMENSION), dtype=np.float32
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = FaissIndex(EMBEDDER_DIMENSION, lambda ids: (ids, vectors[ids]))
    index.add(np.arange(VECTORS, dtype=np.int64), vectors)
    most = max(plan.candidates)
    return FirstStage(VECTORS, lambda words: index.search(embedder.embed_query(words), most))
