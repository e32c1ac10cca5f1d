from __future__ import annotations

import re

from docsearch.domain import errors
from docsearch.domain.errors import DocsearchError


def family(root: type[DocsearchError], depth: int = 0) -> list[tuple[int, str, int]]:
    """Each class with how deep it stands in the tree and its exit code, in order of the module."""
    found = [(depth, root.__name__, root.exit_code)]
    for each in root.__subclasses__():
        if each.__module__ == errors.__name__:
            found += family(each, depth + 1)
    return found


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn = []
    code = 0
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"    ([│├└─ ]*)(\w+Error)\b +(?:exit (\d+))?", line):
            depth = len(match[1]) // 4
            # A class without a code of its own has that of the one above it.
            code = int(match[3]) if match[3] else (1 if depth == 1 else code)
            drawn.append((depth, match[2], code))
    assert drawn == family(DocsearchError)
