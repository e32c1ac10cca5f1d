"""Judgments, what is to be judged, and what reranking is worth by them."""
