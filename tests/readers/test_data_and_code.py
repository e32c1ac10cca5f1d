"""Tables, notebooks and source code."""

from __future__ import annotations

import json

import pytest

from docsearch.domain.document import SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.delimited import DelimitedReader
from docsearch.readers.notebook import NotebookReader
from docsearch.readers.source_code import SourceCodeReader
from tests.readers.extraction import assert_whole, headings_of, line_of, pieces
from tests.readers.samples import CSV, NOTEBOOK, SOURCE_CODE


class TestDelimited:
    reader = DelimitedReader()

    def test_a_row_repeats_the_names_of_its_columns(self) -> None:
        extracted = self.reader.read(CSV.encode(), "a.csv")

        assert pieces(extracted, SegmentKind.TABLE) == [
            "month | gas | remark",
            "month: 2026-01 | gas: 310 | remark: cold",
            "month: 2026-02 | gas: 280",
        ]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
    def test_the_delimiter_is_found(self, delimiter: str, name: str) -> None:
        rows = [["town", "size"], ["Ulm, Donau", "5"], ["Bonn", "7"]]
        quoted = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)

        extracted = self.reader.read(quoted.encode(), name)

        assert pieces(extracted)[1:] == ["town: Ulm, Donau | size: 5", "town: Bonn | size: 7"]

    def test_a_table_without_a_header_has_none(self) -> None:
        assert pieces(self.reader.read(b"1,2\n3,4\n", "a.csv")) == ["1 | 2", "3 | 4"]

    def test_a_row_knows_its_line_across_quoted_line_ends(self) -> None:
        extracted = self.reader.read(b'name,note\nann,"two\nlines"\n\nbob,one\n', "a.csv")

        assert line_of(extracted, "ann") == 2
        assert line_of(extracted, "bob") == 5

    def test_a_quote_that_is_never_closed_loses_nothing(self) -> None:
        extracted = self.reader.read(b'a,b\n"' + b"x" * 200_000, "a.csv")

        assert len(extracted.text) > 200_000


class TestNotebook:
    reader = NotebookReader()

    def test_cells_outputs_and_headings(self) -> None:
        extracted = self.reader.read(NOTEBOOK.encode(), "a.ipynb")

        assert pieces(extracted) == [
            *("Heat", "x", "print(mean)", "31.5", "KeyError: x", "<Figure>"),
            *("Places", "- park"),
        ]
        cells = [segment.location.cell for segment in extracted.segments]
        assert cells == [1, 1, 2, 2, 2, 2, 3, 3]
        assert headings_of(extracted, "print(mean)") == ("Heat",)
        assert headings_of(extracted, "park") == ("Heat", "Places")
        assert extracted.title == "Heat"

    def test_an_old_version_is_read(self) -> None:
        old = {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {"name": ""},
            "worksheets": [
                {
                    "metadata": {},
                    "cells": [
                        {"cell_type": "heading", "level": 2, "metadata": {}, "source": "Old"},
                        {
                            "cell_type": "code",
                            "collapsed": False,
                            "language": "python",
                            "metadata": {},
                            "input": "1 + 1",
                            "outputs": [],
                        },
                    ],
                }
            ],
        }

        extracted = self.reader.read(json.dumps(old).encode(), "a.ipynb")

        assert pieces(extracted) == ["Old", "1 + 1"]

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"{not json", "broken Jupyter notebook: it is not JSON"),
            (b"[" * 100_000, "broken Jupyter notebook: nested too deeply"),
            (b'{"nbformat": 99}', "broken Jupyter notebook: it has no cells"),
            (b'[{"cells": []}]', "broken Jupyter notebook: it has no cells"),
            (b'{"cells": []}', "no text in its cells that can be read"),
        ],
    )
    def test_broken_notebooks(self, data: bytes, reason: str) -> None:
        with pytest.raises(ReaderError) as raised:
            self.reader.read(data, "a.ipynb")

        assert str(raised.value) == reason

    def test_lone_surrogates_in_json_are_replaced(self) -> None:
        notebook = NOTEBOOK.replace("print(mean)", "a\\ud800b")

        extracted = self.reader.read(notebook.encode(), "a.ipynb")

        assert_whole(extracted)
        assert "a\ufffdb" in extracted.text


