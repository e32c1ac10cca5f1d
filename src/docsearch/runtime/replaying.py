"""A case run again on the index of today.

In: a recorded case. Out: how far it is, and then what differs. The search is made as it was then,
and everything is scored anew. Nothing is downloaded, and no model is loaded from a folder that only
the case names. Does not know who asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from docsearch.domain.errors import CaseError, ModelError, ModelMissingError
from docsearch.domain.model import Availability
from docsearch.domain.ranking import Finished, RankedHit, Reranked, RerankScore, SearchResult
from docsearch.domain.safe_text import safe_line
from docsearch.runtime.case_facts import case_facts
from docsearch.runtime.checked_json import Checked
from docsearch.runtime.explaining import Explaining
from docsearch.runtime.recorded_case import Facts, RecordedCase, RecordedHit, flat
from docsearch.runtime.replay import Replay, compared

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
