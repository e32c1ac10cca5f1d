"""What made a file's chunks and vectors, so that it can be told when they are out of date.

In: the parts' own fingerprints. Out: one fingerprint for a file's entry.
"""

from __future__ import annotations

from dataclasses import dataclass

from docsearch.domain.fingerprint import fingerprint


@dataclass(frozen=True, slots=True)
class Recipe:
    """The bi-encoder (its name, fingerprint and length of vector), the chunker and the readers.

    A file made by another recipe is stale and is to be made again. Until then its passages are
    found by their words, and by their vectors if the same bi-encoder made them.
    """

    embedder_name: str
    embedder_fingerprint: str
    dimension: int
    chunking_fingerprint: str
    reader_fingerprint: str

    @property
    def fingerprint(self) -> str:
        """Changes whenever a file's chunks or vectors could come out otherwise."""
        return fingerprint(
            embedder=self.embedder_fingerprint,
            chunking=self.chunking_fingerprint,
            readers=self.reader_fingerprint,
        )
