from __future__ import annotations

import json
from dataclasses import fields

from docsearch.domain.settings import Settings
from tests.cli.command import Home


def test_each_setting_is_shown_with_where_it_came_from(home: Home) -> None:
    home.config.parent.mkdir(parents=True)
    home.config.write_text("candidates = 20\n")
    ended = home.call("--source", "bm25", "config", "--offline", DOCSEARCH_THEME="docsearch-light")
    rows = [line.split(maxsplit=2) for line in ended.out.splitlines()[: len(fields(Settings))]]
    found = {name: (value, origin) for name, value, origin in rows}
    assert found["candidates"] == ("20", f"{home.config}:1")
    assert found["source"] == ('"bm25"', "flag, --source")
    assert found["offline"] == ("true", "flag, --offline")
    assert found["theme"] == ('"docsearch-light"', "environment, DOCSEARCH_THEME")
    assert found["chunk_tokens"] == ("512", "default")
    assert ended.out.endswith(f"file: {home.config}\n")


def test_a_weight_is_shown_as_config_toml_would_have_it(home: Home) -> None:
    ended = home.call("config", "--recency-weight", "2", "--fusion", "scores")
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["recency_weight", "2.0", "flag,", "--recency-weight"] in lines
    assert ["first_stage_weight", "0.5", "default"] in lines
    assert ["fusion", '"scores"', "flag,", "--fusion"] in lines


def test_a_weight_out_of_bounds_is_told_whatever_gave_it(home: Home) -> None:
    by_flag = home.call("config", "--half-life-days", "0")
    assert by_flag.code == 2
    assert "0.01<=x<=36500" in by_flag.err
    for ended in (home.call("config", "--rrf-k", "many"), home.call("config", "--rrf-k", "1.5")):
        assert ended.code == 2
        assert "--rrf-k" in ended.err
    not_a_number = home.call("config", "--recency-weight", "nan")
    assert not_a_number.code == 4
    assert "recency_weight is nan; it must be from 0 to 10. (" in not_a_number.err


def test_what_is_on_by_default_has_a_flag_that_turns_it_off(home: Home) -> None:
    lines = [line.split() for line in home.run("config", "--no-look-beyond").out.splitlines()]
    assert ["look_beyond", "false", "flag,", "--no-look-beyond"] in lines
    usual = [line.split() for line in home.run("config").out.splitlines()]
    assert ["look_beyond", "true", "default"] in usual
    assert ["offline", "false", "default"] in usual


def test_the_same_as_data(home: Home) -> None:
    data = json.loads(
        home.call("config", "--json", DOCSEARCH_CANDIDATES="9", DOCSEARCH_RERANKR="x").out
    )
    assert list(data["settings"]) == [each.name for each in fields(Settings)]
    assert data["settings"]["candidates"] == {
        "value": 9,
        "origin": "environment, DOCSEARCH_CANDIDATES",
        "default": 50,
        "help": "how many passages to rerank",
        "flag": "--candidates",
        "variable": "DOCSEARCH_CANDIDATES",
    }
    assert data["file"] == str(home.config)
    assert data["strays"] == ["DOCSEARCH_RERANKR"]


def test_a_misspelt_variable_is_told(home: Home) -> None:
    ended = home.call("config", DOCSEARCH_RERANKR="none")
    assert ended.code == 0
    assert ended.err == "DOCSEARCH_RERANKR in the environment names no setting.\n"
