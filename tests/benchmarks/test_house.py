"""What counts as code, and who imports whom."""

from __future__ import annotations

from benchmarks.house import code_lines, figures, importers

ONE = '''"""A module."""

from docsearch.two import (
    a,
)

# Why.
LIMIT = 3
"""What it limits."""


def f() -> str:
    """Returns text."""
    return """two
lines"""
'''


def test_blank_lines_comments_and_docstrings_are_no_code() -> None:
    assert code_lines(ONE) == {3, 4, 5, 8, 12, 14, 15}


def test_the_figures_of_a_tree() -> None:
    modules = {"docsearch/one.py": ONE, "docsearch/two.py": "a = 1\n" * 301}
    found = figures(modules)
    assert found["files"] == 2
    assert found["lines"] == 316
    assert found["code"] == 308
    assert (found["one_importer"], found["small"], found["large"]) == (1, 1, 1)
    assert importers(modules)["docsearch/two.py"] == {"docsearch/one.py"}
