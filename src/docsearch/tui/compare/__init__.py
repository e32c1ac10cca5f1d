"""Several rerankers side by side over the same candidates."""
