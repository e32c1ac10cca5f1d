"""Rerankers that are services: text leaves this machine for them."""
