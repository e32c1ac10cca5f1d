"""What flows through docsearch: frozen values, standard library only.

Knows nothing of files on disk, models, storage or screens.
"""
