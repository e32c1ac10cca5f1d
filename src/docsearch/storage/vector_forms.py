"""The two forms in which FAISS holds vectors: whole, and as whole numbers of eight bits.

In: unit vectors, and questions. Out: an index, and products with how far they may be wrong. Rows of
an index are numbered from 0; ids are none of its business.

`QT_8bit_direct_signed` multiplies bytes with bytes: on a processor with AVX-512 it looks at a
million vectors in a third of the time that whole ones take, in a quarter of the memory. The scale
is fixed, since no number of a unit vector is larger than one, so there is nothing to train.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docsearch.ports import ChunkIds, Vectors

_LARGEST_CODE = 127.0
# Standard deviations of a code's rounding error. Two products whose difference has the wrong sign
# are hardly ever further apart: once in a hundred thousand for each sum of many small errors.
_SPREADS = 6.0


def empty_index(dimension: int, *, whole: bool) -> Any:
    """An `IndexIDMap` that holds nothing yet."""
    faiss = _faiss()
    if whole:
        return faiss.IndexIDMap(faiss.IndexFlatIP(dimension))
    form = faiss.ScalarQuantizer.QT_8bit_direct_signed
    product = faiss.METRIC_INNER_PRODUCT
    return faiss.IndexIDMap(faiss.IndexScalarQuantizer(dimension, form, product))


def is_known(index: Any, dimension: int) -> bool:
    """Whether this is of one of the two forms, with its ids in rising order."""
    faiss = _faiss()
    if type(index) is not faiss.IndexIDMap or index.d != dimension:
        return False
    if index.metric_type != faiss.METRIC_INNER_PRODUCT or np.any(np.diff(ids_of(index)) <= 0):
        return False
    held = rows_of(index)
    if isinstance(held, faiss.IndexScalarQuantizer):
        return bool(held.sq.qtype == faiss.ScalarQuantizer.QT_8bit_direct_signed)
    return isinstance(held, faiss.IndexFlatIP)


def is_whole(index: Any) -> bool:
    """Whether it holds the vectors themselves, so that its products are exact."""
    return isinstance(rows_of(index), _faiss().IndexFlatIP)


def rows_of(index: Any) -> Any:
    """The index within, that knows rows and not ids."""
    return _faiss().downcast_index(index.index)


def ids_of(index: Any) -> ChunkIds:
    """The ids by row: FAISS's own memory, which is gone with the next change."""
    ids: ChunkIds = _faiss().rev_swig_ptr(index.id_map.data(), index.id_map.size())
    return ids


def encoded(index: Any, vectors: Vectors) -> Vectors:
    """The vectors as this index takes them and gives them back."""
    if is_whole(index):
        return np.ascontiguousarray(vectors, dtype=np.float32)
    return _rounded(vectors * np.float32(_LARGEST_CODE))


def exact_products(query: Vectors, vectors: Vectors) -> Vectors:
    """The inner products of a query, shape (1, dimension), with each row; the same for equal rows.

    Not by matrix product: that adds up in another order from row to row.
    """
    products: Vectors = np.einsum("ij,j->i", vectors, query[0])
    return products


def margin(index: Any, query: Vectors) -> float:
    """How far below another's a product of this index must be to be so in truth; 0 if exact."""
    if is_whole(index):
        return 0.0
    steps = 1 / _LARGEST_CODE + 1 / _query_scale(query)
    return float(_SPREADS * steps / np.sqrt(12))


def nearest(
    index: Any, query: Vectors, take: int, rows: ChunkIds | None = None
) -> tuple[ChunkIds, Vectors]:
    """The `take` best rows and their products, best first; only of `rows` where they are given."""
    faiss = _faiss()
    held = rows_of(index)
    scale = 1.0 if is_whole(index) else _query_scale(query)
    asked = query if is_whole(index) else _rounded(query * np.float32(scale))
    if rows is None:
        products, found = held.search(asked, take)
    else:
        chosen = np.zeros(held.ntotal, dtype=np.bool_)
        chosen[rows] = True
        selector = faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
        products, found = held.search(asked, take, params=faiss.SearchParameters(sel=selector))
    here = found[0] >= 0
    return found[0][here], _in_proportion(index, products[0][here], scale)


def products_of(index: Any, query: Vectors, rows: ChunkIds) -> Vectors:
    """The products of these rows, in their order; for a few, it is quicker than to look at all."""
    if is_whole(index):
        return exact_products(query, rows_of(index).reconstruct_batch(rows))
    scale = _query_scale(query)
    asked = _rounded(query * np.float32(scale))
    products = exact_products(asked, rows_of(index).reconstruct_batch(rows))
    return _in_proportion(index, products, scale)


def bytes_of(index: Any) -> int:
    """The memory that its vectors and ids take."""
    held = rows_of(index)
    return int(held.ntotal * (held.sa_code_size() + 8))


@contextmanager
def alone() -> Iterator[None]:
    """FAISS works by this thread alone for as long as this lasts.

    One query is looked up by one thread in any case, and what FAISS would start beside it for
    larger work would take the cores from the models. OpenMP keeps the number by thread, for all
    libraries that this thread calls: so it is put back.
    """
    faiss = _faiss()
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _faiss() -> Any:
    import faiss  # takes long: not before it is needed

    return faiss


def _in_proportion(index: Any, products: NDArray[np.float32], scale: float) -> Vectors:
    return products if is_whole(index) else products / np.float32(_LARGEST_CODE * scale)


def _query_scale(query: Vectors) -> float:
    """What makes the query's largest number the largest code: it need not be that of the others."""
    return _LARGEST_CODE / max(float(np.abs(query).max()), 1e-9)


def _rounded(numbers: Vectors) -> Vectors:
    return np.clip(np.rint(numbers), -_LARGEST_CODE, _LARGEST_CODE).astype(np.float32)
