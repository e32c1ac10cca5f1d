"""What `docsearch bench rerank` measures, and the report that every benchmark writes."""
