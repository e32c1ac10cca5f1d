"""The screen, the only home of Textual: it shows what an engine says and sends what is typed."""
