"""Judgments: a session of them, and what they come to."""
