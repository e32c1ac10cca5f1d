"""The steps as commands: mine, teach, train, export, evaluate, table, agree, calibrate.

In: words. Out: the command that they name, run with its options. Does not know: what commands do.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from training import commands


def main(words: list[str] | None = None) -> None:
    """Run the command that `words` name."""
    options = _parser().parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--models", type=Path, default=Path("../shared/models"))
    steps = parser.add_subparsers(required=True)

    step = steps.add_parser("mine", help=commands.run_mine.__doc__)
    step.add_argument("--data", type=Path, default=Path("../shared/train"))
    step.add_argument("--mined", type=Path, required=True)
    step.add_argument("--max-tokens", type=int, default=320)
    step.set_defaults(run=commands.run_mine)

    step = steps.add_parser("teach", help=commands.run_teach.__doc__)
    step.add_argument("--mined", type=Path, required=True)
    step.add_argument("--teacher", choices=commands.TEACHERS, required=True)
    step.add_argument("--max-tokens", type=int, default=320)
    step.set_defaults(run=commands.run_teach)

    step = steps.add_parser("train", help=commands.run_train.__doc__)
    step.add_argument("--mined", type=Path, required=True)
    step.add_argument("--out", type=Path, required=True)
    step.add_argument("--steps", type=int, required=True)
    step.add_argument("--start", type=Path, nargs="+", help="snapshots to average and go on from")
    step.add_argument("--questions", type=int, default=16, help="questions a step")
    step.add_argument("--candidates", type=int, default=8, help="candidates a question")
    step.add_argument("--max-tokens", type=int, default=320)
    step.add_argument("--learning-rate", type=float, default=1e-4)
    step.add_argument("--frozen-layers", type=int, default=4, help="from the lowest")
    step.add_argument("--margin", type=float, default=0.2, help="for likely answers, in deviations")
    step.set_defaults(run=commands.run_train)

    step = steps.add_parser("export", help=commands.run_export.__doc__)
    step.add_argument("--snapshots", type=Path, nargs="+", required=True)
    step.add_argument("--card", type=Path, required=True)
    step.add_argument("--out", type=Path, required=True)
    step.set_defaults(run=commands.run_export)

    for name, run in (
        ("evaluate", commands.run_evaluate),
        ("table", commands.run_table),
        ("agree", commands.run_agree),
        ("calibrate", commands.run_calibrate),
    ):
        step = steps.add_parser(name, help=run.__doc__)
        step.add_argument("--sets", type=Path, default=Path("../shared/eval"))
        step.add_argument("--model", type=Path, required=name in {"evaluate", "calibrate"})
        step.add_argument("--first-stage", type=Path, required=True, help="kept rankings")
        step.add_argument("--out", type=Path, required=True, help="the model's rankings")
        step.add_argument("--first-weight", type=float, default=0.5)
        step.add_argument("--queries", type=int, help="at most so many of each set")
        step.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
        step.add_argument("--max-tokens", type=int, default=512)
        step.add_argument("--other", type=Path, required=name == "agree", help="other rankings")
        step.add_argument("--plot", type=Path, help="where calibrate draws the reliability")
        step.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    main()
