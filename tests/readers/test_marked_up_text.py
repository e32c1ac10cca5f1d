"""reStructuredText and Org: structure, lines, and what they must not do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from docsearch.domain.document import SegmentKind
from docsearch.readers.org import OrgReader
from docsearch.readers.restructured_text import RestructuredTextReader
from tests.readers.extraction import assert_whole, headings_of, line_of, pieces
from tests.readers.samples import ORG, RESTRUCTURED_TEXT


class TestRestructuredText:
    reader = RestructuredTextReader()

    def test_sections_and_fields(self) -> None:
        extracted = self.reader.read(RESTRUCTURED_TEXT.encode(), "a.rst")

        assert extracted.text == RESTRUCTURED_TEXT
        assert extracted.title == "Manual"
        assert extracted.tags == ("tls", "runbook")
        assert extracted.day == date(2026, 4, 7)
        assert headings_of(extracted, "make install") == ("Manual", "Install")

    def test_structures_know_their_lines(self) -> None:
        extracted = self.reader.read(RESTRUCTURED_TEXT.encode(), "a.rst")
        lines = RESTRUCTURED_TEXT.split("\n")

        assert pieces(extracted, SegmentKind.CODE) == ["    make install"]
        assert pieces(extracted, SegmentKind.LIST_ITEM) == ["- first", "- second"]
        assert pieces(extracted, SegmentKind.HEADING)[1] == "Install\n-------"
        assert line_of(extracted, "- second") == lines.index("- second") + 1
        assert line_of(extracted, "Install\n---") == lines.index("Install") + 1

    def test_a_code_directive_is_one_piece_with_its_code(self) -> None:
        source = "Text\n\n.. code-block:: python\n   :linenos:\n\n   a = 1\n\n   b = 2\n\nAfter\n"

        extracted = self.reader.read(source.encode(), "a.rst")

        assert pieces(extracted) == [
            "Text",
            ".. code-block:: python\n   :linenos:\n\n   a = 1\n\n   b = 2",
            "After",
        ]

    def test_targets_footnotes_and_substitutions_are_no_trap(self) -> None:
        source = (
            ".. _here:\n\n.. _site: https://example.org/a_b\n\n__ anonymous_\n\n.. [1] note\n\n"
            ".. |a| replace:: |b||b|\n.. |b| replace:: |a||a|\n\n|a| text [1]_ `x`_ :ref:`here`\n"
        )

        extracted = self.reader.read(source.encode(), "a.rst")

        assert extracted.text == source
        assert_whole(extracted)

    def test_no_file_is_included_and_nothing_is_printed(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("the secret words")
        source = (
            f".. include:: {secret}\n\n.. literalinclude:: {secret}\n\n"
            f".. csv-table::\n   :file: {secret}\n\n.. raw:: html\n   :file: {secret}\n\n"
            "Title\n==\n\n:unknown:`role` |missing| `broken\n\n.. unknown:: x\n"
        )

        extracted = self.reader.read(source.encode(), "a.rst")

        assert extracted.text == source
        assert "secret words" not in extracted.text
        assert capfd.readouterr() == ("", "")


class TestOrg:
    reader = OrgReader()

    def test_headings_keywords_and_lines(self) -> None:
        extracted = self.reader.read(ORG.encode(), "a.org")

        assert extracted.text == ORG
        assert extracted.title == "Garden"
        assert extracted.tags == ("plot", "roses", "work")
        assert extracted.day == date(2026, 3, 1)
        assert headings_of(extracted, "sharpen") == ("Spring", "Tools")
        assert line_of(extracted, "- shears") == ORG.split("\n").index("- shears") + 1

    def test_structures_are_told_apart(self) -> None:
        extracted = self.reader.read(ORG.encode(), "a.org")

        assert pieces(extracted, SegmentKind.CODE) == ["#+begin_src sh\nsharpen\n#+end_src"]
        assert pieces(extracted, SegmentKind.TABLE) == ["| tool | age |"]
        assert pieces(extracted, SegmentKind.LIST_ITEM) == ["- shears"]

    def test_a_date_that_does_not_exist_costs_nothing(self) -> None:
        source = "* A <2026-02-31 Sat>\nCLOCK: [2026-99-01 Fri 10:00]\nDEADLINE: <2026-13-01>\ntext"

        extracted = self.reader.read(source.encode(), "a.org")

        assert any("text" in piece for piece in pieces(extracted))

    def test_two_thousand_levels(self) -> None:
        source = "".join("*" * level + " h\n" for level in range(1, 1200))

        assert_whole(self.reader.read(source.encode(), "a.org"))
