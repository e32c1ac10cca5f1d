"""Nearest neighbours with FAISS, by inner product.

In: vectors under their chunk ids, and questions. Out: ids with their exact inner products. Few
vectors are held whole; of many only eight bits a number, and the best of a search are computed
again from the stored vectors, as many as rounding could have put in the wrong place. Does not know
where vectors are stored, nor what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

import numpy as np

from docsearch.ports import ChunkIds, Vectors
from docsearch.storage import vector_forms as forms
from docsearch.storage.vector_file import Stamp, read_vectors, write_vectors

Stored = Callable[[ChunkIds], tuple[ChunkIds, Vectors]]
"""The stored vectors of these ids, by id; one that is gone meanwhile is left out."""

# Measured: to look at one row by itself takes as long as to pass over some hundred rows; and where
# a selector lets a good part through, it takes longer than to choose from a longer list.
_FEW_ARE_ONE_IN = 256
_MANY_ARE_ONE_IN = 4
_FEWEST_ASKED_OF_BYTES = 512
_MOST_COMPUTED_AGAIN = 4096  # of thousands that are alike, any will do
_MOST_DOOMED = 512
_BATCH = 16384


@dataclass(frozen=True, slots=True)
class VectorMemory:
    """How many vectors are held, whole or as bytes, and how much memory that takes."""

    count: int
    whole: bool
    size: int

    @property
    def form(self) -> str:
        """The form, in words for a person."""
        return "float32, exact" if self.whole else "8 bits a number, the best computed again"


class FaissIndex:
    """`IndexIDMap` over a flat index or one of bytes; any thread may search while another adds.

    Its ids always rise with the rows, so that a sorted search finds a row. What is removed is left
    out of answers at once, and taken out of FAISS a few hundred at a time: it moves the whole
    array, once for all of them as for one.
    """

    most_whole_bytes: ClassVar[int] = 32 << 20
    """Vectors are held whole up to here: 21,845 of 384 numbers.

    With AVX-512, bytes take less time from 10,000 of them on (1.2 ms of a core), the reading of the
    stored vectors included, and half of it from 30,000 on.
    """

    def __init__(self, dimension: int, stored: Stored, index: Any = None) -> None:
        """An empty index, or one that FAISS has read."""
        self._dimension = dimension
        self._stored = stored
        self._most_whole = self.most_whole_bytes // (4 * dimension)
        self._index = index or forms.empty_index(dimension, whole=True)
        self._doomed: ChunkIds = np.empty(0, dtype=np.int64)
        # Held for as long as FAISS is read or changed.
        self._touch = Lock()
        # Held by whoever changes or saves: a save takes long, and must not keep searches out.
        self._change = Lock()

    @classmethod
    def load(
        cls, path: Path, stamp: Stamp, vouched: str, dimension: int, stored: Stored
    ) -> tuple[FaissIndex, int] | None:
        """The saved index and the generation it was saved at; None where there is no file.

        Raises IndexStoreError, with the reason alone, for a file that is torn, newer than `stamp`,
        or of another index, bi-encoder, form or dimension, or without the sum `vouched` for.
        """
        found = read_vectors(path, stamp, vouched, lambda index: forms.is_known(index, dimension))
        return None if found is None else (cls(dimension, stored, found[0]), found[1])

    def __len__(self) -> int:
        """How many vectors it holds."""
        return int(self._index.ntotal) - len(self._doomed)

    def memory(self) -> VectorMemory:
        """How many vectors there are, in which form and how many bytes."""
        with self._touching():
            index = self._index
            return VectorMemory(len(self), forms.is_whole(index), forms.bytes_of(index))

    def ids(self) -> ChunkIds:
        """The ids it holds, in rising order."""
        with self._touching():
            return np.setdiff1d(forms.ids_of(self._index), self._doomed, assume_unique=True)

    def differing(self, ids: ChunkIds, vectors: Vectors) -> ChunkIds:
        """Those of these ids under which other vectors stand here, as exactly as it holds them.

        In rising order; raises KeyError for an id that is not here.
        """
        with self._touching():
            rows = self._rows(ids)
            if len(rows) < len(ids):
                raise KeyError
            held = forms.rows_of(self._index).reconstruct_batch(rows)
            order = np.argsort(ids)
            same = held == forms.encoded(self._index, vectors[order])
            differing: ChunkIds = ids[order][~same.all(axis=1)]
            return differing

    def add(self, ids: ChunkIds, vectors: Vectors) -> None:
        """Take in vectors under their chunk ids; an id that is already there is replaced."""
        if not len(ids):
            return
        with self._change, self._touching():
            self._doom(ids)
            if np.isin(ids, self._doomed).any():
                self._settle()
            held = forms.ids_of(self._index)
            last = held[-1] if len(held) else -1
            if np.all(np.diff(ids, prepend=last) > 0):
                self._index.add_with_ids(forms.encoded(self._index, vectors), ids)
            else:  # never with ids of a catalog, which are never given twice
                self._merge(ids, vectors)

    def remove(self, ids: ChunkIds) -> None:
        """Forget these ids; unknown ones are passed over."""
        with self._change, self._touching():
            self._doom(ids)
            if len(self._doomed) > _MOST_DOOMED:
                self._settle()

    def fit(self) -> None:
        """Change the form where there are too many vectors for the one, or few enough again.

        The other is made beside the present one, which answers until it is there. Raises
        IndexStoreError where stored vectors are needed and cannot be read; all is then as before.
        """
        with self._change:
            whole = forms.is_whole(self._index)
            # Half: an index that grows and shrinks about the border is not made again each time.
            if len(self) <= self._most_whole if whole else len(self) > self._most_whole // 2:
                return
            with self._touching():
                self._settle()
            ids = forms.ids_of(self._index)
            parts = (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
            source = self._own if whole else self._stored
            with forms.alone():
                other = self._made(map(source, parts), whole=not whole)
            with self._touching():
                self._index = other

    def search(
        self, vector: Vectors, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        """The k best (chunk id, inner product), best first; only of `among` where it is given.

        Equal products come in the order of their ids, also where k cuts through them; through
        thousands of equals only where vectors are held whole. Raises IndexStoreError where they
        are not, and the stored ones cannot be read.
        """
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        with self._touching():
            whole = forms.is_whole(self._index)
            ids, products = self._candidates(query, k, None if among is None else _rising(among))
        if not whole:
            # Outside the lock: it reads the disk.
            ids, vectors = self._stored(np.sort(ids))
            products = forms.exact_products(query, vectors)
        pairs = zip(ids.tolist(), products.tolist(), strict=True)
        return sorted(pairs, key=lambda hit: (-hit[1], hit[0]))[:k]

    def save(self, path: Path, stamp: Stamp, vouch: Callable[[str], None]) -> None:
        """Replace the file at once or not at all. Raises IndexStoreError.

        The caller sees to it that the index holds what the catalog held at the stamp's generation,
        and that `vouch` keeps the file's sum before the file is there.
        """
        with self._change:
            with self._touching():
                self._settle()
            write_vectors(path, self._index, stamp, vouch)

    @contextmanager
    def _touching(self) -> Iterator[None]:
        with self._touch, forms.alone():
            yield

    def _candidates(
        self, query: Vectors, k: int, among: ChunkIds | None
    ) -> tuple[ChunkIds, Vectors]:
        """Ids, and products as this form has them: all that may belong to the k best."""
        most = len(self) if among is None else min(len(among), len(self))
        if k < 1 or most < 1:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        in_bytes = not forms.is_whole(self._index)
        # Deeper than this, the order of the bytes is good enough.
        deepest = min(most, max(_MOST_COMPUTED_AGAIN, 2 * k)) if in_bytes else most
        apart = forms.margin(self._index, query)
        take = min(max(k + 1, _FEWEST_ASKED_OF_BYTES if in_bytes else 0), deepest)
        while True:
            ids, products = self._nearest(query, take, among)
            if len(products) < k:
                return ids, products
            least = products[k - 1] - apart
            # FAISS picks any of equals; ask on until the last one is surely worse than the k-th.
            if take == deepest or len(products) < take or products[-1] < least:
                enough = products >= least
                return ids[enough], products[enough]
            take = min(4 * take, deepest)

    def _nearest(
        self, query: Vectors, take: int, among: ChunkIds | None
    ) -> tuple[ChunkIds, Vectors]:
        """The `take` best ids by this form's products, best first; all where there are fewer."""
        if among is None:
            return self._chosen(query, take, take + len(self._doomed), None)
        if _MANY_ARE_ONE_IN * len(among) >= len(self):
            share = len(self) / len(among)
            ids, products = self._chosen(query, take, int(2 * share * take) + 1, among)
            if len(ids) == take:
                return ids, products
        rows = self._rows(among)
        if _FEW_ARE_ONE_IN * len(rows) <= len(self):
            products = forms.products_of(self._index, query, rows)
            best = np.argsort(-products, kind="stable")[:take]
            rows, products = rows[best], products[best]
        else:
            rows, products = forms.nearest(self._index, query, take, rows)
        return forms.ids_of(self._index)[rows], products

    def _chosen(
        self, query: Vectors, take: int, ask: int, among: ChunkIds | None
    ) -> tuple[ChunkIds, Vectors]:
        """The first `take` that may be shown of the `ask` best: perhaps fewer than there are."""
        rows, products = forms.nearest(self._index, query, ask)
        ids = forms.ids_of(self._index)[rows]
        shown = ~np.isin(ids, self._doomed)
        if among is not None:
            places = np.minimum(np.searchsorted(among, ids), len(among) - 1)
            shown &= among[places] == ids
        return ids[shown][:take], products[shown][:take]

    def _rows(self, ids: ChunkIds) -> ChunkIds:
        """Where these ids stand, in rising order; those that are not here are left out."""
        held = forms.ids_of(self._index)
        wanted = _rising(ids)
        places = np.searchsorted(held, wanted)
        inside = places < len(held)
        rows: ChunkIds = places[inside].astype(np.int64)
        rows = rows[held[rows] == wanted[inside]]
        return rows[~np.isin(held[rows], self._doomed)] if len(self._doomed) else rows

    def _doom(self, ids: ChunkIds) -> None:
        present = forms.ids_of(self._index)[self._rows(ids)]
        self._doomed = np.union1d(self._doomed, present)

    def _settle(self) -> None:
        if len(self._doomed):
            self._index.remove_ids(self._doomed)
            self._doomed = self._doomed[:0]

    def _merge(self, ids: ChunkIds, vectors: Vectors) -> None:
        """Take in vectors of which some belong between those that are here."""
        self._settle()
        held = forms.ids_of(self._index)
        rows = forms.rows_of(self._index).reconstruct_n(0, len(held))
        taken = np.concatenate([rows, forms.encoded(self._index, vectors)])
        both = np.concatenate([held, ids])
        order = np.argsort(both)
        merged = forms.empty_index(self._dimension, whole=forms.is_whole(self._index))
        merged.add_with_ids(taken[order], both[order])
        self._index = merged

    def _own(self, ids: ChunkIds) -> tuple[ChunkIds, Vectors]:
        return ids, forms.rows_of(self._index).reconstruct_batch(self._rows(ids))

    def _made(self, parts: Iterable[tuple[ChunkIds, Vectors]], *, whole: bool) -> Any:
        made = forms.empty_index(self._dimension, whole=whole)
        for ids, vectors in parts:
            made.add_with_ids(forms.encoded(made, vectors), ids)
        return made


def _rising(ids: ChunkIds) -> ChunkIds:
    return ids if np.all(np.diff(ids) > 0) else np.unique(ids)
