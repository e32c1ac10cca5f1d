"""The real command on a real terminal: judged once, gone on with later, measured."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.terminal import Terminal
from tests.end_to_end.test_screen import COMMAND, environment, notes

__all__ = ["environment", "notes"]


def test_judging_is_one_key_a_passage_and_goes_on_where_it_was(
    notes: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_text("insects that swarmed\n\nblue hull\n")
    command = [*COMMAND, "judge", str(notes), "--queries", str(queries)]
    with Terminal(command, environment, 80, 24) as terminal:
        terminal.wait_for("1 of 3, query 1 of 2")
        terminal.type("*-")
        terminal.wait_for("3 of 3, query 1 of 2")
        terminal.type("\x1b")
        assert terminal.wait_for_exit() == 0
    with Terminal(command, environment, 80, 24) as terminal:
        shown = terminal.wait_for("3 of 3, query 1 of 2")
        assert "insects that swarmed" in shown
        terminal.type("-")
        shown = terminal.wait_for("1 of 3, query 2 of 2")
        assert "blue hull" in shown
        terminal.type("+-\x7f0-")
        terminal.wait_for("Type another query")
        terminal.type("\x1b")
        assert terminal.wait_for_exit() == 0
    measured = [*COMMAND, "eval", str(notes), "--own", "--sources", "dense"]
    with Terminal(measured, environment, 120, 40) as terminal:
        terminal.wait_for(lambda screen: re.search(r"6 judgments", screen) is not None)
        assert terminal.wait_for_exit() == 0


def test_a_sign_on_the_search_screen_judges_and_is_there_after_a_restart(
    notes: Path, environment: dict[str, str]
) -> None:
    def answered(screen: str) -> bool:
        return "before#" in screen and "total" in screen and "so far" not in screen

    with Terminal([*COMMAND, str(notes)], environment, 80, 24) as terminal:
        terminal.wait_for("up to date")
        terminal.type("insects that swarmed")
        terminal.wait_for(answered)
        terminal.type("\x1b[B\x1b[A")
        terminal.wait_for("+ - judge")
        terminal.type("++")
        terminal.wait_for(lambda screen: "++ highly relevant" in screen and "NDCG@10" in screen)
        terminal.type("\x03")
        assert terminal.wait_for_exit() == 0
    with Terminal([*COMMAND, str(notes)], environment, 80, 24) as terminal:
        terminal.wait_for("up to date")
        terminal.type("insects that swarmed")
        terminal.wait_for(lambda screen: answered(screen) and "++ highly relevant" in screen)
        terminal.type("\x03")
        assert terminal.wait_for_exit() == 0
