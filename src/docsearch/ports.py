"""What may be swapped, and what each part may rely on: one small Protocol per part.

In: the domain. Out: the seams that `engine/compose.py` fills with concrete classes and the tests
fill with fakes. Every method that is handed a bad file, model or disk raises an error of
`domain/errors.py`, never one of a library.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.document import Chunk, ExtractedText, Skipped, SourceFile, StoredChunk
from docsearch.domain.explanation import Attribution, Reading
from docsearch.domain.judgment import Judgment
from docsearch.domain.model import ModelState, Provenance
from docsearch.domain.progress import DownloadProgress
from docsearch.domain.query import Filters
from docsearch.domain.ranking import RerankScore
from docsearch.domain.runtime import RuntimeChoice

Vectors = NDArray[np.float32]
"""Shape (n, dimension), rows of unit length."""

ChunkIds = NDArray[np.int64]
"""Shape (n,): row ids of chunks in the catalog."""


class Reader(Protocol):
    """One format: bytes in, text with its structure out."""

    @property
    def name(self) -> str:
        """The format's name, for status lists."""
        ...

    @property
    def suffixes(self) -> frozenset[str]:
        """The suffixes it is tried for, with the dot, in lower case."""
        ...

    def read(self, data: bytes, name: str) -> ExtractedText:
        """The text of one whole file; `name` is its file name, for formats that depend on it.

        Raises ReaderError with a reason for a person: broken, encrypted, bomb, empty of text.
        """
        ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A text's words as a model's tokenizer has them: those that it knows, and those it does not.

    Each as it stands in the text and once, in order; a sign is a word where it is not known.
    """

    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class TokenCounter(Protocol):
    """The embedding model's own tokenizer, as far as chunking needs it."""

    @property
    def special_tokens(self) -> int:
        """How many special tokens the model puts around one text."""
        ...

    def token_spans(self, text: str) -> Sequence[tuple[int, int]]:
        """The character span `[start, end)` of each token of `text`, special tokens left out.

        In order; tokens into which one character is taken apart all have its span.
        """
        ...

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words the model knows: of the others it reads that they are there."""
        ...


Inputs = Mapping[str, NDArray[np.int64] | NDArray[np.float16]]
"""One batch for a network: what its inputs are called, and their numbers, a row for each text."""


class Network(Protocol):
    """A forward pass, whatever computes it."""

    @property
    def batch_tokens(self) -> int:
        """Tokens that one batch had best hold, padding counted."""
        ...

    @property
    def streams(self) -> int:
        """How many batches are computed at a time."""
        ...

    def forward(self, batches: Sequence[Inputs]) -> list[NDArray[np.float32]]:
        """The output for each batch, in their order. Raises ModelError."""
        ...


class Embedder(Protocol):
    """A bi-encoder."""

    @property
    def name(self) -> str:
        """The model's short name."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever vectors made before and after could differ."""
        ...

    @property
    def batch_tokens(self) -> int:
        """Most tokens to hand to `embed_passages` at once: what it has begun cannot be interrupted.

        At least 2048, and enough to keep busy all that computes.
        """
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one a row, in the order of `texts`; (0, dimension) for none."""
        ...

    def embed_query(self, words: str) -> Vectors:
        """The query's unit vector, shape (1, dimension)."""
        ...

    def characters_read(self, words: str) -> int:
        """How many characters of a query the model reads: what comes after them is cut."""
        ...

    def vocabulary(self, text: str) -> Vocabulary:
        """See `TokenCounter.vocabulary`. Vectors of a text without known words mean nothing."""
        ...

    def split(self, words: str, passage: str) -> Attribution:
        """The cosine of query and passage, word by word: the effects and `rest` sum to it.

        Exact for a mean-pooled model: the passage's vector is the mean of its tokens' states, so
        the cosine is a sum over tokens. Raises ModelError for a model that pools otherwise.
        """
        ...


@dataclass(frozen=True, slots=True)
class PairWindows:
    """A (query, passage) pair as the cross-encoder will read it: `token_counts` of each window."""

    token_counts: tuple[int, ...]


