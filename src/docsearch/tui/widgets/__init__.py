"""One module for each region of the screen."""
