"""Threads, priorities, and the one place that joins the concrete parts."""
