"""What `docsearch bench` measures: one generator of steps and figures a module."""
