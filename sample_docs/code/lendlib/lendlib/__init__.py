"""Lending for a tool library."""

__version__ = "1.4.2"
