"""Every way to write a word finds every other, in words and in phrases, in SQLite itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsearch.domain.query import Filters
from docsearch.storage.catalog import SqliteCatalog
from docsearch.storage.filters import finder
from docsearch.storage.word_terms import any_word, indexed, phrase
from tests.fakes.contents import contents
from tests.storage.libraries import RECIPE

TEXTS = {
    "shy": "Das Um\u00adspann\u00adwerk liegt am Fluss.",
    "zwsp": "The con\u200bcate\u200bnation of names.",
    "ligature": "A diﬃcult ﬂight.",
    "wide": "Modell ＸＹＺ７８９ ist da.",
    "turkish": "Diyarbakır'da sıcak bir gün, IĞDIR uzak.",
    "hebrew": "הַסֵּפֶר עַל הַשֻּׁלְחָן",
    "arabic": "ذَهَبَ أَحْمَدُ إِلَى الْمَدْرَسَة",
    "hindi": "किताब हिन्दी में है",
    "chinese": "服务器日志log保存三十天，之后删除。数据\n库每天备份。",
    "japanese": "猫がソファで寝ている。",
    "thai": "แมวนอนอยู่บนโซฟา",
    "korean": "우리는 도서관에서 책을 읽었다",
    "curly": "The dog’s well‑known co‐operation – and “so on”.",
    "ruby": "山奥の村《むら》で薔薇(ばら)が咲く。",
    "am": "ต้นน้ําใส",
    "emoji": "Launch 🚀 day, see note¹.",
    "code": "call max_seq_length() of C++",
}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteCatalog]:
    opened = SqliteCatalog(tmp_path_factory.mktemp("terms") / "index.sqlite", RECIPE)
    for name, text in TEXTS.items():
        opened.put_file(contents(f"{name}.md", text))
    yield opened
    opened.close()


def paths(catalog: SqliteCatalog, ids: list[int]) -> list[str]:
    return [stored.path.removesuffix(".md") for stored in catalog.chunks(ids)]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        *(("Umspannwerk", "shy"), ("concatenation", "zwsp"), ("difficult", "ligature")),
        *(("flight", "ligature"), ("xyz789", "wide"), ("DIYARBAKIR", "turkish")),
        *(("ığdır", "turkish"), ("הספר", "hebrew"), ("احمد", "arabic"), ("المدرسه", "arabic")),
        *(("किताब", "hindi"), ("हिन्दी", "hindi"), ("log", "chinese"), ("服务器", "chinese")),
        *(("删", "chinese"), ("数据库", "chinese"), ("ソファ", "japanese"), ("ｿﾌｧ", "japanese")),
        *(("แมว", "thai"), ("도서관", "korean"), ("책", "korean"), ("🚀", "emoji")),
        *(("note", "emoji"), ("dog's", "curly"), ("seq_length", "code")),
    ],
)
def test_a_word_is_found_however_it_is_written(
    catalog: SqliteCatalog, words: str, name: str
) -> None:
    assert paths(catalog, [hit[0] for hit in catalog.search_text(words, 5)]) == [name]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        *(("das umspannwerk liegt", "shy"), ("concatenation of", "zwsp")),
        *(("DIFFICULT FLIGHT", "ligature"), ("sicak bir gun", "turkish")),
        *(("על השלחן", "hebrew"), ("ذهب احمد", "arabic"), ("हिन्दी में", "hindi")),
        *(("数据库每天", "chinese"), ("日志 log", "chinese"), ("日志log保存", "chinese")),
        *(("ソファで", "japanese"), ("บนโซฟา", "thai"), ("도서관에서 책", "korean")),
        *(("村で薔薇が咲", "ruby"), ("ばら", "ruby"), ("น้ำ", "am"), ("🚀", "emoji")),
        *(("dog's well-known co-operation - and", "curly"), ("launch day", "emoji")),
        *(("max_seq_length", "code"), ("C++", "code")),
    ],
)
def test_a_phrase_is_found_however_it_is_written(
    catalog: SqliteCatalog, words: str, name: str
) -> None:
    ids = catalog.matching(Filters(phrases=(words,)))
    assert ids is not None
    assert paths(catalog, ids.tolist()) == [name]
    without = catalog.matching(Filters(excluded=(words,)))
    assert without is not None
    assert sorted(paths(catalog, without.tolist())) == sorted(TEXTS.keys() - {name})


@pytest.mark.parametrize("words", ["spannwerk", "werk liegt", "务日", "ล", "हन", "read", "seq"])
def test_a_part_of_a_word_or_other_words_are_no_phrase(catalog: SqliteCatalog, words: str) -> None:
    ids = catalog.matching(Filters(phrases=(words,)))
    assert ids is not None
    assert not ids.tolist()


LETTERS = st.text(
    st.sampled_from("ab_ \n-'+.äa\u0308ßﬁ½²屋顶한ลัโअि🚀\u00ad\u200b\ue000¹A1٣אָ"), max_size=12
)


@given(before=LETTERS, words=LETTERS, after=LETTERS)
@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_full_text_index_names_every_passage_that_holds_a_phrase(
    catalog: SqliteCatalog, before: str, words: str, after: str
) -> None:
    text = before + words + after
    asked = phrase(words)
    if asked is None or not finder(words)(text):
        return
    with catalog._connections.alone() as db:
        db.execute("CREATE VIRTUAL TABLE temp.trial USING fts5 (text, tokenize = 'ascii')")
        db.execute("INSERT INTO temp.trial VALUES (?)", [indexed(text)])
        held = db.execute("SELECT count(*) FROM temp.trial WHERE trial MATCH ?", [asked])
        try:
            assert held.fetchone()[0] == 1
        finally:
            db.execute("DROP TABLE temp.trial")


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("ตลาดน้ำ", "ตลาน ลาดก าดนก ดน้ำ"),
        ("ສະຫນາມບິນ", "ສະຫ ະຫນກ ຫນາ ນາມກ ມບິນ"),
        ("ផ្សារធំ", "ផ្សារក សារក រធំ"),
        ("東京都庁舎", "東京 京都 都庁 庁舎"),
    ],
)
def test_a_whole_word_comes_before_its_parts_here_and_there(
    tmp_path: Path, word: str, parts: str
) -> None:
    catalog = SqliteCatalog(tmp_path / "index.sqlite", RECIPE)
    try:
        catalog.put_file(contents("parts.md", f"{parts} {parts} {parts}"))
        catalog.put_file(contents("whole.md", "- another line with words\n" * 3 + word))
        for number in range(5):
            catalog.put_file(contents(f"{number}.md", f"number {number}"))
        found = paths(catalog, [hit[0] for hit in catalog.search_text(word, 5)])
        assert found[0] == "whole"
    finally:
        catalog.close()


def test_only_so_many_different_words_are_asked_for() -> None:
    assert any_word("one two one three four", 3) == '"one" OR "two" OR "three"'
    assert any_word("... —", 3) is None


def test_an_index_of_other_terms_is_made_again_from_its_passages(
    catalog: SqliteCatalog,
) -> None:
    with catalog._connections.alone() as db:
        db.execute("UPDATE meta SET value = 'of another Unicode' WHERE key = 'terms'")
        db.execute("INSERT INTO full_text (full_text) VALUES ('delete-all')")
        path = Path(db.execute("PRAGMA database_list").fetchone()[2])
    assert catalog.search_text("umspannwerk", 5) == []
    again = SqliteCatalog(path, RECIPE)
    try:
        assert paths(again, [hit[0] for hit in again.search_text("umspannwerk", 5)]) == ["shy"]
        assert again.problems() == []
    finally:
        again.close()
