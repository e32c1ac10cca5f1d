"""A case run again on the index of today.

In: a recorded case. Out: how far it is, and then what differs. The search is made as it was then,
and everything is scored anew. Nothing is downloaded, and no model is loaded from a folder that only
the case names. Does not know who asks.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from docsearch.cases.facts import case_facts
from docsearch.cases.recorded import Facts, RecordedCase, RecordedHit, flat
from docsearch.domain.checked_json import Checked
from docsearch.domain.errors import CaseError, ModelError, ModelMissingError
from docsearch.domain.model import Availability
from docsearch.domain.ranking import Finished, RankedHit, Reranked, RerankScore, SearchResult
from docsearch.domain.safe_text import safe_line
from docsearch.serving.explaining import Explaining

SAME_SCORE = 1e-3
"""Scores this near are the same: the order in which a machine adds up moves them by less."""

_WITHOUT_MEANING = {"generation", "folder"}
"""Facts of an index that may differ between two that hold the same."""

Pair = tuple[RecordedHit, RecordedHit]
"""The same passage then and now."""


class Fate(StrEnum):
    """What has become of a passage that is in one of the answers alone."""

    GONE = "its file is not in the index"
    CHANGED = "its text is not in its file any more"
    DROPPED = "no longer among the candidates"
    NEW = "was not among the candidates"


@dataclass(frozen=True, slots=True)
class Alone:
    """A passage of the case that is not in the answer of today, or the other way round."""

    hit: RecordedHit
    fate: Fate


@dataclass(frozen=True, slots=True)
class Moved:
    """A passage of both answers whose file, place or score is another now."""

    then: RecordedHit
    now: RecordedHit
    score_differs: bool

    @property
    def rank_differs(self) -> bool:
        """Whether it stands elsewhere in either order."""
        then, now = self.then, self.now
        return (then.before_rank, then.after_rank) != (now.before_rank, now.after_rank)


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What the answer depended on and is another now; None is what is not there."""

    heading: str
    name: str
    then: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Replay:
    """`alone` and `moved` make another answer; `circumstances` may be why."""

    alone: tuple[Alone, ...]
    moved: tuple[Moved, ...]
    circumstances: tuple[Circumstance, ...]

    @property
    def is_same(self) -> bool:
        """Whether the answer is the same: passages, ranks and scores."""
        return not self.alone and not self.moved


def compared(
    case: RecordedCase,
    today: Sequence[RecordedHit],
    facts: Mapping[str, Facts],
    contents: Mapping[str, Sequence[str]],
) -> Replay:
    """The case against the hits and the facts of today.

    `contents` are the SHA-256 of the passages of each file of the case that is in the index now.
    """
    pairs = _paired(case.hits, today)
    paired = {id(hit) for pair in pairs for hit in pair}
    return Replay(
        alone=(
            *(Alone(hit, _fate(hit, contents)) for hit in case.hits if id(hit) not in paired),
            *(Alone(hit, Fate.NEW) for hit in today if id(hit) not in paired),
        ),
        moved=tuple(_moved(pairs)),
        circumstances=tuple(_changed(case.facts, facts)),
    )


def _paired(then: Iterable[RecordedHit], now: Iterable[RecordedHit]) -> list[Pair]:
    """The same text in the same file; of what is left, the same text in another one."""
    pairs: list[Pair] = []
    left, free = list(then), list(now)
    for with_path in (True, False):
        waiting: dict[tuple[str, str], deque[RecordedHit]] = defaultdict(deque)
        for hit in free:
            waiting[hit.content, hit.path if with_path else ""].append(hit)
        found = [(hit, waiting[hit.content, hit.path if with_path else ""]) for hit in left]
        pairs += [(hit, others.popleft()) for hit, others in found if others]
        taken = {id(hit) for pair in pairs for hit in pair}
        left = [hit for hit in left if id(hit) not in taken]
        free = [hit for hit in free if id(hit) not in taken]
    return sorted(pairs, key=lambda pair: pair[0].rank)


def _moved(pairs: Iterable[Pair]) -> Iterator[Moved]:
    for then, now in pairs:
        moved = Moved(then, now, _score_differs(then, now))
        if moved.rank_differs or moved.score_differs or then.path != now.path:
            yield moved


def _score_differs(then: RecordedHit, now: RecordedHit) -> bool:
    """Of the scores that made the order: the reranker's, or where there was none the first stage's.

    How far half precision moves a score is no measure here: the same arithmetic ran both times.
    """
    if then.raw is None or now.raw is None:
        return then.raw is not now.raw or abs(then.before_score - now.before_score) > SAME_SCORE
    return abs(then.raw - now.raw) > SAME_SCORE


