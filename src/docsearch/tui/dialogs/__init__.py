"""What opens over a screen for one question."""
