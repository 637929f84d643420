# Everything a newcomer, a server and CI need; each target sets up what it needs.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DONE := .make
IS_ROOT := $(shell test "$$(id -u)" = 0 && echo yes)
# Of three workers on two cores one mostly waits: for a disk, a clock, a killed process.
WORKERS ?= 3
BROWSERS ?= 2
CLUSTER := haproxy pgbouncer patroni python3-etcd etcd-server etcd-client systemd libfaketime
CASES ?= 20000
SECONDS ?= 3600
ON_POSTGRES := tests/unit/history tests/unit/runtime tests/unit/clocks tests/unit/archive

# The suite starts Python some hundred times: each reads what the first has compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run run-cluster test check fix unit scenario e2e postgres packages bench conformance test-long test-faults lock browser frontend texts clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

$(DONE)/setup: requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "onething needs Python 3.11 or newer"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	mkdir -p $(DONE) && touch $@

setup: $(DONE)/setup ## make .venv with the onething command

run: setup ## serve http://127.0.0.1:8000 with demo data in ./data
	$(BIN)/onething serve --demo

run-cluster: CLUSTER := haproxy
run-cluster: setup packages ## serve http://127.0.0.1:8080 from a cluster on this machine, data in ./data-cluster
	$(BIN)/onething cluster

browser: ## Debian's Chromium and Chinese fonts for the browser tests (as root)
ifeq ($(IS_ROOT),yes)
	@if ! command -v chromium-headless-shell >/dev/null || ! fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-cjk fontconfig poppler-utils >/dev/null; fi
else
	@command -v chromium-headless-shell >/dev/null || echo "missing: chromium-headless-shell (browser tests will be skipped; as root: apt-get install chromium-headless-shell)"
	@fc-list 2>/dev/null | grep -qi 'noto.*cjk' || echo "missing: fonts-noto-cjk (as root: apt-get install fonts-noto-cjk)"
endif

postgres: ## Debian's PostgreSQL for the tests on it (as root)
ifeq ($(IS_ROOT),yes)
	@if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; fi
else
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo "missing: postgresql (its tests will be skipped; as root: apt-get install postgresql)"
endif

packages: postgres ## Debian's packages of a cluster: balancer, pooler, high availability (as root)
ifeq ($(IS_ROOT),yes)
	@dpkg -s $(CLUSTER) >/dev/null 2>&1 || { \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(CLUSTER) >/dev/null; }
else
	@for one in $(CLUSTER); do dpkg -s $$one >/dev/null 2>&1 || echo "missing: $$one (its tests will be skipped; as root: apt-get install $$one)"; done
endif

check: setup ## lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: setup ## format and mend what a tool can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

unit: setup ## unit and architecture tests
	$(BIN)/pytest -n $(WORKERS) tests/unit tests/arch

scenario: setup ## play every service's scenarios
	$(BIN)/pytest -n $(WORKERS) tests/scenario

e2e: setup browser ## act through the pages in a real browser
	$(BIN)/pytest -n $(BROWSERS) --dist loadfile --no-loadscope-reorder tests/e2e

test: setup browser packages check ## everything CI runs
	$(BIN)/pytest -n $(WORKERS) tests/unit tests/arch tests/scenario
	$(BIN)/pytest -n $(WORKERS) --dist loadfile tests/faults tests/cluster tests/deploy
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
	  echo '$(BIN)/pytest --postgres $(ON_POSTGRES)'; $(BIN)/pytest -n $(WORKERS) --postgres $(ON_POSTGRES); fi
	$(BIN)/pytest -n $(BROWSERS) --dist loadfile --no-loadscope-reorder tests/e2e

test-faults: setup packages ## a load through faults, and the proof of what came of it (CASES, SECONDS, SEED)
	cd tests && ../$(BIN)/python -m faults.run --cases $(CASES) --seconds $(SECONDS) $(if $(SEED),--seed $(SEED)) --json ../faults.json

test-long: setup packages ## the long property runs and fuzzing, and every throw-away database on PostgreSQL
	$(BIN)/pytest -m long tests
	$(BIN)/pytest -n $(WORKERS) --postgres tests/unit tests/scenario

bench: setup ## measure speed and memory; writes docs/performance.md
	PYTHONPATH=tests $(BIN)/python tests/bench/run.py $(ONLY)

conformance: setup ## the public BPMN cases, where they lie beside the checkout
	$(PYTHON) ../shared/conformance/run.py --engine cmd:"$(BIN)/python -m onething.testing.driver"

lock: ## pin the dependencies anew, with hashes
	uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11 pyproject.toml -o requirements/run.txt
	uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11 pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt

frontend: ## rebuild the vendor bundles from frontend/
	cd frontend && npm ci --ignore-scripts && npm run build

texts: setup ## collect the pages' texts for translation; prints those without English words
	$(BIN)/python frontend/texts.py

clean: ## remove what the targets made (not ./data)
	rm -rf $(VENV) $(DONE) build dist
