"""docsearch: search your own folder in the terminal, and see what the reranker did."""

__version__ = "0.1.0"
