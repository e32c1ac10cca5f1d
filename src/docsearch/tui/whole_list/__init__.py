"""What reranking did to the whole list, and what it missed."""
