# `make demo` and `make test` set themselves up: Python 3.11+ and make are all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -q

.PHONY: demo test check release format lock clean help

help:            ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## */\t/' | expand -t 12

# Installed once, and again when a pin or the project's own metadata changes.
$(VENV)/installed: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENV)/installed   ## the whole product once, in a temporary home
	@$(BIN)/coach demo

test: $(VENV)/installed   ## the tests, under 5 minutes on 2 cores
	$(PYTEST) -n 2 -m "not slow" tests

check: $(VENV)/installed  ## what people and CI share: format, lint, types, contracts, every suite scaled down
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -n 2 -m "not slow" tests
	$(BIN)/python tests/benchmarks/importing.py --repeat 1

release: check            ## the full figures; their tables belong in docs/
	$(PYTEST) -m slow tests
	$(BIN)/python tests/benchmarks/importing.py --repeat 3

format: $(VENV)/installed ## put the code in its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/installed   ## pin the newest of what pyproject.toml allows, with hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml --group dev --output-file requirements/dev.txt

clean:           ## all that make has made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
