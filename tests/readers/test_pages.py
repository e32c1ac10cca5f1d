"""Odd pages: every word that a browser shows, apart from its neighbours, on its own line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.readers.html_page import HtmlReader
from docsearch.readers.mail import MailReader
from tests.readers.extraction import pieces
from tests.readers.test_mail_places import line_of

READ = HtmlReader().read


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<pre>one\n  two\n\nthree</pre>", ["one\n  two\n\nthree"]),
        ("<p>a</p><plaintext><b>raw</b>\n two", ["a", "<b>raw</b>\n two"]),
        ("<xmp><b>raw</b>\nrow</xmp>", ["<b>raw</b>\nrow"]),
        ("<details><summary>More</summary>text<p>end</p></details>", ["More", "text", "end"]),
        ("<dl><dt>Ebb<dd>falls<dt>Flow<dd>rises</dl>", ["Ebb", "falls", "Flow", "rises"]),
        ("<p>a<svg><title>Tides</title><text>low</text></svg>b", ["a Tides low b"]),
        ("<p>a<button>x</button>b<iframe>x</iframe>c", ["a b c"]),
        ("<p>a<img alt='Map of\nUlm'>b", ["a Map of Ulm b"]),
        ("<p>un<b>believ</b>able <a href=x>boat</a>s", ["unbelievable boats"]),
        ("<a href=x>Home</a><a href=y>News</a>", ["Home News"]),
        ("<p>a<br>b<br/>c", ["a\nb\nc"]),
        ("<p>a<br><br>b<br> &nbsp;<br>c", ["a", "b", "c"]),
        ("<h1>a<br><br>b</h1><p>c", ["a b", "c"]),
        ("<object data=x><p>instead</p></object><p>a", ["instead", "a"]),
        ("<p>a<![CDATA[ x<y ]]>b", ["a x<y b"]),
        (
            "<frameset><frame src=x><noframes><body>No <a>frames</a></noframes></frameset>",
            ["No frames"],
        ),
        ("<p hidden>x<p hidden=until-found>found", ["found"]),
        ("<p>caf&eacute; caf&eacute bar &#233&#x41; &#150;", ["café café bar éA –"]),
        (
            "<b><p>one</b> two</p><table><p>in</p><tr><td>cell</table></td>out",
            ["one two", "in", "cell", "out"],
        ),
        ("<table><tr><th colspan=2>A<th>B<tr><td>1<td>2<td>3</table>", ["A | B", "1 | 2 | 3"]),
        ("<p>so <math><mi>x</mi><annotation>y</annotation></math> on", ["so x y on"]),
        (
            "<p>at <math><mfrac><mn>1</mn><mrow><mi>x</mi><mo>+</mo><mi>y</mi></mrow></mfrac>"
            "</math>.",
            ["at 1/(x + y)."],
        ),
        ("<math><mi>a</mi><p>not closed<p>on", ["a", "not closed", "on"]),
    ],
)
def test_what_a_browser_shows(page: str, expected: list[str]) -> None:
    assert pieces(READ(page.encode(), "a.html")) == expected


@pytest.mark.parametrize(
    "head",
    [
        "<!-- <meta charset=koi8-r> --><meta charset=windows-1251>",
        "<script charset=utf-8></script><meta charset=windows-1251>",
        "<a title='encoding=koi8-r'></a><meta name=x content='text/html; charset=windows-1251'>",
        "<?xml version='1.0' encoding='windows-1251'?>",
    ],
)
def test_only_what_declares_the_encoding_does(head: str) -> None:
    assert READ(f"{head}<p>Привет".encode("cp1251"), "a.html").text == "Привет"


PAGE = """<html>
<body>
<p>

  apple
  and</p>
<script>
x
</script>pear
<div>plum <b>and
</b>cherry</div>
<p>fig<br>
sloe<br>
quince</p>
<p>medlar and
more<br><br>
grape<br>

<br>
lemon</p>
<pre>
first

  second</pre>
<pre><code>
third
fourth</code></pre>
<table>
<tr><td>lime</td></tr>
<tr>
<td>

melon</td></tr></table>
<ul><li>
date<li>olive</ul>tail
<h2>
kiwi</h2>
</body>
</html>
mango
"""
SHOWN = (
    *("apple", "pear", "plum", "fig", "sloe", "quince", "medlar", "grape", "lemon", "first"),
    *("second", "third", "fourth", "lime", "melon", "date", "olive", "tail", "kiwi", "mango"),
)


@pytest.mark.parametrize("word", SHOWN)
def test_each_word_has_its_line(word: str) -> None:
    (number,) = (at for at, line in enumerate(PAGE.split("\n"), 1) if word in line)

    assert line_of(READ(PAGE.encode(), "a.html"), word) == number


@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable"])
def test_a_page_in_a_mail_has_the_lines_of_the_mail(encoding: str) -> None:
    mail = f"Subject: s\nContent-Type: text/html\nContent-Transfer-Encoding: {encoding}\n\n{PAGE}"
    extracted = MailReader().read(mail.encode(), "a.eml")
    lines = mail.split("\n")

    assert {word: lines[(line_of(extracted, word) or 0) - 1].count(word) for word in SHOWN} == (
        dict.fromkeys(SHOWN, 1)
    )


BLOCKS = (
    "<p>{}</p>",
    "<div>{}</div>",
    "<li>{}",
    "<pre>{}</pre>",
    "{}<br>",
    "<b>{}</b>",
    "<td>{}",
    "{}",
)


@given(st.lists(st.tuples(st.sampled_from(BLOCKS), st.integers(1, 3)), min_size=1, max_size=12))
def test_no_word_is_lost_or_misplaced_by_more_than_its_paragraph(
    blocks: list[tuple[str, int]],
) -> None:
    page, number = "", 0
    for block, ends in blocks:
        page += block.format(f"w{number}w") + "\n" * ends
        number += 1

    extracted = READ(f"<body>{page}".encode(), "a.html")

    for each in range(number):
        line = line_of(extracted, f"w{each}w")
        assert line is not None
        assert line <= 1 + page[: page.index(f"w{each}w")].count("\n")
