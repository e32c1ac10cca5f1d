"""How much memory a model takes over texts of ever new lengths.

    python -m benchmarks.memory [--model NAME] [--precision int8] [--queries 1000] [--passages 50]

In: nothing; texts are random words. Out: a line of JSON at every tenth of the way (queries so far,
resident MB of this process, processor seconds), and a last one with the most memory and what the
second half added. OpenVINO compiles each layer for every shape of its input, so memory without a
bound grows with the number of different lengths. A reranker reads each query with its passages; the
bi-encoder (`--model all-MiniLM-L6-v2`) embeds the passages.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from docsearch.bench.rerank import Words
from docsearch.bench.rerank_parts import tokenizer_file
from docsearch.domain.model import ModelKind
from docsearch.domain.runtime import Precision, Runtime, RuntimeChoice
from docsearch.models.descriptions import BOXED
from docsearch.models.registry import ModelRegistry

SEED = 7
LONGEST_QUERY = 30
LONGEST_PASSAGE = 500

Read = Callable[[str, Sequence[str]], object]


def main() -> None:
    """Read, and print what it took."""
    asked = _arguments()
    choice = RuntimeChoice(Runtime.OPENVINO, Precision(asked.precision))
    with tempfile.TemporaryDirectory() as made:
        registry = ModelRegistry(Path(made), offline=True)
        read = _loaded(registry, asked.model, choice)
        words, draw = Words(tokenizer_file(registry), SEED), random.Random(SEED)
        taken = []
        for number in range(1, asked.queries + 1):
            lengths = [draw.randint(1, LONGEST_PASSAGE) for _ in range(asked.passages)]
            read(words.text(draw.randint(1, LONGEST_QUERY)), [words.text(each) for each in lengths])
            taken.append(_resident_mb())
            if number % max(1, asked.queries // 10) == 0:
                _print(queries=number, resident_mb=taken[-1], cpu_s=time.process_time())
        _print(most_mb=max(taken), second_half_added_mb=taken[-1] - taken[len(taken) // 2])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=BOXED.name)
    parser.add_argument("--precision", default="int8", choices=[each.value for each in Precision])
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--passages", type=int, default=50)
    return parser.parse_args()


def _loaded(registry: ModelRegistry, name: str, choice: RuntimeChoice) -> Read:
    registry.export(name, choice, lambda _done, _total: None)
    if registry.state(name).description.kind is ModelKind.BI_ENCODER:
        embedder = registry.load_embedder(choice, _give_up)
        return lambda _query, passages: embedder.embed_passages(passages)
    reranker = registry.load_reranker(name, choice, _give_up)
    return reranker.score


def _give_up(notice: str) -> None:
    raise SystemExit(notice)


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1e3


def _print(**figures: float) -> None:
    print(json.dumps({name: round(figure) for name, figure in figures.items()}), flush=True)


if __name__ == "__main__":
    main()
