"""Jupyter notebooks: every cell by its own keys, and outputs as a person saw them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.notebook import NotebookReader
from docsearch.readers.notebook_outputs import on_terminal
from tests.readers.extraction import assert_whole, headings_of, pieces


def read(data: str) -> ExtractedText:
    extracted = NotebookReader().read(data.encode(), "a.ipynb")
    assert_whole(extracted)
    return extracted


def notebook(*cells: object, **others: object) -> str:
    return json.dumps({"cells": cells, **others}, indent=1)


def code(*outputs: object, source: object = "run()") -> dict[str, object]:
    return {"cell_type": "code", "source": source, "outputs": outputs}


def shown(**forms: object) -> dict[str, object]:
    data = {name.replace("_", "/"): text for name, text in forms.items()}
    return {"output_type": "display_data", "data": data}


def printed(text: object, name: str = "stdout") -> dict[str, object]:
    return {"output_type": "stream", "name": name, "text": text}


def outputs_of(*outputs: object) -> list[str]:
    return pieces(read(notebook(code(*outputs))))[1:]


class TestCells:
    def test_a_cell_is_read_by_its_own_keys_whatever_is_missing(self) -> None:
        extracted = read(
            notebook(
                {"cell_type": "markdown", "source": ["# Lakes\n", "\n", "Deep ones."]},
                {"source": "No kind at all."},
                {"cell_type": "raw", "source": "Raw words."},
                "no cell",
                {"cell_type": "code", "source": None, "outputs": None},
                {"cell_type": "code", "source": "last()"},
            )
        )

        assert pieces(extracted) == [
            *("Lakes", "Deep ones.", "No kind at all.", "Raw words.", "last()")
        ]
        assert [each.location.cell for each in extracted.segments] == [1, 1, 2, 3, 6]
        assert headings_of(extracted, "last()") == ("Lakes",)
        assert extracted.losses == ("cell 4 is not built like a cell",)

    def test_the_second_version_is_read(self) -> None:
        cells = [
            {"cell_type": "html", "source": "<p>Made of <b>tags</b></p>"},
            {
                "cell_type": "code",
                "input": "old()",
                "outputs": [{"output_type": "pyout", "text": "Out", "html": "<i>rich out</i>"}],
            },
            {"cell_type": "code", "input": "bad()", "outputs": [{"output_type": "pyerr"}]},
        ]
        old = json.dumps({"nbformat": 2, "worksheets": [{"cells": cells}]})

        assert pieces(read(old)) == ["Made of tags", "old()", "rich out", "bad()", ":"]

    def test_front_matter_of_the_first_cell_is_the_notebooks_own(self) -> None:
        front = "---\ntitle: Eels at night\ntags: [eels, rivers]\n---\nText."

        extracted = read(notebook({"cell_type": "raw", "source": front}))

        assert (extracted.title, extracted.tags) == ("Eels at night", ("eels", "rivers"))
        assert pieces(extracted) == [front]

    def test_pictures_and_widgets_are_no_text(self) -> None:
        picture = {"image.png": {"image/png": "iVBORw0KGgo" * 400}}
        state = {"application/vnd.jupyter.widget-state+json": {"state": {"a": "hidden"}}}
        cell = {"cell_type": "markdown", "attachments": picture, "source": "A picture."}
        drawn = shown(image_png="iVBORw0KGgo" * 400, text_plain="<Figure>")

        extracted = read(notebook(cell, code(drawn), metadata={"widgets": state}))

        assert pieces(extracted) == ["A picture.", "run()", "<Figure>"]


CELLS = [{"cell_type": "markdown", "source": f"Cell number {n}."} for n in range(1, 6)]


class TestBrokenJson:
    def test_cells_before_the_end_of_a_cut_file_are_read(self) -> None:
        whole = notebook(*CELLS)

        extracted = read(whole[: whole.index("number 4")])

        assert pieces(extracted) == [f"Cell number {n}." for n in (1, 2, 3)]
        assert extracted.losses == ("cell 4 and what may follow it: broken JSON",)

    def test_a_broken_cell_costs_that_cell(self) -> None:
        broken = notebook(*CELLS).replace('"Cell number 2."', "<<<<<<< HEAD")

        extracted = read(broken)

        assert pieces(extracted) == [f"Cell number {n}." for n in (1, 3, 4, 5)]
        assert [each.location.cell for each in extracted.segments] == [1, 3, 4, 5]
        assert extracted.losses == ("cell 2: broken JSON",)

    def test_a_file_of_broken_cells_alone_is_refused_for_them(self) -> None:
        with pytest.raises(ReaderError, match=r"can be read; cell 1: broken JSON; cell 2 and what"):
            read('{"cells": [' + '{"cell_type": "code" "source": "run()"},' * 2)

    def test_what_is_broken_behind_the_cells_costs_nothing_of_them(self) -> None:
        extracted = read(notebook(*CELLS)[:-1] + ', "metadata": {')

        assert len(pieces(extracted)) == 5
        assert extracted.losses == ()

    def test_control_characters_within_strings_are_taken_as_they_are(self) -> None:
        assert pieces(read('{"cells": [{"source": "one\ntwo"}]}')) == ["one\ntwo"]


class TestOutputs:
    def test_the_richest_form_that_is_text_is_read(self) -> None:
        html = "<style>p {}</style><table><tr><td>owls</td><td>9</td></tr></table>"

        assert outputs_of(
            shown(text_plain="<Markdown object>", text_markdown=["**weasels**"]),
            shown(text_plain="<Styler at 0x7f>", text_html=html),
            shown(text_plain="<Math object>", text_latex="$e = 1$"),
            shown(text_plain="[1, 2]", text_html="<script>draw()</script>"),
        ) == ["**weasels**", "owls | 9", "$e = 1$", "[1, 2]"]

    def test_headings_in_an_output_stand_over_nothing(self) -> None:
        extracted = read(notebook(code(shown(text_html="<h1>Loud</h1>")), code()))

        assert headings_of(extracted, "Loud") == ()

    def test_a_progress_bar_in_several_pieces_is_its_last_state(self) -> None:
        bars = [printed(f"\r{percent:3}%|{'#' * percent}") for percent in range(0, 101, 20)]

        assert outputs_of(*bars, printed("\n"), printed("careful", "stderr")) == [
            f"100%|{'#' * 100}",
            "careful",
        ]

    @pytest.mark.parametrize(
        ("printed", "seen"),
        [
            ("\x1b[1;31mred\x1b[0m", "red"),
            ("\x1b]8;;http://a.b\x1b\\link\x1b]8;;\x07", "link"),
            ("a\rb\r\nc\r", "b\nc"),
            ("1/9\b\b\b2/9", "2/9"),
            ("\b\bx", "x"),
        ],
    )
    def test_what_a_terminal_shows_in_the_end(self, printed: str, seen: str) -> None:
        assert on_terminal(printed) == seen

    @given(st.text())
    def test_plain_text_passes_a_terminal_unchanged(self, text: str) -> None:
        plain = "".join(each for each in text if each.isprintable() or each == "\n")

        assert on_terminal(plain) == plain

    def test_an_error_is_read_with_its_traceback(self) -> None:
        frames = ["\x1b[0;31mKeyError\x1b[0m Traceback", "in \x1b[32mfind\x1b[0m(otter)"]
        error = {"output_type": "error", "ename": "KeyError", "evalue": "'otter'"}

        assert outputs_of(
            {**error, "traceback": [*frames, "\x1b[31mKeyError\x1b[0m: 'otter'"]}
        ) == ["KeyError Traceback\nin find(otter)\nKeyError: 'otter'"]
        assert outputs_of(error) == ["KeyError: 'otter'"]

    def test_of_a_long_output_both_ends_are_kept_and_the_middle_is_told(self) -> None:
        text = "FIRST\n" + "row of numbers\n" * 2_000 + "LAST"

        extracted = read(notebook(code(printed(text))))

        first, last = pieces(extracted, SegmentKind.CODE)[1:]
        assert first.startswith("FIRST\nrow")
        assert last.endswith("numbers\nLAST")
        assert 9_900 < len(first) + len(last) <= 10_000
        left_out = len(text) - 10_000
        assert extracted.losses == (f"an output of cell 1: {left_out:,} characters in its middle",)


@pytest.mark.parametrize("end", ["}", ""], ids=["whole", "cut short"])
def test_a_number_of_too_many_digits_for_python_costs_nothing(end: str) -> None:
    cell = '{"cell_type": "markdown", "execution_count": %s, "source": "low water"}'
    assert pieces(read('{"cells": [' + cell % ("9" * 5000) + "]" + end)) == ["low water"]
