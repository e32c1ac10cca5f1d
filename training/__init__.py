"""How the cross-encoder in the box was made: mine, teach, train, evaluate, export.

Each step is a command (`python -m training STEP --help`) that reads files, writes files and takes
its seed as an option.
"""
