"""The `docsearch` command; `python -m docsearch` is the same.

Imports nothing but the signals before it listens to them: Ctrl-C while the rest is imported ends
docsearch without a traceback.
"""

import sys

from docsearch.cli.interrupts import INTERRUPTED, INTERRUPTS


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    INTERRUPTS.listen()
    try:
        from docsearch.cli.main import main as command_line
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    command_line()


if __name__ == "__main__":
    main()
