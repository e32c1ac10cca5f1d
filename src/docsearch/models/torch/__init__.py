"""Models as their makers run them, by torch."""
