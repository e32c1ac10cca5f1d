"""A case is kept, shown, read back and run again."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from docsearch.cases.recorded import RecordedCase, read_case
from docsearch.cases.replay import SAME_SCORE, Fate, Replay
from docsearch.domain.errors import CaseError, ModelError
from docsearch.domain.explanation import Inspection
from docsearch.domain.ranking import SearchResult
from docsearch.domain.settings import Settings
from docsearch.engine.engine import Engine
from tests.engine.running import answer, running

HOSTILE = '<script>alert("onions")</script> & <img src=x onerror=alert(1)> \x1b[31m soup'
FEW = Settings(candidates=3)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "soup.md").write_text("# Secret soup\n\nOnions, stock and patience make the soup.\n")
    (folder / "boat.md").write_text("The hull was painted blue in spring.\n")
    (folder / "onions.txt").write_text("Onions keep for long.\n")
    (folder / "<b>odd.txt").write_text(HOSTILE)
    return folder


@pytest.fixture
def engine(notes: Path, tmp_path: Path) -> Iterator[Engine]:
    with running(notes, tmp_path / "data", settings=FEW) as (engine, _):
        engine.wait_until_ready()
        yield engine


def inspected(engine: Engine, typed: str) -> tuple[SearchResult, Inspection]:
    result = answer(engine, typed, "at-hand")
    hit = next(hit for hit in result.hits if hit.passage.path != "boat.md")
    *_, last = engine.inspector.inspect(result, hit)
    return result, last


def saved(engine: Engine, file: Path, *, with_text: bool, typed: str = "onions soup") -> Path:
    result, inspection = inspected(engine, typed)
    engine.cases.save([file], result, inspection, with_text=with_text)
    return file


def replay_of(engine: Engine, case: RecordedCase, reranker: str | None = None) -> Replay:
    *_, (_, _, differences) = engine.cases.replay(case, reranker)
    assert differences is not None
    return differences


def test_a_case_holds_what_the_answer_depended_on(engine: Engine, tmp_path: Path) -> None:
    data = json.loads(saved(engine, tmp_path / "case.json", with_text=True).read_bytes())
    assert data["versions"]["docsearch"]
    assert data["versions"]["torch"]
    assert data["models"]["cross-encoder"]["name"] == "at-hand"
    assert data["models"]["cross-encoder"]["revision"] == "0" * 40
    assert data["models"]["bi-encoder"]["fingerprint"]
    assert data["models"]["cross-encoder"]["runs on"] == "torch float32"
    assert data["index"]["generation"] == engine.progress().generation
    assert data["settings"]["candidates"] == 3
    assert data["query"]["typed"] == "onions soup"
    assert [hit["after"]["rank"] for hit in data["hits"]] == [1, 2, 3]
    assert data["timings"]["pairs"] == 3
    assert data["movement"]["tau"] <= 1
    assert {"Onions", "soup"} <= {each["text"] for each in data["inspection"]["words"]["effects"]}


@pytest.mark.parametrize("name", ["case.json", "case.html"])
def test_without_the_text_no_word_of_a_document_is_in_it(
    name: str, engine: Engine, tmp_path: Path
) -> None:
    kept = saved(engine, tmp_path / name, with_text=False).read_text()
    for word in ("patience", "Secret", "hull", "keep"):
        assert word not in kept
    assert "soup.md" in kept
    shown = saved(engine, tmp_path / f"again.{name}", with_text=True).read_text()
    assert "patience" in shown


def test_a_file_that_is_there_is_not_replaced_unless_told_to(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "case.json"
    file.write_text("mine")
    result, inspection = inspected(engine, "onions")
    with pytest.raises(CaseError, match="--force"):
        engine.cases.save([file], result, inspection, with_text=True)
    assert file.read_text() == "mine"
    engine.cases.save([file], result, None, with_text=True, force=True)
    assert json.loads(file.read_text())["inspection"] is None
    # Nothing half-made is left beside it.
    assert sorted(tmp_path.glob("*case*")) == [file]


def test_data_and_page_are_both_written_or_neither(engine: Engine, tmp_path: Path) -> None:
    data, page = tmp_path / "case.json", tmp_path / "case.html"
    result = answer(engine, "onions", "at-hand")
    page.write_text("mine")
    with pytest.raises(CaseError, match="--force"):
        engine.cases.save([data, page], result, None, with_text=False)
    assert sorted(tmp_path.glob("*case*")) == [page]
    page.unlink()
    engine.cases.save([data, page], result, None, with_text=False)
    assert sorted(tmp_path.glob("*case*")) == [page, data]
    assert json.loads(data.read_text())["docsearch_case"] == 1
    assert page.read_text().startswith("<!doctype html>")


def test_no_name_stays_taken_where_another_is_taken_meanwhile(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, page = tmp_path / "case.json", tmp_path / "case.html"
    result = answer(engine, "onions", "at-hand")
    page.write_text("mine")
    monkeypatch.setattr("docsearch.cases.case_file.require_place", lambda *_, **__: None)
    with pytest.raises(CaseError, match="--force"):
        engine.cases.save([data, page], result, None, with_text=False)
    assert sorted(tmp_path.glob("*case*")) == [page]
    assert page.read_text() == "mine"


@pytest.mark.parametrize("name", ["case.txt", "nowhere/case.json"])
def test_a_place_where_no_case_can_be_written_is_told(
    name: str, engine: Engine, tmp_path: Path
) -> None:
    result = answer(engine, "onions", "at-hand")
    with pytest.raises(CaseError, match=re.escape(name)):
        engine.cases.save([tmp_path / name], result, None, with_text=False)


class Page(HTMLParser):
    """What a browser would make of a page: its tags, its text, and what it asks for."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_takes_no_word_for_markup_and_asks_for_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    file = saved(engine, tmp_path / "case.html", with_text=True, typed=HOSTILE)
    source = file.read_text(encoding="utf-8")
    page = Page(source)
    assert not {"script", "img", "iframe", "link", "object", "b"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert not [name for name, _ in page.attributes if name in {"src", "href"}]
    assert 'alert("onions")' in page.text
    assert "\x1b" not in source
    # A browser applies the one style sheet, and nothing else.
    [style] = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(value or "" for _, value in page.attributes if value and "-src" in value)
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{allowed}'"]
    # The heat, the slope graph and the lists are there.
    assert {"mark", "svg", "table"} <= set(page.tags)
    assert "<b>odd.txt" in page.text


def test_a_replay_on_the_same_index_is_the_same(engine: Engine, tmp_path: Path) -> None:
    case = read_case(saved(engine, tmp_path / "case.json", with_text=False))
    assert replay_of(engine, case) == Replay((), (), ())


def test_a_replay_tells_what_has_become_of_each_passage(
    notes: Path, tmp_path: Path, engine: Engine
) -> None:
    case = read_case(saved(engine, tmp_path / "case.json", with_text=False))
    assert {hit.path for hit in case.hits} == {"soup.md", "onions.txt", "<b>odd.txt"}
    engine.stop()
    (notes / "soup.md").write_text("# Secret soup\n\nOnions, stock and more patience: soup.\n")
    (notes / "<b>odd.txt").unlink()
    (notes / "onions.txt").rename(notes / "bulbs.txt")
    with running(notes, tmp_path / "data", settings=FEW) as (again, _):
        again.wait_until_ready()
        differences = replay_of(again, case)
    assert {(each.hit.path, each.fate) for each in differences.alone} == {
        ("soup.md", Fate.CHANGED),
        ("<b>odd.txt", Fate.GONE),
        ("soup.md", Fate.NEW),
        ("boat.md", Fate.NEW),
    }
    assert [(each.then.path, each.now.path) for each in differences.moved] == [
        ("onions.txt", "bulbs.txt")
    ]
    assert not differences.is_same


def test_a_replay_tells_of_other_scores_and_circumstances(engine: Engine, tmp_path: Path) -> None:
    case = read_case(saved(engine, tmp_path / "case.json", with_text=False))
    first, *others = case.hits
    assert first.raw is not None
    noisy = replace(first, raw=first.raw + SAME_SCORE / 2)
    same = replay_of(engine, replace(case, hits=(noisy, *others)))
    assert same.is_same
    other = replace(first, raw=first.raw + 2 * SAME_SCORE)
    facts = {**case.facts, "versions": {**case.facts["versions"], "torch": "0.0.1"}}
    differences = replay_of(engine, replace(case, hits=(other, *others), facts=facts))
    assert [(each.score_differs, each.rank_differs) for each in differences.moved] == [
        (True, False)
    ]
    assert [(each.name, each.then) for each in differences.circumstances] == [("torch", "0.0.1")]


def test_a_reranker_that_is_not_here_is_neither_fetched_nor_replaced(
    engine: Engine, tmp_path: Path
) -> None:
    case = read_case(saved(engine, tmp_path / "case.json", with_text=False))
    with pytest.raises(ModelError, match="docsearch models pull far-away"):
        replay_of(engine, replace(case, reranker="far-away"))
    assert replay_of(engine, replace(case, reranker="far-away"), "at-hand").is_same


def test_a_case_without_a_reranker_is_compared_by_its_first_stage(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "case.json"
    engine.cases.save([file], answer(engine, "onions soup"), None, with_text=False)
    case = read_case(file)
    assert replay_of(engine, case).is_same
    first, *others = case.hits
    nearer = replace(first, before_score=first.before_score + 0.1)
    assert not replay_of(engine, replace(case, hits=(nearer, *others))).is_same


Break = Callable[[dict[str, Any]], object]
BROKEN: dict[str, tuple[Break, str]] = {
    "another form": (lambda data: data.update(docsearch_case=99), "its form is 99"),
    "no form": (lambda data: data.pop("docsearch_case"), "docsearch_case is missing"),
    "no hits": (lambda data: data.pop("hits"), "hits is missing"),
    "hits of another kind": (lambda data: data.update(hits={}), "hits must be a list"),
    "a score of text": (
        lambda data: data["hits"][1]["after"].update(raw="9"),
        "hits[1].after.raw must be a number",
    ),
    "an endless score": (
        lambda data: data["hits"][0]["before"].update(score=10**400),
        "hits[0].before.score must be a number",
    ),
    "a rank of nought": (
        lambda data: data["hits"][0]["before"].update(rank=0),
        "hits[0].before.rank must be a whole number of at least 1",
    ),
    "a source that is none": (lambda data: data.update(source="web"), "source must be one of"),
    "too much work": (
        lambda data: data["settings"].update(candidates=10**9),
        "candidates is 1000000000; it must be",
    ),
    "a negative weight": (
        lambda data: data["fusion"].update(recency=-1),
        "fusion must have weights of at least 0",
    ),
    "a folder that is a number": (
        lambda data: data["index"].update(folder=7),
        "index.folder must be text",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_case_that_is_broken_says_where(broken: str, engine: Engine, tmp_path: Path) -> None:
    file = saved(engine, tmp_path / "case.json", with_text=False)
    data = json.loads(file.read_text())
    breaks, told = BROKEN[broken]
    breaks(data)
    file.write_text(json.dumps(data))
    with pytest.raises(CaseError, match=re.escape(told)) as error:
        read_case(file)
    assert str(file) in str(error.value)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", '{"docsearch_case": NaN}', "[" * 100_000, "\xff\xfe", "9" * 5000],
)
def test_what_is_no_case_at_all_is_an_error_for_a_person(text: str, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(CaseError, match=r"case\.json is no case file"):
        read_case(file)


def test_a_case_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="No such file"):
        read_case(tmp_path / "nowhere.json")
