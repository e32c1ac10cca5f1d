"""The QUERY path: what was typed -> the fast order -> the reranked order, as a stream of events."""
