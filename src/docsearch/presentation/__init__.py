"""What the command line and the screen both draw: lines of pieces, with no toolkit."""