class TestSourceCode:
    reader = SourceCodeReader()

    def test_blocks_know_what_encloses_them(self) -> None:
        extracted = self.reader.read(SOURCE_CODE.encode(), "a.py")

        assert extracted.text == SOURCE_CODE
        assert headings_of(extracted, "return self.data[key]") == ("Cache", "get")
        assert headings_of(extracted, "@property") == ("Cache", "size")
        assert headings_of(extracted, "LIMIT") == ()
        assert headings_of(extracted, "__main__") == ()
        assert line_of(extracted, "@property") == SOURCE_CODE.split("\n").index("    @property") + 1

    @pytest.mark.parametrize(
        ("name", "source", "words", "headings"),
        [
            ("a.js", "// Says\nexport function say(x) {\n  run(x);\n}\n", "run", ("say",)),
            (
                "a.ts",
                "export class A {\n  private go(x: T): U {\n    run();\n  }\n}\n",
                "run",
                ("A", "go"),
            ),
            ("a.java", "class A {\n  int go(int x) {\n    run();\n  }\n}\n", "run", ("A", "go")),
            ("a.go", "package p\n\nfunc (t *T) Go() {\n\trun()\n}\n", "run", ("Go",)),
            (
                "a.rs",
                "impl Tree {\n    fn go(&self) {\n        run();\n    }\n}\n",
                "run",
                ("Tree", "go"),
            ),
            ("a.c", "static int go(int x)\n{\n    run();\n}\n", "run", ("go",)),
            (
                "a.cs",
                "class A\n{\n    public int Go(int x) {\n        Run();\n    }\n}\n",
                "Run();",
                ("A", "Go"),
            ),
            ("a.rb", "class A\n  def go\n    run\n  end\nend\n", "run", ("A", "go")),
            ("a.sh", "go() {\n  run\n}\n", "run", ("go",)),
            ("a.sql", "create table if not exists loan (\n  id int\n);\n", "id", ("loan",)),
            ("a.toml", "[tool.x]\nrun = 1\n", "run", ("tool.x",)),
            ("a.ini", "[x]\nrun = 1\n", "run", ("x",)),
            ("a.yaml", "a: 1\nserver:\n  run: 1\n", "run", ("server",)),
            ("a.json", '{\n  "a": {\n    "run": 1\n  },\n  "b": 2\n}\n', "run", ("a",)),
            ("Makefile", "all: x\n\trun\n", "run", ("all",)),
            ("Dockerfile", "FROM a AS build\nRUN x\n", "RUN", ("build",)),
        ],
    )
    def test_languages_and_configuration(
        self, name: str, source: str, words: str, headings: tuple[str, ...]
    ) -> None:
        assert headings_of(self.reader.read(source.encode(), name), words) == headings

    def test_a_call_is_no_definition(self) -> None:
        source = "it('works', function () {\n  run();\n});\nfoo(bar).then(x => {\n  run();\n});\n"

        extracted = self.reader.read(source.encode(), "a.js")

        assert {segment.headings for segment in extracted.segments} == {()}

    def test_a_script_is_known_by_its_first_line(self) -> None:
        source = b"#!/usr/bin/env python3\ndef go():\n    run()\n"

        assert headings_of(self.reader.read(source, "go"), "run") == ("go",)

    def test_machine_made_code_is_not_searched_for_definitions(self) -> None:
        source = b"function a(){" * 20_000

        assert len(self.reader.read(source, "a.min.js").segments) == 1


def test_escapes_of_json_are_read_as_what_they_show_on_their_line() -> None:
    text = r'{"a": "Caf\u00e9 \ud83e\udda6",' + "\n" + r' "b": "two\nlines, C:\\new \u0022 \ud83e"}'

    extracted = SourceCodeReader().read(text.encode(), "a.json")

    assert extracted.text == '{"a": "Café 🦦",\n' + r' "b": "two lines, C:\\new \u0022 \ud83e"}'
    assert SourceCodeReader().read(text.encode(), "a.js").text == text
