"""The pages that people read: their words, and where their links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from docsearch.cli.main import COMMANDS
from tests.cli.test_help import UNWANTED

REPOSITORY = Path(__file__).parents[1]
PAGES = [*sorted(REPOSITORY.glob("*.md")), *sorted((REPOSITORY / "docs").glob("*.md"))]
README = REPOSITORY / "README.md"
named = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)


@named
def test_no_page_has_words_that_people_stumble_over(page: Path) -> None:
    text = page.read_text("utf-8")
    if page.name == "CONTRIBUTING.md":
        # The style note names them.
        text = re.sub(r"(?s)## English.*?\n## ", "## ", text)
    assert UNWANTED.findall(text) == []


def anchors(page: Path) -> set[str]:
    """What a link to a heading of the page ends in, as GitHub makes it."""
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def broken(page: Path) -> Iterator[str]:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@named
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


def test_the_readme_is_a_door() -> None:
    lines = README.read_text("utf-8").splitlines()
    assert len(lines) <= 150
    start = lines[:20]
    assert any(line.startswith("make run") for line in start)
    assert any(line.startswith("make test") for line in lines[:25])
    linked = set(re.findall(r"\]\(docs/([\w-]+)\.md\)", "\n".join(lines)))
    assert linked == {page.stem for page in PAGES if page.parent.name == "docs"}


def test_every_command_in_the_readme_is_one() -> None:
    shells = re.findall(r"(?s)```sh\n(.*?)```", README.read_text("utf-8"))
    named = set(re.findall(r"(?m)^docsearch (\w+) ", "\n".join(shells)))
    assert named
    assert named <= set(COMMANDS)
