"""Bytes of a file in, its text and structure out; one format per module.

Who cleans what: a reader gives text without NUL characters and lone surrogates, so that it is
always valid UTF-8. Everything else a file holds, terminal control sequences too, passes
unchanged: the screen and the commands strip those where they draw.

Knows nothing of folders, chunks, models or storage. A reader's library is imported when the
first file of its format is met (`registry`).
"""
