"""How fast rerankers are, for `docsearch bench rerank`."""
