"""LaTeX: what a reader of the document would see is found, whatever the source is like."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.latex import LatexReader
from docsearch.readers.latex_tokens import Tokens
from tests.readers.extraction import assert_whole, headings_of, line_of, pieces
from tests.readers.samples import LATEX


def read(source: str | bytes) -> list[str]:
    """The pieces of a document."""
    data = source.encode() if isinstance(source, str) else source
    return pieces(LatexReader().read(data, "a.tex"))


def body(source: str) -> str:
    """The text of a document, its pieces one below the other."""
    return "\n".join(read(source))


class TestLatex:
    reader = LatexReader()

    def test_the_body_is_read_as_text(self) -> None:
        extracted = self.reader.read(LATEX.encode(), "a.tex")

        assert extracted.title == "On Tides"
        assert extracted.day == date(2026, 1, 5)
        assert pieces(extracted) == [
            "Theory",
            "The moon pulls, $F = ma$.",
            "A second paragraph with weight.",
            "- spring",
            "- neap",
            "Port | Hour",
            "Brest | 5",
            "run --now",
        ]

    def test_pieces_know_section_line_and_kind(self) -> None:
        extracted = self.reader.read(LATEX.encode(), "a.tex")
        lines = LATEX.split("\n")

        assert headings_of(extracted, "second paragraph") == ("Theory",)
        assert (
            line_of(extracted, "second paragraph")
            == lines.index(r"A second paragraph with \textbf{weight}.") + 1
        )
        assert line_of(extracted, "Brest") == lines.index("Brest & 5") + 1
        assert pieces(extracted, SegmentKind.CODE) == ["run --now"]

    def test_a_part_of_a_document_is_read_whole(self) -> None:
        extracted = self.reader.read(rb"\subsection{Part} Text \& more", "part.tex")

        assert pieces(extracted) == ["Part", "Text & more"]

    def test_no_file_is_read_in(self, tmp_path: Path) -> None:
        (tmp_path / "secret.tex").write_text("the secret words")
        source = rf"Text {{\input{{{tmp_path}/secret}}}} \include{{{tmp_path}/secret}} end"

        assert "secret words" not in self.reader.read(source.encode(), "a.tex").text

    def test_deep_nesting_costs_nothing(self) -> None:
        assert read("{" * 20_000 + "deep" + "}" * 20_000) == ["deep"]


class TestMacros:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            (r"a \unknown{b c} d", "a b c d"),
            (r"\unknown{one}{two}, three", "one two, three"),
            (r"\unknown[see the harbour]{two}", "see the harbour two"),
            (r"\unknown[width=3cm]{two}", "two"),
            (r"\textcolor{red}{ice} and \multicolumn{2}{c}{boats}", "ice and boats"),
            (r"Stra\ss e, \'{e}t\'e, na\"\i ve, \L\'od\'z, \c{c}a", "Straße, été, naïve, Łódź, ça"),
            ("``So'' --- he said -- 5\\,\\% \\& \\_", "“So” — he said – 5 % & _"),
            (
                r"as \cite[p.~3]{knuth84} in \ref{sec:a} and \eqref{e}",
                "as [knuth84, p. 3] in sec:a and (e)",
            ),
            (r"word\index{hidden} and\label{x} more\vspace{2mm}", "word and more"),
            (r"\HoTT{} is here", "HoTT is here"),
            (r"data\-base, e.g.\ this~one\\[2pt]next", "database, e.g. this one next"),
            (r"\texttt{--flag} % gone", "--flag"),
            (r"100\% sure % not this", "100% sure"),
            (r"\emph{never closed", "never closed"),
            (r"stray } brace", "stray brace"),
            (r"it costs 5$ or more", "it costs 5$ or more"),
            ("\\iffalse hidden \\ifx a b \\fi \\fi shown", "shown"),
            ("\\iffalse never ended", "never ended"),
            (r"\href{http://a.b/c%20d}{the record} there", "the record there"),
            (r"at \url{http://a.b/c%20d_e#f} now", "at http://a.b/c%20d_e#f now"),
            (
                r"run \verb|$PATH %| or \lstinline!a{b! and \mintinline{c}|x$| ok",
                "run $PATH % or a{b and x$ ok",
            ),
            ("\\MakeShortVerb{\\|}use |$x| now", "use $x now"),
            (r"\input{chapters/one}", r"\input{chapters/one}"),
        ],
    )
    def test_yield_what_is_read(self, source: str, text: str) -> None:
        assert read(source) == [text]

    @pytest.mark.parametrize(
        ("definition", "use", "text"),
        [
            (
                r"\newcommand{\lake}[1]{the lake of #1}",
                r"\lake{Ice} froze",
                "the lake of Ice froze",
            ),
            (
                r"\newcommand{\lake}[2][blue]{#1 #2}",
                r"\lake{ice} \lake[red]{ice}",
                "blue ice red ice",
            ),
            (
                r"\NewDocumentCommand{\lake}{O{blue} +m}{lake of #1 #2}",
                r"\lake{ice} \lake[red]{mud}",
                "lake of blue ice lake of red mud",
            ),
            (r"\NewDocumentCommand\lake{o m}{lake #2}", r"\lake[x]{ice}", "lake ice"),
            (r"\def\lake#1{lake #1}", r"\lake{ice}", "lake ice"),
            (r"\newcommand{\fref}[1]{Figure~\ref{#1}}", r"\fref{a}", "Figure a"),
            (r"\let\oldemph\emph", r"\oldemph{ice}", "ice"),
            (r"\def\a{x\a}", r"\a y", "x y"),
            (r"\renewcommand{\emph}[1]{\textbf{#1}}", r"\emph{ice}", "ice"),
        ],
    )
    def test_of_the_document_stand_for_their_text(
        self, definition: str, use: str, text: str
    ) -> None:
        source = rf"\documentclass{{x}}{definition}\begin{{document}}{use}\end{{document}}"

        assert read(source) == [text]

    def test_that_multiply_are_bounded(self) -> None:
        names = "abcdefghijklmnop"
        steps = "".join(rf"\def\{name}{{\{after}\{after}}}" for name, after in pairwise(names))

        assert len(body(steps + r"\def\p{word }" + r"\a end")) < 400_000


class TestStructure:
    def test_a_formula_begun_and_ended_by_macros_swallows_nothing(self) -> None:
        source = (
            "\\documentclass{article}\n\\newcommand{\\beq}{\\begin{equation}}\n\\def\\eeq{\\end{equation}}\n"
            "\\begin{document}\n\\section{One}\nThe harbour froze.\n\\beq\na = b\n\\eeq\n"
            "The boats stayed.\n\\section{Two}\nSpring.\n\\end{document}\nbehind"
        )
        extracted = LatexReader().read(source.encode(), "a.tex")

        assert pieces(extracted) == [
            "One",
            "The harbour froze. \\begin{equation} a = b \\end{equation}",
            "The boats stayed.",
            "Two",
            "Spring.",
        ]
        assert line_of(extracted, "boats") == 10
        assert headings_of(extracted, "Spring") == ("Two",)

    def test_an_environment_of_the_document_is_what_it_stands_for(self) -> None:
        source = (
            r"\newenvironment{steps}[1]{\textbf{#1}\begin{itemize}}{\end{itemize}}"
            "\n\\begin{steps}{How}\n\\item one\n\\item two\n\\end{steps}\nAfter."
        )

        assert read(source) == ["How", "- one", "- two", "After."]

    @pytest.mark.parametrize(
        ("source", "text"),
        [
            (r"\begin{block}{Locks}Open\end{block}", "Locks Open"),
            (
                r"\begin{odd}{one}[two words here]{three}four\end{odd}",
                "one two words here three four",
            ),
            (r"\odd{one}[two words here]{three}", "one two words here three"),
        ],
    )
    def test_arguments_stand_apart(self, source: str, text: str) -> None:
        assert read(source) == [text]

    def test_headings_of_each_kind(self) -> None:
        source = (
            "\\part{P}\n\\chapter*{C}\n\\section[short]{A long one}\n\\subsection{S}\n"
            "\\subsubsection{SS}\n\\paragraph{Par} text"
        )
        extracted = LatexReader().read(source.encode(), "a.tex")

        assert headings_of(extracted, "text") == ("P", "C", "A long one", "S", "SS", "Par")

    def test_a_heading_whose_brace_is_missing_ends_with_its_paragraph(self) -> None:
        source = "\\section{Ice\n\nThe lake froze.\n\\section{Thaw}\nSpring."
        extracted = LatexReader().read(source.encode(), "a.tex")

        assert headings_of(extracted, "Spring") == ("Thaw",)
        assert "The lake froze." in pieces(extracted)

    def test_slides(self) -> None:
        source = (
            "\\begin{frame}[fragile]{The lake}\n\\begin{block}{Note}Cold.\\end{block}\n"
            "\\begin{itemize}\\item<2-> ice\\end{itemize}\\end{frame}\n"
            "\\begin{frame}\\frametitle{The sea}Warm.\\end{frame}"
        )
        extracted = LatexReader().read(source.encode(), "a.tex")

        assert headings_of(extracted, "ice") == ("The lake",)
        assert headings_of(extracted, "Warm") == ("The sea",)
        assert "Note" in body(source)

    def test_footnotes_and_captions_stand_behind_their_sentence(self) -> None:
        source = (
            "The lake\\footnote{In the \\emph{north}.} froze.\n\n"
            "\\begin{figure}[htb]\\includegraphics[width=1cm]{a.png}\n"
            "\\caption[s]{A map}\\end{figure}"
        )

        assert read(source) == ["The lake froze.", "In the north.", "A map"]

    def test_theorems_have_their_names(self) -> None:
        source = (
            "\\newtheorem{thm}{Theorem}[section]\n\\begin{thm}[Noether]\nText.\\end{thm}"
            "\\begin{proof}Easy.\\end{proof}"
        )

        assert read(source) == ["Theorem (Noether). Text.", "Proof. Easy."]

    @pytest.mark.parametrize("name", ["lstlisting", "minted", "Verbatim", "alltt", "mycode"])
    def test_code_ends_where_its_environment_ends(self, name: str) -> None:
        options = "{python}" if name == "minted" else ""
        source = (
            "\\lstnewenvironment{mycode}{}{}\n\\section{A}\n"
            f"\\begin{{{name}}}{options}\ncost = $5 % }} {{\n\\end{{{name}}}\n"
            "After.\n\\section{B} More."
        )
        extracted = LatexReader().read(source.encode(), "a.tex")

        assert pieces(extracted, SegmentKind.CODE) == ["cost = $5 % } {"]
        assert line_of(extracted, "cost") == 4
        assert line_of(extracted, "After") == 6
        assert headings_of(extracted, "More") == ("B",)

    def test_a_comment_environment_is_left_out(self) -> None:
        assert read("\\begin{comment}\nit costs 5$\n\\end{comment}\nShown.") == ["Shown."]

    def test_words_of_a_drawing(self) -> None:
        source = (
            "\\begin{tikzpicture}\\node[draw] (a) at (0,0) {Harbour \\textbf{wall}};"
            "\\draw (0,0) -- (1,1);\\end{tikzpicture} After."
        )

        assert read(source) == ["Harbour wall", "After."]

    def test_a_bibliography_is_read(self) -> None:
        source = (
            "\\begin{thebibliography}{9}\\bibitem[K]{knuth} D. Knuth, \\newblock \\emph{TeX}."
            "\\end{thebibliography}"
        )

        assert read(source) == ["- [knuth] D. Knuth, TeX."]

    def test_people_and_abstract_are_kept(self) -> None:
        source = (
            "\\documentclass{a}\\title{On Ice}\\author{Ada Lovelace \\and Emmy Noether}\n"
            "\\hypersetup{colorlinks=true}\n\\begin{document}\\maketitle\n"
            "\\begin{abstract}Short.\\end{abstract}\nText.\\end{document}"
        )
        extracted = LatexReader().read(source.encode(), "a.tex")

        assert extracted.title == "On Ice"
        assert pieces(extracted) == ["Ada Lovelace, Emmy Noether", "Short.", "Text."]

    def test_an_example_of_a_document_is_not_the_document(self) -> None:
        source = (
            "Before.\n\\begin{example}\n\\documentclass{article}\n\\begin{document}\nInner.\n"
            "\\end{document}\n\\end{example}\nAfter."
        )

        assert read(source)[0] == "Before."
        assert read(source)[-1] == "After."


class TestSources:
    def test_the_declared_encoding_is_used(self) -> None:
        source = "\\usepackage[latin2]{inputenc}\n\\begin{document}zażółć\\end{document}"

        assert read(source.encode("iso8859-2")) == ["zażółć"]

    def test_a_file_of_definitions_is_searched_as_it_stands(self) -> None:
        source = "% colours of the harbour\n\\newcommand{\\sea}{\\color{blue}}"

        assert read(source) == [source]

    def test_a_file_without_text_says_so(self) -> None:
        with pytest.raises(ReaderError, match="no text in it"):
            read(" \n ")

    @pytest.mark.parametrize(
        "unit",
        [
            *("{ ", "$ a ", r"\( a ", r"\[ a ", r"\emph{a ", r"\footnote{a ", r"\section{a "),
            *(r"\begin{x} a ", r"\begin{equation} a ", r"\begin{tabular}{l} a & ", r"\item[a "),
            *(
                r"\url{a ",
                r"\iffalse a ",
                r"\def\x",
                r"\newcommand{\x}{",
                r"\foo[a ",
                r"\vspace{a ",
            ),
        ],
    )
    def test_twice_the_source_is_about_twice_the_work(
        self, unit: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps = 0
        next_token = Tokens.next

        def counted(self: Tokens) -> object:
            nonlocal steps
            steps += 1
            return next_token(self)

        monkeypatch.setattr(Tokens, "next", counted)
        counts = []
        for times in (1_000, 2_000):
            steps = 0
            read("word " + unit * times)
            counts.append(steps)

        assert counts[1] < 3 * counts[0] + 100

    @given(
        st.lists(
            st.sampled_from(
                [
                    *(
                        "{",
                        "}",
                        "[",
                        "]",
                        "$",
                        "$$",
                        "&",
                        "~",
                        "#1",
                        "%",
                        "\n",
                        "\n\n",
                        "\\\\",
                        "\\",
                    ),
                    *("word", " ", r"\begin{document}", r"\end{document}", r"\documentclass{a}"),
                    *(r"\begin{tabular}{l}", r"\end{tabular}", r"\item", r"\def\a#1{b#1}", r"\a"),
                    *(r"\begin{equation}", r"\end{equation}", r"\newcommand{\q}[1]{\begin{x}#1"),
                    *(r"\newenvironment{x}{\begin{quote}}{\end{quote}}", r"\begin{x}", r"\end{x}"),
                    *(
                        r"\section",
                        r"\footnote{",
                        r"\verb|",
                        r"\iffalse",
                        r"\fi",
                        r"\let\a\b",
                        r"\'",
                    ),
                    *(
                        r"\begin{lstlisting}",
                        r"\end{lstlisting}",
                        r"\url{",
                        r"\q",
                        r"\cite[",
                        r"\[",
                    ),
                    *(
                        r"\MakeShortVerb{\|}",
                        "|",
                        r"\begin{tikzpicture}",
                        r"\end{tikzpicture}",
                        "node{",
                    ),
                ]
            ),
            max_size=40,
        )
    )
    def test_no_source_is_too_odd(self, parts: list[str]) -> None:
        try:
            extracted = LatexReader().read("".join(parts).encode(), "a.tex")
        except ReaderError:
            return
        assert_whole(extracted)


def test_macros_make_no_more_than_a_few_times_the_text() -> None:
    for text in (
        "\\def\\a{" + "tide " * 2000 + "}" + "\\a " * 5000,
        "\\newcommand{\\a}[1]{" + "#1" * 1000 + "}" + ("\\a{" + "tide " * 20 + "}") * 500,
    ):
        extracted = LatexReader().read(text.encode(), "a.tex")
        assert "tide" in extracted.text
        assert len(extracted.text) <= 200_000 + 5 * len(text)
        assert extracted.losses == ("macros that make far more text than the file has",)
