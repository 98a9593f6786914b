# Everything a newcomer or a CI job types. Needs only Python 3.11, git and make; builds .venv by itself.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint types arch check bench lock wheel

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "axisproof needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.11 ..."; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "Python cannot make a virtual environment here. On Debian: apt-get install python3-venv"; exit 2; }
	@echo "Installing the pinned dependencies into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## the axis with 95 nodes, the suite against the reference system, a report
	@$(BIN)/axisproof check --sut reference --no-input --seed 7

test: $(READY) ## all tests, with branch coverage
	@$(BIN)/python -m pytest -q --cov --cov-report=term:skip-covered
	@$(BIN)/python -m coverage report --include='simulator/protocol/*,simulator/hub/*,conformance/*' --fail-under=90 --format=total >/dev/null \
	  || { echo "branch coverage of simulator/protocol, simulator/hub, conformance fell below 90 %"; exit 1; }

lint: $(READY) ## ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY) ## mypy --strict
	@$(BIN)/mypy

arch: $(READY) ## the import contracts of ARCHITECTURE.md
	@$(BIN)/lint-imports

check: lint types arch ## lint, types, arch

bench: $(READY) ## ratios within one run, on this machine
	@$(BIN)/python -m loadtests.bench

lock: ## pin again (maintainers): hashes, no addresses
	@$(BIN)/python -m pip install --quiet pip-tools
	@$(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev --output-file requirements.lock pyproject.toml

wheel: $(READY) ## build the distribution
	@$(BIN)/python -m build --no-isolation --wheel
