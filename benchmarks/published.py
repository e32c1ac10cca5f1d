"""Figures that others published for what docs/quality.md measures on public collections.

In: nothing. Out: `PUBLISHED`, each with its source and why ours differs; `NONE_FOUND`, where a
search of papers, leaderboards and repositories found no NDCG@10 or RR@10 of the same model over the
same collection. Nothing is entered that was not read in the source that is named.
"""

from __future__ import annotations

from dataclasses import dataclass

_ANSERINI = "https://github.com/castorini/anserini/blob/{}/docs/regressions/regressions-{}.md"
_MTEB = (
    "https://github.com/embeddings-benchmark/results/blob/{}/results/"
    "sentence-transformers__all-MiniLM-L6-v2/8b3219a92973c328a8e22fadcfa821b5dc75636a/{}.json"
)


@dataclass(frozen=True, slots=True)
class Published:
    """`value` of a measure for a source (as `CandidateSource` names it), without a reranker.

    `over` is what was searched there; `why` is what differs here.
    """

    collection: str
    source: str
    measure: str
    value: float
    name: str
    link: str
    over: str
    why: str


PUBLISHED = (
    Published(
        "trec_dl20",
        "bm25",
        "NDCG@10",
        0.4796,
        "Anserini",
        _ANSERINI.format("1a714d5f5059476dc418a81dcb1cd6e041dd85f6", "dl20-passage"),
        "all 8.8 million passages",
        "SQLite's BM25 neither stems nor drops stop words (on these files, a plain BM25 that does "
        "both has 0.446, one that does neither 0.416; Anserini's own top 100, which come with "
        "them, have 0.4796); and rarity is counted over 15,495 passages that were all retrieved "
        "for one of the queries, so that the queries' words are common in them",
    ),
    Published(
        "msmarco_dev600",
        "bm25",
        "RR@10",
        0.1840,
        "Anserini",
        _ANSERINI.format("010a774e866f46f9a0f43a5c2e68606fc82636fa", "msmarco-passage"),
        "all 8.8 million passages, 6,980 queries",
        "here 11,809 passages, the 20 candidates of each of 600 queries, with the relevant one "
        "among them: far fewer to confuse it with",
    ),
    Published(
        "msmarco_dev600",
        "dense",
        "NDCG@10",
        0.36542,
        "MTEB",
        _MTEB.format("cd0e4f9c5351704de7051711c23483baa24eb738", "MSMARCO"),
        "all 8.8 million passages, 6,980 queries",
        "the same: 11,809 passages and not 8.8 million",
    ),
    Published(
        "squad_dev",
        "dense",
        "NDCG@10",
        0.94357,
        "MTEB, XQuAD in English",
        _MTEB.format("319e81d64298f3bdc5f09c8b6ff91f5015b3664c", "XQuADRetrieval"),
        "240 paragraphs of SQuAD 1.1's same split",
        "here 1,204 paragraphs, about 34 on each of 35 subjects: five times as many that are alike",
    ),
)

NONE_FOUND = ("med", "cacm", "cisi", "cranfield", "trecqa", "wikiqa")
