"""Answers kept in files, and run again."""
