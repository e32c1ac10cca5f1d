"""Measurements of the real command; nothing here is a test."""
