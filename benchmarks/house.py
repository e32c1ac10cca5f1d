"""How large the source is, and how finely it is cut: figures of a checkout or of a revision.

    python -m benchmarks.house [--at REVISION]

In: `src/docsearch`, or a revision of git. Out: a line of JSON: files, lines, lines of code (no
blank ones, comments or docstrings), the share of them that are imports, files that exactly one
other imports, files of fewer than 60 and of more than 300 lines.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import subprocess
import sys
import tarfile
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

TOP = Path("src")
SMALL, LARGE = 60, 300

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def sources(revision: str | None) -> dict[str, str]:
    """The text of each module by its path below `src`."""
    if revision is None:
        return {str(file.relative_to(TOP)): file.read_text() for file in TOP.rglob("*.py")}
    archive = subprocess.run(
        ["git", "archive", revision, str(TOP)], capture_output=True, check=True
    ).stdout
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            stream = tar.extractfile(member)
            if stream is not None and member.name.endswith(".py"):
                found[str(Path(member.name).relative_to(TOP))] = stream.read().decode()
    return found


def code_lines(text: str) -> set[int]:
    """The numbers of the lines with code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines - set(_docstrings(ast.parse(text)))


def import_lines(text: str) -> set[int]:
    """The numbers of the lines with imports."""
    return {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def importers(modules: Mapping[str, str]) -> dict[str, set[str]]:
    """By module, those that import it."""
    named = {_name(path): path for path in modules}
    found: dict[str, set[str]] = defaultdict(set)
    for path, text in modules.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module:
                for each in (node.module, *(f"{node.module}.{name.name}" for name in node.names)):
                    if each in named:
                        found[named[each]].add(path)
    return found


def figures(modules: Mapping[str, str]) -> dict[str, float]:
    """All of them, of these modules."""
    code = {path: code_lines(text) for path, text in modules.items()}
    lengths = {path: len(text.splitlines()) for path, text in modules.items()}
    total = sum(map(len, code.values()))
    imported = sum(len(import_lines(text) & code[path]) for path, text in modules.items())
    used = importers(modules)
    return {
        "files": len(modules),
        "lines": sum(lengths.values()),
        "code": total,
        "imports": round(imported / total, 3),
        "one_importer": sum(len(used[path]) == 1 for path in modules),
        "small": sum(1 < length < SMALL for length in lengths.values()),
        "large": sum(length > LARGE for length in lengths.values()),
    }


def _docstrings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        # A string alone is a docstring wherever it stands: of a constant, too.
        for each in body:
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
                yield from range(each.lineno, (each.end_lineno or each.lineno) + 1)


def _name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--at", metavar="REVISION")
    asked = parser.parse_args()
    sys.stdout.write(json.dumps(figures(sources(asked.at))) + "\n")


if __name__ == "__main__":
    main()
