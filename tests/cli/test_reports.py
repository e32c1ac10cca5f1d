from __future__ import annotations

from docsearch.cli.download_report import DownloadLines
from docsearch.cli.progress_report import ProgressLines, work_in_words
from docsearch.domain.progress import DownloadProgress, IndexProgress, Phase


def indexing(done: int, notice: str | None = None) -> IndexProgress:
    return IndexProgress(
        Phase.INDEXING, files_done=done, files_total=9, chunks_done=done * 2, notice=notice
    )


def test_a_log_gets_a_line_for_a_phase_and_then_one_now_and_then() -> None:
    lines: list[str] = []
    now = 100.0
    tell = ProgressLines(lines.append, clock=lambda: now)
    tell(IndexProgress(Phase.SCANNING))
    tell(IndexProgress(Phase.SCANNING))
    for done in range(5):
        tell(indexing(done))
    now += 4.9
    tell(indexing(6))
    now += 0.2
    tell(indexing(7))
    tell(IndexProgress(Phase.READY, files=9, chunks=18))
    assert lines == [
        "scanning the folder",
        "indexing: 0 of 9 files, 0 chunks",
        "indexing: 7 of 9 files, 14 chunks",
    ]


def test_a_notice_is_told_once_and_without_power() -> None:
    lines: list[str] = []
    tell = ProgressLines(lines.append, clock=lambda: 0.0)
    for done in range(3):
        tell(indexing(done, "polling\x1b[2J"))
    assert lines == ["polling␛[2J", "indexing: 0 of 9 files, 0 chunks"]


def test_why_it_failed_is_left_to_the_end_of_the_command() -> None:
    lines: list[str] = []
    tell = ProgressLines(lines.append, clock=lambda: 0.0)
    tell(IndexProgress(Phase.FAILED, notice="Index: the disk is full"))
    assert lines == []


def test_pace_and_time_left_are_told_once_they_are_known() -> None:
    known = IndexProgress(
        Phase.INDEXING,
        files_done=1,
        files_total=1,
        chunks_done=1,
        chunks_per_second=12.34,
        seconds_left=150,
    )
    assert work_in_words(known) == "1 of 1 file, 1 chunk, 12.3 chunks/s, 2 min left"


def test_a_download_gets_a_line_for_each_tenth() -> None:
    lines: list[str] = []
    tell = DownloadLines(lines.append)
    for received in range(0, 101):
        tell(DownloadProgress("tiny", "model.safetensors", received * 1_000_000, 100_000_000))
    assert len(lines) == 11
    assert lines[0] == "tiny: 0 B of 100 MB"
    assert lines[-1] == "tiny: 100 MB of 100 MB"
    lines.clear()
    tell(DownloadProgress("tiny", "config.json", 500, None))
    assert lines == ["tiny: 500 B"]
