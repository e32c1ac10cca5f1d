"""From a folder to the index: discover, extract, chunk, embed, store.

Knows the ports, and no format, model or database.
"""
