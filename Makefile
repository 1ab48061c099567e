# Everything here works on a fresh machine that has Python 3.11 or newer and make.
# The first target you call creates .venv and installs what requirements.lock names.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
EXTRAS := --extra web --extra brief --extra estimates --extra mcp
LOCKED = --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet $(UPGRADE)
UPGRADE ?= --upgrade
ARGS ?=
DATA ?= starter

.DEFAULT_GOAL := help
.PHONY: help serve test lint bench prove mutate spark docs lock browser

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

serve: $(STAMP) ## Serve the pages on this machine (DATA=all: whole country; ARGS="--port 8123")
	$(BIN)/homeroom serve --data $(DATA) $(ARGS)

test: lint browser ## Check style, formatting, types and layers, then run every test
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

lint: $(STAMP) ## Style, formatting, types, layers and prose
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.lint_prose

bench: $(STAMP) ## Run every benchmarks/bench_*.py
	$(BIN)/python -m benchmarks $(ARGS)

prove: $(STAMP) ## Run every proofs/prove_*.py (long)
	$(BIN)/python -m proofs $(ARGS)

mutate: $(STAMP) ## Break the code line by line and list what no test notices (long)
	$(BIN)/python -m scripts.mutate $(ARGS)

spark: $(STAMP) ## Add Spark, and hold its counts against DuckDB's (needs Java 17)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pyspark>=4,<5"
	$(BIN)/pytest -m spark tests/records

docs: $(STAMP) ## Write the generated pages of docs/reference again
	$(BIN)/python scripts/write_reference.py

browser: $(STAMP) # Only under CI=true is a missing browser a failure
	$(BIN)/python scripts/ensure_chromium.py || [ "$$CI" != true ]

lock: ## Write both lock files again (needs uv; for maintainers; UPGRADE= keeps what is pinned)
	uv pip compile pyproject.toml $(EXTRAS) --group dev --group build $(LOCKED) --output-file requirements.lock
	uv pip compile pyproject.toml $(EXTRAS) --group build --constraints requirements.lock $(LOCKED) \
		--output-file requirements-run.lock

# The stamp is written last, so that an interrupted set-up is taken up again.
$(STAMP): requirements.lock pyproject.toml
	@sh scripts/create_venv.sh $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
