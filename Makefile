# `make demo` and `make test` set themselves up: Python 3.11 or newer and make are all they need.
#
#   make test PYTHON=python3.13 VENV=/tmp/v313     another Python, in an environment of its own
#   make test WORKERS=8                            on more cores
PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
MUTANTS ?= 30000
# Which tests `make check` runs; what has just passed `make test` need not pass again.
SUITES ?= not slow

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PYTEST := $(BIN)/python -m pytest -q
UV := $(BIN)/uv
LOCKED := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links
READY := $(VENV)/installed

.DEFAULT_GOAL := help
.PHONY: help demo test check release format lock sbom audit picture clean

help:                 ## what there is to make
	@sed -n 's/^\([a-z]*\):.*## */  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

demo: $(READY)        ## the whole product once, on invented sessions
	@$(BIN)/coach demo

test: $(READY)        ## the tests, under 5 minutes on 2 cores
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m "not slow and not thorough and not browser" tests

check: $(READY)       ## what people and CI share: form, lint, types, imports, every suite scaled down
	@echo "== form and lint"
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@echo "== types"
	@$(BIN)/mypy
	@echo "== imports run one way"
	@$(BIN)/lint-imports --no-cache
	@echo "== tests"
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m "$(SUITES)" tests
	@echo "== benchmarks, scaled down"
	@$(BIN)/python tests/benchmarks/decoding.py --rounds 1
	@$(BIN)/python tests/benchmarks/importing.py --repeat 1
	@$(BIN)/python tests/benchmarks/replaying.py --sessions 44 --rounds 3
	@$(BIN)/python tests/benchmarks/judging.py --rounds 3
	@$(BIN)/python tests/benchmarks/delivering.py --nudges 2000 --rounds 1
	@$(BIN)/python tests/benchmarks/planning.py --persons 20 --summaries 2000
	@$(BIN)/python tests/benchmarks/ble_decoding.py --rounds 1
	@$(BIN)/python tests/benchmarks/letters.py --persons 20 --rounds 1
	@$(BIN)/python tests/benchmarks/riding.py --minutes 1
	@$(BIN)/python tests/benchmarks/cold_start.py --rounds 1
	@$(BIN)/python tests/benchmarks/serving.py --years 1 --rounds 1
	@$(BIN)/python tests/benchmarks/caseload.py --people 40 --rounds 1
	@$(BIN)/python tests/benchmarks/load.py --persons 60 --sample 1 --window 5 --uploads 10 --workers 2 --rush 250

release: check        ## check, then the full figures; their tables belong in docs/benchmarks.md
	@echo "== the slow tests, and the properties with more examples"
	@$(PYTEST) -m slow tests
	@COACH_EXAMPLES=300 $(PYTEST) -n $(WORKERS) tests/unit
	@echo "== $(MUTANTS) mutants"
	@COACH_MUTANTS=$(MUTANTS) $(PYTEST) -n $(WORKERS) tests/integration/devices/test_mutants.py
	@echo "== benchmarks"
	@$(BIN)/python tests/benchmarks/decoding.py
	@$(BIN)/python tests/benchmarks/importing.py
	@$(BIN)/python tests/benchmarks/replaying.py --strict
	@$(BIN)/python tests/benchmarks/judging.py --strict
	@$(BIN)/python tests/benchmarks/delivering.py
	@$(BIN)/python tests/benchmarks/planning.py
	@$(BIN)/python tests/benchmarks/ble_decoding.py
	@$(BIN)/python tests/benchmarks/letters.py
	@$(BIN)/python tests/benchmarks/riding.py
	@$(BIN)/python tests/benchmarks/cold_start.py
	@$(BIN)/python tests/benchmarks/serving.py
	@$(BIN)/python tests/benchmarks/caseload.py
	@$(BIN)/python tests/benchmarks/load.py --persons 10000 --workers 2 --rush 100000
	@$(BIN)/python tests/benchmarks/load.py --persons 500 --database postgresql
	@$(BIN)/python tests/benchmarks/load.py --persons 500 --database postgresql --workers 2

format: $(READY)      ## put the code in its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(READY)        ## pin the newest of what pyproject.toml allows, with hashes
	@$(PIP) install uv
	@$(LOCKED) --upgrade --group dev --output-file requirements/dev.txt pyproject.toml
	@$(LOCKED) --constraint requirements/dev.txt --extra postgresql --output-file requirements/run.txt pyproject.toml
	@$(LOCKED) --constraint requirements/dev.txt --group build --output-file requirements/build.txt
	@echo "requirements/ has the newest; \`make check\` says whether all is well with it."

sbom: $(READY)        ## list what an installation is made of, as CycloneDX: dist/sbom.json
	@$(PIP) install uv
	@mkdir -p dist
	@$(UV) tool run --quiet --from cyclonedx-bom cyclonedx-py requirements --pyproject pyproject.toml \
		--output-reproducible --output-file dist/sbom.json requirements/run.txt
	@echo "dist/sbom.json has what requirements/run.txt pins, with hashes."

# Not part of check: it asks a service on the internet, and its answer changes by the day. CI asks too, and goes on
# where nobody could be asked.
audit: $(READY)       ## ask whether what is pinned has known vulnerabilities (needs the internet)
	@$(PIP) install uv
	@$(BIN)/python .ci/audit $(UV)

picture: $(READY)     ## take the pictures in docs/ again (needs a Chromium)
	@docs/picture.sh $(BIN)/coach
	@$(BIN)/python tests/browser/illustrate.py

clean:                ## remove all that make has made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache

# Set up once, and again when a pin or the project's own metadata changes. The mark is made last: a set-up that was
# interrupted begins anew.
$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, and $(PYTHON) is not. Name one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV), once; this takes about a minute ..." >&2
	@$(PYTHON) -m venv --clear $(VENV) || \
		{ echo "No virtual environment could be made (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
