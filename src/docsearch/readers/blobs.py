"""Pictures, keys and archives written out as text: base64, data addresses, uuencode, armour.

In: text. Out: the same text and the same number of lines, with a word in place of each blob.
Nobody reads or searches these characters, and each would fill a passage. Linear in the text.
Knows no format.
"""

from __future__ import annotations

import re

_SHORTEST = 200
"""Characters; a shorter run may be a key or a checksum that someone looks for."""

_DATA_ADDRESS = re.compile(
    r"data:([a-z]+)/[\w.+-]{1,100}(?:;[\w.+-]{1,60}=[\w.+-]{1,60}){0,4};base64,"
    r"(?:[A-Za-z0-9+/=_-]|%[0-9A-Fa-f]{2}"
    r"|\\?\n[ \t]{0,8}(?=[A-Za-z0-9+/=]{40}|[A-Za-z0-9+/]{1,40}=))+",
    re.IGNORECASE,
)
_ARMOUR = re.compile(
    r"^([> \t]{0,20}-----BEGIN (?P<what>[A-Z0-9 ]{1,60})-----)[^\S\n]*\n"
    r"(?P<head>(?:[> \t]{0,20}[A-Z][A-Za-z-]{1,40}: [^\n]{0,200}\n){0,20})"
    r"(?P<body>(?:[> \t]{0,20}[A-Za-z0-9+/=]{0,100}[^\S\n]*\n){1,100000})"
    r"(?=[> \t]{0,20}-----END )",
    re.MULTILINE,
)
_LINES = re.compile(
    r"^[> \t]{0,20}[A-Za-z0-9+/]{40,1000}"
    r"(?:[^\S\n]*\n[> \t]{0,20}[A-Za-z0-9+/]{40,1000})+"
    r"(?:[^\S\n]*\n[> \t]{0,20}(?:[A-Za-z0-9+/]{20,40}|[A-Za-z0-9+/]{1,40}={1,2})$|={1,2})?",
    re.MULTILINE,
)
_RUN = re.compile(rf"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{{{_SHORTEST},}}={{0,2}}")
_BEGIN = re.compile(r"^begin [0-7]{3,4} (\S[^\n]{0,200})\n", re.MULTILINE)
_PICTURES = frozenset({"image"})


def without_blobs(text: str) -> str:
    """`text` with a word in brackets for each blob; its other lines keep their numbers."""
    if ";base64," in text:
        text = _DATA_ADDRESS.sub(_address, text)
    if "-----BEGIN " in text:
        text = _ARMOUR.sub(_armour, text)
    if "begin" in text:
        text = _without_uuencoded(text)
    return _RUN.sub(_blob, _LINES.sub(_blob, text))


def is_base64(run: str) -> bool:
    """Whether letters of both cases and digits are mixed as no language or path mixes them."""
    run = "".join(run[:8000].split())
    upper = sum("A" <= character <= "Z" for character in run)
    lower = sum("a" <= character <= "z" for character in run)
    digits = sum("0" <= character <= "9" for character in run)
    return min(upper, lower) > 0.1 * len(run) and digits > 0.02 * len(run)


def _address(match: re.Match[str]) -> str:
    word = "picture" if match[1].lower() in _PICTURES else "data"
    return word + _line_ends(match[0])


def _armour(match: re.Match[str]) -> str:
    return f"{match[1]}\n{match['head']}(data){_line_ends(match['body'])}"


def _blob(match: re.Match[str]) -> str:
    run = match[0]
    if len(run) < _SHORTEST or not is_base64(run):
        return run
    return f"(data){_line_ends(run)}"


def _line_ends(text: str) -> str:
    return "\n" * text.count("\n")


def _without_uuencoded(text: str) -> str:
    pieces = []
    done = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < done:
            continue
        end = _end_of_uuencoded(text, begin.end())
        if end > begin.end():
            pieces += [text[done : begin.start()], f"(file {begin[1].strip()})"]
            pieces.append(_line_ends(text[begin.start() : end]))
            done = end
    return "".join([*pieces, text[done:]])


def _end_of_uuencoded(text: str, start: int) -> int:
    """Behind the last line that its own first character says to be encoded; `start` if none is."""
    at = start
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].rstrip()
        if line in ("end", "===="):
            return stop
        length = (ord(line[0]) - 32) & 63 if line else 0
        is_coded = len(line) >= 1 + (length + 2) // 3 * 4 - 2 and max(line, default="") <= "`"
        if not is_coded:
            return at if at - start > _SHORTEST else start
        at = stop + 1
    return len(text)
