"""Words in, exit codes out. Imports the screen, the engine and rich only when it uses them."""
