"""Which files of a repository a model needs, and the hash that each must have.

In: a description and the hub's listing. Out: `WantedFile`s. Neither reads files nor fetches them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from docsearch.domain.errors import ModelCorruptError, ModelDownloadError
from docsearch.domain.model import ModelDescription, ModelFile
from docsearch.models.hub.repository import HubFile, HubListing
from docsearch.models.store import git_blob_of, sha256_of

_SMALL_FILES = frozenset(
    {
        "config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "vocab.txt",
        "vocab.json",
        "merges.txt",
        "sentencepiece.bpe.model",
        "spiece.model",
        "spm.model",
    }
)
_WEIGHTS = re.compile(r"model(-\d+-of-\d+)?\.safetensors(\.index\.json)?")


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file to have: `expected` is a SHA-256 or, for files outside of LFS, a git blob hash."""

    name: str
    size: int
    expected: str
    is_sha256: bool

    def found_in(self, path: Path) -> str:
        """The hash of the kind that is expected, of the file at `path`."""
        return sha256_of(path) if self.is_sha256 else git_blob_of(path)

    def is_at(self, path: Path) -> bool:
        """Whether `path` holds this very file."""
        try:
            return path.stat().st_size == self.size and self.found_in(path) == self.expected
        except OSError:
            return False


def is_model_file(name: str) -> bool:
    """Whether a model or its tokenizer is read from a file of this name; pickles never are."""
    return name in _SMALL_FILES or _WEIGHTS.fullmatch(name) is not None


def wanted_files(description: ModelDescription, listing: HubListing) -> list[WantedFile]:
    """The files to have: those described, and those that a model or a tokenizer is read from.

    Raises ModelDownloadError where the repository holds no model that can be used,
    ModelCorruptError where it holds another file than the one described.
    """
    described = {file.name: file for file in description.files}
    listed = {file.name: file for file in listing.files}
    absent = sorted(described.keys() - listed.keys())
    if absent:
        raise ModelDownloadError(f"The hub does not list {', '.join(absent)}.")
    names = described.keys() | {name for name in listed if is_model_file(name)}
    if not any(_WEIGHTS.fullmatch(name) for name in names):
        raise ModelDownloadError(
            "It has no weights as safetensors; pickled weights can run code and are not loaded."
        )
    if "config.json" not in names:
        raise ModelDownloadError("It has no config.json, so it is no model for transformers.")
    return [_expect(description, described.get(name), listed[name]) for name in sorted(names)]


def _expect(description: ModelDescription, known: ModelFile | None, file: HubFile) -> WantedFile:
    """The described hash counts; without one, the hub's own."""
    if known is not None and known.sha256 is not None:
        if file.sha256 is not None and file.sha256 != known.sha256:
            raise ModelCorruptError(
                f"The hub offers another {file.name} of {description.name} than the one described: "
                f"its SHA-256 is {file.sha256}, expected {known.sha256}. Nothing was downloaded."
            )
        return WantedFile(file.name, file.size, known.sha256, is_sha256=True)
    if file.sha256 is not None:
        return WantedFile(file.name, file.size, file.sha256, is_sha256=True)
    if file.git_blob is None:
        raise ModelDownloadError(f"The hub states no hash for {file.name}.")
    return WantedFile(file.name, file.size, file.git_blob, is_sha256=False)
