"""Threads and priorities: the models in memory, the index worker, what was measured of them."""
