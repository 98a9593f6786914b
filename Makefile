# Everything a newcomer or a CI job types. Needs only Python 3.11, git and make; builds .venv by itself.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCKER := build/lock
CHROMIUM ?= chromium
SAMPLES := reports/samples
SAMPLE_CHAPTERS ?= --only status
SAMPLE_PACKETS := $(addprefix fixtures/specimens/,good/handmade-new.edxml bad/date-impossible.edxml bad/attachment-read-as-text.edxml bad/doctype.edxml)

.DEFAULT_GOAL := help
.PHONY: help demo test lint types arch check bench crash proof samples tables locale lock wheel

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "axisproof needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.11 ..."; exit 2; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV) || { \
	  echo "Python cannot make a virtual environment here. On Debian: apt-get install python3-venv"; exit 2; }
	@echo "Installing the pinned dependencies into $(VENV), once: half a minute or one with a fast line (90 MB to fetch), longer with a slow one"
	@$(BIN)/python .ci/install.py requirements-dev.lock .
	@touch $@

demo: $(READY) ## the axis with 95 nodes, the suite against the reference system, a report
	@$(BIN)/axisproof check --sut reference --no-input --seed 7

test: $(READY) ## all tests, with branch coverage
	@$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered
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

bench: $(READY) ## ratios within one run, on this machine; BENCH='--quick --only a,c' narrows (adds to reports/bench)
	@$(BIN)/python -m loadtests.bench $(BENCH)

crash: $(READY) ## 200 kill -9 under load, then the account; writes reports/crash (CRASH='--kills 30' to try)
	@$(BIN)/python -m loadtests.crash $(CRASH)

proof: $(READY) ## every mutant, null system and seed; writes reports/proof (resumes where it stopped)
	@$(BIN)/python -m conformance.proof

samples: $(READY) ## real report samples for the docs
	@rm -rf build/sample build/sample-load build/sample-chapters build/sample-mutant build/sample-browser && mkdir -p build $(SAMPLES)
	@$(BIN)/axisproof --lang en check --sut reference --no-input --seed 7 --out build/sample
	@# The report of everything is too big for the repository: its picture is kept, and the report of one chapter.
	@$(BIN)/axisproof --lang en check --sut reference $(SAMPLE_CHAPTERS) --no-input --seed 7 \
	  --out build/sample-chapters >build/sample-chapters.txt; test $$? -eq 3 || { cat build/sample-chapters.txt; exit 1; }
	@$(BIN)/axisproof --lang en check --sut reference:first-attachment-only --only receiving --no-input --seed 7 \
	  --out build/sample-mutant >build/sample-mutant.txt; test $$? -eq 1 || { cat build/sample-mutant.txt; exit 1; }
	@cp build/sample/junit.xml build/sample/result.json build/sample-chapters/report.html $(SAMPLES)/
	@cp build/sample-mutant/report.html $(SAMPLES)/report-mutant.html
	@$(BIN)/axisproof --lang en lint $(SAMPLE_PACKETS) >$(SAMPLES)/lint.txt; test $$? -eq 1
	@$(BIN)/axisproof --lang en lint --format json $(SAMPLE_PACKETS) >$(SAMPLES)/lint.json; test $$? -eq 1
	@$(BIN)/axisproof --lang en load morning-peak --scale 10 --duration 120 --out build/sample-load >build/sample-load.txt || { cat build/sample-load.txt; exit 1; }
	@cp build/sample-load/report.html $(SAMPLES)/report-load.html
	@if command -v $(CHROMIUM) >/dev/null; then for each in sample:report sample-load:report-load; do \
	  $(CHROMIUM) --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
	    --disable-component-update --disable-sync --hide-scrollbars --window-size=1280,1500 --user-data-dir=build/sample-browser \
	    --screenshot=$(SAMPLES)/$${each#*:}.png file://$(CURDIR)/build/$${each%:*}/report.html >/dev/null 2>&1; done; \
	else echo "no $(CHROMIUM) here: the pictures stay as they are"; fi
	@rm -rf build/sample-browser; ls -l $(SAMPLES)
	@big=$$(find $(SAMPLES) -type f -size +2999999c); test -z "$$big" || { echo "too big for the repository (3 MB): $$big"; exit 1; }

tables: $(READY) ## docs/checks.md and docs/checks.vi.md: what each check costs, because of which sentence
	@$(BIN)/python -m conformance.prices docs

locale: ## what the command line library says, in Vietnamese (needs msgfmt of Debian's gettext)
	@msgfmt --output-file=simulator/locale/vi/LC_MESSAGES/click.mo simulator/locale/vi/LC_MESSAGES/click.po

PIN = $(LOCKER)/bin/uv --no-config pip compile --quiet $(LOCK) --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --python $(LOCKER)/bin/python --no-python-downloads

lock: ## pin again (maintainers): hashes, no addresses; keeps the versions that may stay, LOCK=--upgrade takes new ones
	@$(PYTHON) -m venv --clear $(LOCKER)
	@$(LOCKER)/bin/python .ci/install.py requirements-tool.lock
	@$(PIN) --group lock --output-file requirements-tool.lock
	@$(PIN) --extra dev --output-file requirements-dev.lock pyproject.toml
	@$(PIN) --constraints requirements-dev.lock --output-file requirements.lock pyproject.toml

wheel: $(READY) ## build the distribution
	@$(BIN)/python -m build --no-isolation --wheel
