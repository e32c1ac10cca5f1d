"""The hub that models come from: what it holds, and how its files reach this disk."""
