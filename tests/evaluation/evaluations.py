"""An evaluation made by hand: three contenders over twenty queries, with hostile names."""

from __future__ import annotations

from docsearch.domain.evaluation import Contender, Evaluation
from docsearch.domain.fusion import Fusion
from docsearch.domain.judgment import Judged, Level
from docsearch.evaluation.assemble import Entry, evaluation

HOSTILE = "odd\x1b[31m|<b>\u202e"
QUERIES = [f"q{number}" for number in range(20)]
JUDGED = Judged(
    origin="notes",
    level=Level.DOCUMENT,
    queries={query: f"words of {query} {HOSTILE}" for query in QUERIES},
    grades={query: {"good": 2, "fair": 1, "bad": 0} for query in QUERIES},
    notices=("3 judgments of queries without words, left out (first j:3, q9)",),
)
PLAIN = ["bad", "strange", "fair", "good"]
UNKNOWN = ["strange", "bad"]
BETTER = ["good", "fair", "strange", "bad"]


def entries() -> list[Entry]:
    better = dict.fromkeys(QUERIES[:19], BETTER) | {"q19": ["strange", "bad"]}
    shown = Contender(HOSTILE, "dense", "model", Fusion(), is_default=True)
    worse = dict.fromkeys(QUERIES, UNKNOWN)
    return [
        Entry(Contender("no reranker", "dense"), dict.fromkeys(QUERIES, PLAIN), None, [0.012] * 20),
        Entry(shown, better, 0, [0.4] * 20),
        Entry(Contender("worse", "dense", "other"), worse, 0, [2.5] * 20),
    ]


def an_evaluation() -> Evaluation:
    return evaluation(JUDGED, entries(), settings={"candidates": "50"})
