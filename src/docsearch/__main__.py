"""`python -m docsearch`: the same as the `docsearch` command."""

from docsearch.cli.main import main

if __name__ == "__main__":
    main()