class Reranker(Protocol):
    """A cross-encoder."""

    @property
    def name(self) -> str:
        """The model's short name."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever scores made before and after could differ."""
        ...

    @property
    def batch_tokens(self) -> int:
        """Most tokens to hand to `score` at once: what it has begun cannot be interrupted."""
        ...

    def characters_read(self, query: str) -> int:
        """How many characters of the query the model reads: what comes after them is cut."""
        ...

    def vocabulary(self, text: str) -> Vocabulary:
        """See `TokenCounter.vocabulary`. Scores of a text without known words mean nothing."""
        ...

    def plan(self, query: str, passages: Sequence[str]) -> list[PairWindows]:
        """How each pair is cut into windows, in the order of `passages`; runs no model."""
        ...

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        """One score a passage, in order; each is that of the passage's best window.

        Raises ModelError, naming the model, for a score that is not a finite number.
        """
        ...

    def read(self, query: str, passage: str) -> Reading:
        """What it reads of the pair, and the raw score of every window. Raises ModelError."""
        ...

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """Raw scores in another arithmetic, to see how much of a margin is arithmetic."""
        ...


class VectorIndex(Protocol):
    """Nearest neighbours by inner product: a view of the catalog's vectors."""

    def __len__(self) -> int:
        """How many vectors it holds."""
        ...

    def add(self, ids: ChunkIds, vectors: Vectors) -> None:
        """Take in vectors under their chunk ids; an id that is already there is replaced."""
        ...

    def remove(self, ids: ChunkIds) -> None:
        """Forget these ids; unknown ones are passed over."""
        ...

    def search(
        self, vector: Vectors, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        """The k best (chunk id, inner product), best first; only of `among` where it is given."""
        ...


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file's entry in the catalog. `content_hash` is SHA-256 of its bytes.

    `losses` says what of the file could not be read: see `ExtractedText`.
    """

    source: SourceFile
    content_hash: bytes
    chunk_count: int
    reader: str
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileContents:
    """Everything that is written of one file: `vectors` has a row for each chunk."""

    source: SourceFile
    content_hash: bytes
    reader: str
    extracted: ExtractedText
    chunks: tuple[Chunk, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class ChunkChange:
    """Which chunk ids a transaction took out and put in; `added` are the rows of `vectors`."""

    removed: ChunkIds
    added: ChunkIds
    vectors: Vectors


class Catalog(Protocol):
    """The book of record: files, text, chunks, vectors, full-text index, what was skipped.

    Each writing method is one transaction that moves `generation` on by one. All methods may be
    called from any thread.
    """

    @property
    def generation(self) -> int:
        """Counts the committed changes of chunks."""
        ...

    def files(self, areas: Collection[str] = ("",)) -> dict[str, IndexedFile]:
        """Every indexed file by its relative path, at or below one of these paths.

        No area may be below another; "" is the whole folder.
        """
        ...

    def skipped(self) -> list[Skipped]:
        """Every file that was left out for a fault of its own, by path."""
        ...

    def skipped_sources(self) -> dict[str, SourceFile]:
        """Each skipped file by its path, as it was when it was skipped."""
        ...

    def counts(self) -> tuple[int, int, int]:
        """Files, chunks, skipped files."""
        ...

    def text_length(self) -> int:
        """Characters of the indexed documents, each counted to the end of its last chunk."""
        ...

    def put_file(self, contents: FileContents) -> ChunkChange:
        """Replace all that is known of one file; its entry among the skipped goes."""
        ...

    def put_files(self, files: Sequence[FileContents]) -> ChunkChange:
        """The same of several files, all or none; no two have the same path."""
        ...

    def move_file(
        self, old_path: str, source: SourceFile, *, read_again: bool = False
    ) -> ChunkChange:
        """The file at `old_path` is now `source.path`, unchanged in content; chunk ids stay.

        With `read_again` it is stale until it is put in or skipped: its new name may make something
        else of its bytes. What was known of the new path goes. Raises KeyError for an unknown
        `old_path`.
        """
        ...

    def touch_file(self, source: SourceFile) -> None:
        """The file's bytes are what they were; note its new time and identity.

        Raises KeyError for an unknown path.
        """
        ...

    def remove_file(self, path: str) -> ChunkChange:
        """Forget a file that is gone, indexed or skipped."""
        ...

    def skip_file(
        self, source: SourceFile, reason: str, content_hash: bytes | None = None
    ) -> ChunkChange:
        """The file cannot be indexed; what was known of it goes, the reason stays.

        `content_hash` is that of its bytes, where they were read.
        """
        ...

    def known_vectors(self, chunks: Iterable[Chunk]) -> dict[bytes, Vectors]:
        """Stored vectors, shape (1, dimension), of what models read of these, by `reading_hash`."""
        ...

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """The chunks in the order of `ids`; one that is gone meanwhile is left out.

        So is one whose text is not what was indexed: its file is then among `damaged`.
        """
        ...

    @property
    def damaged(self) -> frozenset[str]:
        """Paths of the files of which `chunks` has left out a passage, until they are put again."""
        ...

    def chunk_ids(self, path: str | None = None) -> list[int]:
        """Ids of one file's chunks in the order of its text, none for a file not indexed.

        Without `path`, those of the whole index, by id.
        """
        ...

    def with_content(self, hashes: Iterable[bytes]) -> dict[bytes, list[int]]:
        """Ids of the chunks with these content hashes, by id; a hash of none is left out."""
        ...

    def matching(self, filters: Filters) -> ChunkIds | None:
        """Ids of the chunks for which every filter holds; None when there is no filter."""
        ...

    def search_text(
        self, words: str, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        """The k best (chunk id, BM25) for any of the words, higher is better.

        `words` are plain text: FTS5 operators in them have no power.
        """
        ...

    def newest(self, k: int, among: ChunkIds | None = None) -> list[int]:
        """The first chunk of each of the k newest files, newest file first.

        First within `among` where it is given; files without a chunk there are passed over. A
        file's age is its day as `Filters` bounds it, then its modification, then its path.
        """
        ...

    def vectors(self, batch: int = 4096) -> Iterator[tuple[ChunkIds, Vectors]]:
        """Every stored vector, in batches, by chunk id."""
        ...


class ScoreCache(Protocol):
    """Scores already computed, under everything they depend on."""

    def get(self, model: str, query: str, hashes: Sequence[bytes]) -> dict[bytes, RerankScore]:
        """Known scores by the passage's content hash; `model` is the reranker's fingerprint."""
        ...

    def put(self, model: str, query: str, scores: dict[bytes, RerankScore]) -> None:
        """Keep these; old ones may be dropped to stay within the bound."""
        ...


class Judgments(Protocol):
    """What people said of passages: kept by query and passage text, whatever becomes of the index.

    Every method raises IndexStoreError where the store cannot be read or written.
    """

    def put(self, judgments: Sequence[Judgment]) -> None:
        """Keep these, all or none; a later grade of the same passage replaces an earlier one."""
        ...

    def clear(self, judgments: Sequence[Judgment]) -> None:
        """Forget the grades of these passages; one that is not there is passed over."""
        ...

    def of(self, query: str) -> list[Judgment]:
        """Those of one query, in the order in which they were first made."""
        ...

    def all(self) -> list[Judgment]:
        """Every judgment, in the order in which they were first made."""
        ...


DownloadListener = Callable[[DownloadProgress], None]


class Models(Protocol):
    """The models that are known, and which of them are on this machine."""

    def states(self) -> tuple[ModelState, ...]:
        """Every described model, bi-encoders and cross-encoders."""
        ...

    def state(self, name: str) -> ModelState:
        """One model by short name, hub id or folder. Raises ModelError for a name unknown."""
        ...

    def provenance(self, name: str) -> Provenance:
        """Which model is on this disk; reads every byte of it. Raises ModelError."""
        ...

    def runs_on(self, name: str) -> RuntimeChoice:
        """How a model is run here; once it is loaded, how it really is. Raises ModelError."""
        ...

    def pull(self, name: str, listener: DownloadListener) -> None:
        """Fetch a model and verify it. Raises ModelDownloadError or ModelCorruptError."""
        ...

    def load_embedder(self) -> Embedder:
        """The bi-encoder, verified and in memory. Raises ModelError."""
        ...

    def load_reranker(self, name: str) -> Reranker:
        """A cross-encoder, verified and in memory. Raises ModelError."""
        ...
