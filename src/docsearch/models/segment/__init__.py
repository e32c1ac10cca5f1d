"""The reranker in the box: a BERT that reads query and passage apart first, then together."""