def _fate(hit: RecordedHit, contents: Mapping[str, Sequence[str]]) -> Fate:
    if hit.path not in contents:
        return Fate.GONE
    return Fate.DROPPED if hit.content in contents[hit.path] else Fate.CHANGED


def _changed(then: Mapping[str, Facts], now: Mapping[str, Facts]) -> Iterator[Circumstance]:
    for heading, before in then.items():
        for name in sorted({*before, *now[heading]}):
            old, new = before.get(name), now[heading].get(name)
            if old != new and not (heading == "index" and name in _WITHOUT_MEANING):
                yield Circumstance(heading, name, old, new)


Progress = tuple[int, int, Replay | None]
"""Pairs scored, pairs in all, and at the end what differs."""

_OF_THE_INDEX = ("chunk_tokens", "overlap_tokens", "max_file_bytes")
"""Settings that the index was made with; the others are taken from the case."""


def replayed(
    explaining: Explaining, case: RecordedCase, reranker: str | None = None
) -> Iterator[Progress]:
    """The case's search, with the reranker that is named here in place of its own.

    Raises CaseError for a reranker that the case alone would have loaded from a folder, ModelError
    for one that cannot be used.
    """
    reranker = reranker or _trusted(explaining, case.reranker)
    result = None
    for event in explaining.search(
        case.typed, case.source, case.candidates, reranker, case.fusion, _NothingKept()
    ):
        if isinstance(event, Reranked):
            yield event.scored, event.total, None
        elif isinstance(event, Finished):
            result = event.result
    assert result is not None
    if reranker is not None and result.hits and result.reranker is None:
        raise ModelError(f"The case cannot be run again: {result.notice}.")
    hits = [_recorded(hit) for hit in result.hits]
    differences = compared(
        case, hits, _facts(explaining, case, result), _contents(explaining, case)
    )
    yield len(hits), len(hits), differences


class _NothingKept:
    """A cache that knows nothing: what was kept would be compared with itself."""

    def get(self, model: str, query: str, hashes: Sequence[bytes]) -> dict[bytes, RerankScore]:  # noqa: ARG002
        return {}

    def put(self, model: str, query: str, scores: dict[bytes, RerankScore]) -> None:
        """Scores of a replay are for the replay alone."""


def _trusted(explaining: Explaining, name: str | None) -> str | None:
    if name is None:
        return None
    state = explaining.models.state(name)
    known, said = state.description, safe_line(name)
    own_folder = bool(known.folder) and not known.package
    if own_folder or known.hosted:
        kind = "the service" if known.hosted else "the model in the folder"
        raise CaseError(
            f"The case was reranked by {kind} {said}. If you want that now, name it: "
            f"--reranker {said}"
        )
    if state.availability is not Availability.READY:
        # What a stranger's file names is not recommended for a download.
        is_known = any(known == each.description for each in explaining.models.states())
        advice = (
            f"Fetch it with: docsearch models pull {said}"
            if is_known
            else "docsearch does not know that model; name another with --reranker"
        )
        raise ModelMissingError(
            f"The case was reranked by {said}, which is not on this disk ({state.availability}). "
            f"{advice}"
        )
    return name


def _recorded(hit: RankedHit) -> RecordedHit:
    return RecordedHit(
        path=hit.passage.path,
        ordinal=hit.passage.chunk.ordinal,
        content=hit.passage.chunk.content_hash.hex(),
        before_rank=hit.before_rank,
        before_score=hit.before_score,
        after_rank=hit.after_rank,
        raw=hit.rerank.raw if hit.rerank else None,
    )


def _facts(explaining: Explaining, case: RecordedCase, result: SearchResult) -> Mapping[str, Facts]:
    now = case_facts(
        explaining.folder,
        explaining.settings,
        explaining.library,
        explaining.models,
        explaining.embedder,
        explaining.reranker_of(result),
    )
    settings = flat(Checked(now.settings))
    kept = {name: settings[name] for name in _OF_THE_INDEX}
    return {
        "models": flat(Checked(now.models)),
        "index": flat(Checked(now.index)),
        "settings": {**case.facts["settings"], **kept},
        "versions": flat(Checked(now.versions)),
    }


def _contents(explaining: Explaining, case: RecordedCase) -> dict[str, list[str]]:
    library = explaining.library
    indexed = library.files()
    paths = {hit.path for hit in case.hits} & indexed.keys()
    return {
        path: [each.chunk.content_hash.hex() for each in library.chunks(library.chunk_ids(path))]
        for path in paths
    }
