# Everything there is to do, with nothing but Python 3.11+ and make. `make` alone lists it.

VENV := .venv
TOOLS := .venv-tools
BENCH := .venv-bench
BIN := $(VENV)/bin
INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
PYTEST_WORKERS ?= 2
# What is thorough waits for servers, workers and browsers most of the time.
THOROUGH_WORKERS ?= 4

.DEFAULT_GOAL := help
.PHONY: help serve test thorough check lint types imports migrations schema format readme differential faults fuzz bench lock clean
.DELETE_ON_ERROR:

help: ## List what can be done
	@echo "make serve [HOST=…] [PORT=…] [WORKERS=…] [DATABASE_URL=…]"
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

serve: $(VENV)/runtime ## Serve the platform with demo data
	@exec $(BIN)/bailiwick serve --demo

test: $(VENV)/dev ## Run the tests
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal -m "not thorough"

thorough: $(VENV)/dev ## Run the tests that take longer: servers, workers, browsers, clients, bad input everywhere
	$(BIN)/python -m pytest -n $(THOROUGH_WORKERS) --dist worksteal -m thorough

check: lint types imports migrations schema ## Run every check but the tests

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/python -m mypy

imports: $(VENV)/dev
	$(BIN)/lint-imports --no-logo

migrations: $(VENV)/dev ## Migrate a scratch database up, down and up again
	$(BIN)/python -m tests.support.migrations

schema: $(VENV)/dev ## Compare the schema with schema/schema.graphql
	$(BIN)/bailiwick schema check

format: $(VENV)/dev ## Put the sources into their one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

readme: $(VENV)/dev ## Make the README's tables anew
	$(BIN)/python docs/readme.py

differential: $(VENV)/dev ## Hold many more generated queries against graphql-core
	DIFFERENTIAL_QUERIES=50000 $(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal tests/differential

faults: $(VENV)/dev ## Kill parts of running installations, and load them; some of it looks at the clock
	$(BIN)/python -m pytest -s tests/faults

fuzz: $(VENV)/dev $(TOOLS)/tools ## Attack a running server with schemathesis and clairvoyance
	$(BIN)/python -m tests.fuzz

bench: $(BENCH)/bench ## Measure the platform beside its peers
	$(BENCH)/bin/python -m bench

clean: ## Remove the environment, the demo's database and all caches
	@if [ -x $(BIN)/bailiwick ] && [ -d .bailiwick ]; then $(BIN)/bailiwick reset --yes; fi
	rm -rf $(VENV) $(TOOLS) $(BENCH) .bailiwick dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

lock: ## Choose the versions of all dependencies anew
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }
	uv $(COMPILE) pyproject.toml -o requirements.lock
	uv $(COMPILE) --extra dev --constraint requirements.lock pyproject.toml -o requirements-dev.lock
	uv $(COMPILE) requirements-tools.in -o requirements-tools.lock
	uv $(COMPILE) --extra dev --constraint requirements-dev.lock pyproject.toml requirements-bench.in -o requirements-bench.lock

COMPILE := pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

# An environment is as new as the stamp in it, made once its lock is installed.
$(VENV)/runtime: requirements.lock .ci/venv
	@.ci/venv $(VENV)
	@echo "Installing what requirements.lock lists ..."
	@$(BIN)/python $(INSTALL) -r requirements.lock
	@.ci/link $(VENV)
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/runtime
	@echo "Installing what requirements-dev.lock lists ..."
	@$(BIN)/python $(INSTALL) -r requirements-dev.lock
	@touch $@

$(TOOLS)/tools: requirements-tools.lock .ci/venv
	@.ci/venv $(TOOLS)
	@echo "Installing what requirements-tools.lock lists ..."
	@$(TOOLS)/bin/python $(INSTALL) -r requirements-tools.lock
	@touch $@

$(BENCH)/bench: requirements-bench.lock .ci/venv
	@.ci/venv $(BENCH)
	@echo "Installing what requirements-bench.lock lists ..."
	@$(BENCH)/bin/python $(INSTALL) -r requirements-bench.lock
	@.ci/link $(BENCH)
	@touch $@
