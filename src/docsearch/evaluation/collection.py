"""Judged queries from files: TSV, or the JSON lines of BEIR.

In: the text of files and their names, for messages. Out: queries, documents, and `Judged`, both
brought together. What cannot be read is an error that names the line; what does not fit together
is told with the first line it stands on, and left out or kept as `judged` says. Does not know where
the files are.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from docsearch.domain.errors import EvaluationError
from docsearch.domain.foreign import json_value
from docsearch.domain.judgment import Grades, Judged, Level
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import plural
from docsearch.evaluation.trec import Qrels

SAMPLE_SEED = 1
_QUERY_FORMS = '`id<TAB>words`, or `{"_id": "id", "text": "words"}`,'


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """One document of a BEIR collection."""

    document_id: str
    title: str
    text: str


def read_queries(text: str, name: str) -> dict[str, str]:
    """`id<TAB>words` a line, or JSON lines with `_id` and `text`; by id, in the file's order.

    A query of a collection that has no text is left out: nobody could search it, and judgments of
    it are told (`judged`). Raises EvaluationError for a line that is neither, an id with two texts,
    and no query at all.
    """
    queries: dict[str, str] = {}
    for number, line in _lines(text):
        place = f"{safe_line(name)}:{number}"
        if line.lstrip().startswith("{"):
            facts = _json_object(line, place)
            query, words = _text(facts, "_id", place), _text(facts, "text", place)
            if query.strip() and not words.strip():
                continue
        else:
            query, tab, words = line.partition("\t")
            if not tab:
                raise EvaluationError(f"{place}: this is no query: write {_QUERY_FORMS} a line.")
        query, words = query.strip(), words.strip()
        if not query or not words:
            raise EvaluationError(f"{place}: the query has no {'words' if query else 'id'}.")
        if queries.setdefault(query, words) != words:
            raise EvaluationError(f"{place}: the query {safe_line(query)} has other words above.")
    if not queries:
        raise EvaluationError(f"{safe_line(name)} holds no queries: write {_QUERY_FORMS} a line.")
    return queries


def read_corpus(lines: Iterable[str], name: str) -> Iterator[CorpusDocument]:
    """Each document of `corpus.jsonl`. Raises EvaluationError, also for an id that comes twice."""
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"{safe_line(name)}:{number}"
        facts = _json_object(line, place)
        document = _text(facts, "_id", place)
        if document in seen:
            raise EvaluationError(f"{place}: the document {safe_line(document)} is there twice.")
        seen.add(document)
        title = facts.get("title") or ""
        yield CorpusDocument(document, str(title), _text(facts, "text", place))
    if not seen:
        raise EvaluationError(f"{safe_line(name)} holds no documents.")


def judged(
    origin: str,
    queries: Mapping[str, str],
    qrels: Qrels,
    documents: Container[str],
    missing: str = "are not indexed",
) -> Judged:
    """The queries that can be measured, with their grades by document.

    Left out and told: judgments of a query without words, and queries for which nothing relevant
    was judged, since no order of them is better than another. Kept and told: documents that are not
    among `documents` (that they `missing`), which count as not found. Raises EvaluationError where
    no query is left.
    """
    name = safe_line(qrels.name)
    strays = [pair for pair in qrels.lines if pair[0] not in queries]
    kept = {query: dict(qrels.grades[query]) for query in queries if query in qrels.grades}
    absent = [(query, each) for query, own in kept.items() for each in own if each not in documents]
    barren = [query for query, own in kept.items() if max(own.values()) < 1]
    unjudged = len(queries) - len(kept)
    notices = [
        *qrels.notices,
        *_told(qrels, strays, "{} of queries without words, left out", of_query=True),
        *_told(qrels, absent, f"{{}} of documents that {missing}, which count as not found"),
    ]
    if unjudged:
        notices.append(f"{plural(unjudged, 'query', 'queries')} without judgments left out")
    if barren:
        notices.append(
            f"{plural(len(barren), 'query', 'queries')} left out for which nothing relevant was "
            f"judged, such as {safe_line(barren[0])}"
        )
    grades: Grades = {query: own for query, own in kept.items() if query not in set(barren)}
    if not grades:
        raise EvaluationError(
            f"No query of {safe_line(origin)} has a relevant judgment in {name}: "
            f"{'; '.join(notices) or 'it is empty'}."
        )
    texts = {query: queries[query] for query in grades}
    return Judged(origin, Level.DOCUMENT, texts, grades, notices=tuple(notices))


def _told(
    qrels: Qrels, pairs: Sequence[tuple[str, str]], words: str, *, of_query: bool = False
) -> list[str]:
    if not pairs:
        return []
    first = min(pairs, key=lambda pair: qrels.lines[pair])
    example = safe_line(first[0] if of_query else first[1])
    told = words.format(plural(len(pairs), "judgment"))
    return [f"{told} (first {safe_line(qrels.name)}:{qrels.lines[first]}, {example})"]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            yield number, line.rstrip("\r")


def _json_object(line: str, place: str) -> dict[str, Any]:
    try:
        facts = json_value(line)
    except ValueError as error:
        raise EvaluationError(f"{place}: this is not JSON: {error}.") from None
    if not isinstance(facts, dict):
        raise EvaluationError(f"{place}: this is not a JSON object.")
    return facts


def _text(facts: Mapping[str, Any], key: str, place: str) -> str:
    value = facts.get(key)
    if isinstance(value, int) and key == "_id":
        return str(value)
    if not isinstance(value, str):
        raise EvaluationError(f'{place}: there is no text under "{key}".')
    return value


def sampled(judged: Judged, count: int) -> Judged:
    """So many of the queries, always the same ones; a smaller sample is part of a larger one."""
    ordered = sorted(judged.grades)
    Random(SAMPLE_SEED).shuffle(ordered)  # noqa: S311 - no secret
    drawn = set(ordered[:count])
    kept = {query: own for query, own in judged.grades.items() if query in drawn}
    if len(kept) == len(judged.grades):
        return judged
    told = f"{len(kept):,} of the {plural(len(judged.grades), 'query', 'queries')} are measured"
    queries = {query: judged.queries[query] for query in kept}
    return replace(judged, queries=queries, grades=kept, notices=(*judged.notices, told))
