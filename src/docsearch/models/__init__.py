"""Models: which there are, how they reach this machine, and how they embed and score.

The only home of torch, sentence-transformers, tokenizers and huggingface_hub. Knows nothing of
files to search, storage or screens.
"""
