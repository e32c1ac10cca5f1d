"""One command a module: its words, and the order of what it does."""
