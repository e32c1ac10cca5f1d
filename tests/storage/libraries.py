"""Open a library the way the tests need it."""

from __future__ import annotations

from pathlib import Path

from docsearch.storage.layout import IndexLayout
from docsearch.storage.library import Library
from docsearch.storage.recipe import Recipe
from tests.fakes.embedder import FakeEmbedder

RECIPE = Recipe(FakeEmbedder.name, FakeEmbedder.fingerprint, FakeEmbedder.dimension, "c1", "r1")

FORM_CHANGES = 3 * 4 * RECIPE.dimension
"""For `FaissIndex.most_whole_bytes`: more than three vectors are held as bytes."""


def layout_in(folder: Path) -> IndexLayout:
    return IndexLayout(folder / "data" / "indexes" / "notes-0")


def open_library(
    folder: Path,
    *,
    embedder: str = RECIPE.embedder_fingerprint,
    chunking: str = RECIPE.chunking_fingerprint,
    readers: str = RECIPE.reader_fingerprint,
    read_only: bool = False,
) -> Library:
    return Library.open(
        layout_in(folder),
        embedder_name=RECIPE.embedder_name,
        embedder_fingerprint=embedder,
        chunking_fingerprint=chunking,
        reader_fingerprint=readers,
        dimension=RECIPE.dimension,
        read_only=read_only,
    )
