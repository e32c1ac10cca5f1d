"""Documents for the chunker: structure drawn by Hypothesis, with texts that are hard to cut."""

from __future__ import annotations

from hypothesis import strategies as st

from docsearch.domain.document import ExtractedText, Location, Segment, SegmentKind

HARD_CHARACTERS = st.characters(exclude_categories=["Cs"])

SENTENCES = st.sampled_from(
    [
        "The tide comes in twice a day. ",
        "Dr. Ada wrote 3.5 pages! ",
        "Is it so? ",
        "and no end of it, ",
        "潮は一日に二度満ちる。",
        "x" * 40 + " ",
        "\n",
        "\n\n",
        "    return 1\n",
        "a | b | c\n",
        "\t \u2003",
        "\u200b\x00",
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> ExtractedText:
    """Segments of every kind under headings of up to three levels, with odd gaps between them."""
    text, segments = "", []
    path: tuple[str, ...] = ()
    for _ in range(draw(st.integers(0, 12))):
        text += draw(st.sampled_from(["", " ", "\n", "\n\n \t"]))
        kind = draw(st.sampled_from(list(SegmentKind)))
        if kind is SegmentKind.HEADING:
            level = draw(st.integers(0, min(2, len(path))))
            path = (*path[:level], draw(st.sampled_from(["Tides", "Moon", "Boats"])))
        body = path[-1] if kind is SegmentKind.HEADING else draw(bodies())
        start, text = len(text), text + body
        line = text.count("\n", 0, start) + 1
        location = Location(line=line)
        segments.append(Segment(start, len(text), kind, path, location, keeps_lines=True))
    return ExtractedText(text, tuple(segments))


def bodies() -> st.SearchStrategy[str]:
    """The text of one segment: prose, code, rows, noise, or a word without end."""
    return st.one_of(
        st.lists(SENTENCES, max_size=40).map("".join),
        st.text(HARD_CHARACTERS, max_size=200),
        st.integers(1, 1500).map(lambda length: "a" * length),
        st.integers(1, 300).map(lambda length: "." * length),
    )
