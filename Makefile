# The two commands of the README do all the set-up themselves: `make run` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
FOLDER ?= sample_docs

.PHONY: run test check lint types layers clean

run: .venv/installed
	$(BIN)/python -m docsearch "$(FOLDER)"

# Two at a time, a file to one process; so each model runs in one thread. Left to itself xdist would
# begin the longest test of all, the only one of its file, when nothing else is left to run beside it.
test: .venv/developed
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: lint types layers test

lint: .venv/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/developed
	$(BIN)/mypy

layers: .venv/developed
	$(BIN)/lint-imports

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "docsearch needs Python 3.11 or newer")'
	@echo 'Setting up .venv, a few minutes once.'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

.venv/developed: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv
