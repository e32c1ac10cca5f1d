"""What the rule files of a folder leave out: .gitignore, and .docsearchignore after it.

In: the text of rule files, folder by folder on the way down. Out: for a path, the rule that leaves
it out, in words. As in git, a rule file governs its own folder, a deeper file overrides one
above it, the last rule of a file wins, and nothing below a folder that is left out comes back.
Does not know where the text comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from docsearch.ingest.patterns import BrokenPatternError, Pattern

GITIGNORE = ".gitignore"
DOCSEARCHIGNORE = ".docsearchignore"

RULE_FILE_NAMES = (GITIGNORE, DOCSEARCHIGNORE)
"""In the order of their weight, the lightest first."""

WEIGHTS = {DOCSEARCHIGNORE: 3, GITIGNORE: 2, "exclude": 1, "excludesFile": 0}
"""By the kind of rule file; what is in a repository's own folder and in git's configuration is
lighter than what is among the files."""

HIDDEN = "hidden: its name starts with a dot"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a rule file."""

    pattern: Pattern
    leaves_out: bool
    line: int


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file: `folder` is the parts of its folder's path, below the searched folder.

    One that lies above has the searched folder's path below its own in `inside`.
    """

    name: str
    folder: tuple[str, ...]
    rules: tuple[Rule, ...]
    weight: int
    inside: tuple[str, ...] = ()

    @classmethod
    def parse(
        cls,
        name: str,
        folder: tuple[str, ...],
        text: str,
        *,
        kind: str | None = None,
        inside: tuple[str, ...] = (),
    ) -> RuleFile:
        """Lines that git would not understand are passed over."""
        rules = []
        for line, raw in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
            body = _without_trailing_spaces(raw.removesuffix("\r"))
            if body.startswith("#"):
                continue
            try:
                pattern = Pattern.parse(body.removeprefix("!"))
            except BrokenPatternError:
                continue
            rules.append(Rule(pattern, not body.startswith("!"), line))
        return cls(name, folder, tuple(rules), WEIGHTS[kind or name], inside)

    def last_rule_for(self, parts: tuple[str, ...], is_folder: bool) -> Rule | None:
        """The rule that decides on a path, which must be in or below this file's folder."""
        below = (*self.inside, *parts[len(self.folder) :])
        return next(
            (rule for rule in reversed(self.rules) if rule.pattern.matches(below, is_folder)), None
        )


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rule files in force in one folder, the weightiest first."""

    files: tuple[RuleFile, ...] = ()

    def extended(self, file: RuleFile) -> IgnoreRules:
        """The rules in force in `file`'s folder, with that file among them."""
        files = [file, *self.files]
        # Stable, so that within one name the deeper file stays in front.
        files.sort(key=lambda each: -each.weight)
        return replace(self, files=tuple(files))

    def reason_to_leave_out(self, path: str, is_folder: bool) -> str | None:
        """Why `path` is left out, or None; nothing above it may have been left out."""
        parts = tuple(path.split("/"))
        if parts[-1].startswith("."):
            return HIDDEN
        for file in self.files:
            rule = file.last_rule_for(parts, is_folder)
            if rule is not None:
                where = "/".join((*file.folder, file.name))
                return f"ignored by {where}, line {rule.line}" if rule.leaves_out else None
        return None


def _without_trailing_spaces(line: str) -> str:
    end, escaped = 0, False
    for place, character in enumerate(line, start=1):
        if escaped or character != " ":
            end = place
        escaped = character == "\\" and not escaped
    return line[:end]
