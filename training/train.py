"""The training loop: resumable, seeded, keeping snapshots to average.

In: a network, a stream of batches, a `Schedule`. Out: snapshots of the weights in a folder.
Does not know: where batches come from or how well the network ranks.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn.utils import clip_grad_norm_
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from docsearch.files import replacing
from docsearch.models.segment.network import SegmentNetwork
from training.batches import Batch
from training.losses import listwise_distillation, listwise_labels
from training.student import list_logits

logger = logging.getLogger(__name__)

RESUME_FILE = "resume.pt"
SNAPSHOT_FILE = "step-{:06d}.safetensors"
LOG_EVERY = 10
# Weights of at most so many numbers: the scales, saturations and biases of the readings.
LARGEST_SCALAR_GROUP = 3


@dataclass(frozen=True)
class Schedule:
    """How long, how fast, and what is left alone."""

    steps: int
    learning_rate: float = 1e-4
    scalars_learning_rate: float = 3e-2
    warmup_steps: int = 30
    frozen_layers: int = 4
    label_share: float = 0.3
    temperature: float = 0.5
    snapshot_every: int = 50


def train(
    network: SegmentNetwork, batch_at: Callable[[int], Batch], schedule: Schedule, folder: Path
) -> None:
    """Run the schedule from its start, or from where an earlier run of it in `folder` stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    optimizer = _optimizer(network, schedule)
    slope = LambdaLR(optimizer, partial(_learning_rate_share, schedule=schedule))
    done = _resume(folder, network, optimizer, slope)
    if done == 0:
        save_file(network.state_dict(), folder / SNAPSHOT_FILE.format(0))
    started = time.monotonic()
    for step in range(done, schedule.steps):
        distilled, labelled = _losses(network, batch_at(step), schedule)
        loss = (1 - schedule.label_share) * distilled + schedule.label_share * labelled
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        clip_grad_norm_(_trained(network), 1.0)
        optimizer.step()
        slope.step()
        taken = step + 1
        if taken % LOG_EVERY == 0:
            pace = (time.monotonic() - started) / (taken - done)
            losses = f"distilled {distilled.item():.4f}, labelled {labelled.item():.4f}"
            logger.info("step %d, %s, %.2f s a step", taken, losses, pace)
        if taken % schedule.snapshot_every == 0 or taken == schedule.steps:
            _keep(folder, network, optimizer, slope, taken)


def _keep(
    folder: Path, network: SegmentNetwork, optimizer: Optimizer, slope: LambdaLR, taken: int
) -> None:
    """Write a snapshot of the weights, and all that resuming needs in one atomic replacement."""
    save_file(network.state_dict(), folder / SNAPSHOT_FILE.format(taken))
    state = {
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "slope": slope.state_dict(),
        "taken": taken,
    }
    with replacing(folder / RESUME_FILE, alone=True) as file:
        torch.save(state, file)


def _resume(folder: Path, network: SegmentNetwork, optimizer: Optimizer, slope: LambdaLR) -> int:
    """Put everything back to where the last run stopped; the number of steps it had taken."""
    if not (folder / RESUME_FILE).exists():
        return 0
    kept = torch.load(folder / RESUME_FILE, weights_only=True)
    network.load_state_dict(kept["network"])
    optimizer.load_state_dict(kept["optimizer"])
    slope.load_state_dict(kept["slope"])
    return int(kept["taken"])


def average_snapshots(paths: Iterable[Path]) -> dict[str, Tensor]:
    """The mean of the weights of several snapshots of one run."""
    snapshots = [load_file(path) for path in paths]
    return {
        name: torch.stack([snapshot[name].float() for snapshot in snapshots]).mean(0)
        for name in snapshots[0]
    }


def _losses(network: SegmentNetwork, batch: Batch, schedule: Schedule) -> tuple[Tensor, Tensor]:
    with torch.autocast("cpu", torch.bfloat16):
        logits = list_logits(network, batch.queries, batch.passages)
    teacher = torch.from_numpy(batch.teacher)
    unsure = torch.from_numpy(batch.unsure)
    return listwise_distillation(logits, teacher, schedule.temperature), listwise_labels(
        logits, unsure
    )


def _optimizer(network: SegmentNetwork, schedule: Schedule) -> Optimizer:
    """AdamW on all but the embeddings and the lowest layers; the few scalars move faster."""
    frozen = [network.words, network.positions, network.embedding_norm]
    for module in [*frozen, *network.apart[: schedule.frozen_layers]]:
        module.requires_grad_(False)
    trained = _trained(network)
    scalars = [weight for weight in trained if weight.numel() <= LARGEST_SCALAR_GROUP]
    layers = [weight for weight in trained if weight.numel() > LARGEST_SCALAR_GROUP]
    return torch.optim.AdamW(
        [
            {"params": layers, "lr": schedule.learning_rate, "weight_decay": 0.01},
            {"params": scalars, "lr": schedule.scalars_learning_rate, "weight_decay": 0.0},
        ]
    )


def _trained(network: SegmentNetwork) -> list[Tensor]:
    return [weight for weight in network.parameters() if weight.requires_grad]


def _learning_rate_share(step: int, schedule: Schedule) -> float:
    if step < schedule.warmup_steps:
        return (step + 1) / schedule.warmup_steps
    return max(0.02, (schedule.steps - step) / (schedule.steps - schedule.warmup_steps))
