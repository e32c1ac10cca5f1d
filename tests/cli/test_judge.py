"""`docsearch judge` before its screen: what cannot be judged is said, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsearch.domain.errors import EvaluationError
from docsearch.judging.judged_files import queries_of
from tests.cli.command import Home


@pytest.mark.parametrize(
    ("content", "queries"),
    [
        (b"how do I roll back\n\n  what is due \r\n", ("how do I roll back", "what is due")),
        (b"\xef\xbb\xbfq1\tfirst words\nq2\tsecond words\n", ("first words", "second words")),
        (b'{"_id": "1", "text": "as lines of JSON"}\n', ("as lines of JSON",)),
    ],
)
def test_queries_are_one_a_line_or_have_ids(
    content: bytes, queries: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "queries.txt"
    file.write_bytes(content)
    assert queries_of(file) == queries


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "q.txt holds no queries"),
        (b" \n\t\n", "q.txt holds no queries"),
        (b"\x00\x01\x02", "q.txt is no text in UTF-8"),
        (b"caf\xe9", "q.txt is no text in UTF-8"),
        (b"q1\twords\nno id\n", "q.txt:2: this is no query: write `id<TAB>words`"),
        (b"{oops\n", "q.txt:1"),
    ],
)
def test_a_file_without_queries_says_what_is_wrong_with_it(
    content: bytes, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "q.txt"
    file.write_bytes(content)
    with pytest.raises(EvaluationError, match=said):
        queries_of(file)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nowhere",), 3, "no folder"),
        (("notes", "--queries", "gone.txt"), 1, "gone.txt cannot be read: No such file"),
        (("notes", "--queries", "notes"), 1, "notes cannot be read: Is a directory"),
        (("notes", "--queries", "empty.txt"), 1, "empty.txt holds no queries"),
        (("notes", "--queries", "empty.txt", "--history"), 2, "not from both"),
        (("notes", "--rerankers", "no-such-model"), 6, "no-such-model"),
        (("notes", "--rerankers", "ms-marco-MiniLM-L6-v2"), 6, "models pull ms-marco-MiniLM-L6-v2"),
        (("notes", "--rerankers", "cohere-rerank-v3.5"), 6, "Set COHERE_API_KEY"),
        (("notes", "--rerankers", ","), 2, "No name is given"),
        (("notes",), 2, "needs a terminal"),
    ],
)
def test_what_cannot_be_judged_is_told(
    words: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    (tmp_path / "notes").mkdir()
    (tmp_path / "empty.txt").touch()
    ended = home.call("judge", *words)
    assert ended.code == code, ended.err
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_the_help_names_the_keys(tmp_path: Path) -> None:
    told = Home(tmp_path).call("judge", "--help").out
    assert "`-` not relevant" in told
    assert "--again" in told
