"""The screen on the searched folder: what is typed, both orders, the selected passage."""
