# Targets that a person or CI calls. Each installs what it needs into .venv/ first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export NO_MKDOCS_2_WARNING := 1
export DISABLE_MKDOCS_2_WARNING := true

.PHONY: site serve test fuzz bench bench-reports bench-search bench-trust lint types lock schema clean

site: $(VENV)/.site
	sh .ci/pdf.sh
	$(BIN)/gongkai build --strict

serve: $(VENV)/.site
	$(BIN)/gongkai serve

# hundreds of tests start the command anew: it must not be compiled each time
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.dev lint types
	sh .ci/pdf.sh
	sh tests/browser/install.sh
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
	$(BIN)/gongkai schema --check
	$(BIN)/gongkai check --strict --quiet
	$(BIN)/gongkai build --strict
	$(BIN)/gongkai verify

FUZZ_SECONDS ?= 60
FUZZ_SEED ?=
fuzz: $(VENV)/.dev
	$(BIN)/python tests/fuzz/run.py --seconds $(FUZZ_SECONDS) $(if $(FUZZ_SEED),--seed $(FUZZ_SEED))

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

bench: $(VENV)/.dev requirements-bench.lock
	$(BIN)/python -m pip install -q --require-hashes -r requirements-bench.lock
	$(BIN)/python tests/bench/bench.py

bench-reports: $(VENV)/.dev
	$(BIN)/python tests/bench/reports.py

bench-search: $(VENV)/.dev requirements-bench.lock
	$(BIN)/python -m pip install -q --require-hashes -r requirements-bench.lock
	sh tests/browser/install.sh
	$(BIN)/python tests/bench/search/run.py

bench-trust: $(VENV)/.dev
	$(BIN)/python tests/bench/trust.py

schema: $(VENV)/.site
	$(BIN)/gongkai schema

# The locks hold hashes for every platform; uv is needed to write them, not to use them.
lock:
	for set in ":install" "-dev:install dev" "-bench:bench"; do \
	  file=requirements$${set%%:*}.lock; \
	  echo "# Written by \`make lock\` from pyproject.toml; do not edit." > $$file; \
	  uv pip compile pyproject.toml $$(for extra in $${set#*:}; do printf -- '--extra %s ' $$extra; done) \
	    --generate-hashes --universal --python-version 3.11 --no-header --no-annotate -q >> $$file; \
	done

clean:
	rm -rf build .venv

$(VENV)/.venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.site: requirements.lock pyproject.toml | $(VENV)/.venv
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.site
	$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.lock
	touch $@
