# Two commands: `make demo` and `make test`. Both make .venv first, from locks with hashes; both may be run again at will.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIN := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

# Tests are made over when they are imported, which takes longer than many a test: what was made is kept for the next start.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test clients lint types contracts unit coverage lab postgresql nightly docs lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# A stamp holds the hashes of what was installed from, so that a changed lock installs again and an unchanged one costs nothing.
$(VENV)/run.stamp: requirements.lock docker/build.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is wanted, found $$($(PYTHON) --version 2>&1); set PYTHON=…" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@# What comes as source only is made with the tools of the first lock: nothing is fetched for that which no lock pins.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement docker/build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@# Byte code is written here, because some machines forbid Python to write it when it imports.
	@$(BIN)/python -m compileall -q engine simulators harness
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@touch $@

demo: $(VENV)/run.stamp ## play the stories on loopback: bundles, boxes, a month of files, a night of outages, an audit
	@$(BIN)/headend demo

test: clients lint types contracts unit lab postgresql ## everything that is checked, as CI checks it

CLIENTS := curl lftp
APT := DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20

# Nothing is installed but by root on a Debian, as in CI; elsewhere the tests that want them are skipped.
clients: ## programs that are not ours, to drive our FTP server with
	@missing=$$(for one in $(CLIENTS); do command -v $$one > /dev/null || printf '%s ' $$one; done); \
	if [ -n "$$missing" ] && ! { [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && $(APT) update \
		&& $(APT) install --yes --no-install-recommends $$missing > /dev/null; }; \
	then echo "Missing: $${missing% }. The tests that want them say so, and are skipped." >&2; fi

lint: $(VENV)/dev.stamp ## ruff and codespell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

types: $(VENV)/dev.stamp ## mypy, strict
	$(BIN)/mypy

contracts: $(VENV)/dev.stamp ## who may import whom
	$(BIN)/lint-imports

unit: $(VENV)/dev.stamp ## all tests, the labs in process
	$(BIN)/python -m pytest -n 2

coverage: $(VENV)/dev.stamp ## the same, and what of the code they reach; takes longer
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term

lab: $(VENV)/dev.stamp ## the features again, on real sockets and through responses
	$(BIN)/python -m pytest -n 2 tests/test_features.py --lab-mode=sockets
	$(BIN)/python -m pytest -n 2 tests/test_features.py --lab-mode=responses -m "not files"

# What is left out of tests/engine never comes near that database, or asks it nothing that the others do not: every statement
# of these is a statement of some other test that is run here, and nothing in them happens at the same time.
PURE := $(addprefix %/test_,tables.py clock.py settings.py commands.py migrate_command.py stopping.py)
ASKED_BY_OTHERS := api/test_tokens api/test_tucano \
	$(addprefix service/test_,authenticate conax_configured configure connection_to_folders difference distribution \
		icareus irdeto mail_in_files not_effective registered sending utilities)
ON_POSTGRESQL := tests/engine/api tests/engine/convergence tests/engine/service tests/engine/store tests/test_features.py \
	$(filter-out $(PURE),$(wildcard tests/engine/test_*.py)) \
	--ignore=tests/engine/api/test_openapi_fuzz.py --ignore-glob='*/api/test_refused_*.py' \
	$(ASKED_BY_OTHERS:%=--ignore=tests/engine/%.py)

postgresql: $(VENV)/dev.stamp ## the engine's tests and the features again, on a PostgreSQL that is started for them
	$(BIN)/python -m pytest -n 2 --database=postgresql $(ON_POSTGRESQL)

HISTORIES ?= 100000

nightly: $(VENV)/dev.stamp ## many random histories on all processors; HISTORIES=… says how many, SEED=… which
	$(BIN)/python -m tests.engine.convergence.nightly --histories $(HISTORIES) $(if $(SEED),--seed $(SEED))

docs: $(VENV)/dev.stamp ## write the generated tables and diagrams into docs/ again
	$(BIN)/python -m harness.docs

lock: $(VENV)/dev.stamp ## pin what pyproject.toml asks for (needs uv)
	$(PIN) --group pyproject.toml:build --output-file requirements.lock pyproject.toml
	$(PIN) --constraint requirements.lock --extra population --extra postgresql --extra pytest --group pyproject.toml:dev \
		--output-file requirements-dev.lock pyproject.toml
	$(PIN) --constraint requirements.lock --group pyproject.toml:build --output-file docker/build.lock
	$(PIN) --constraint requirements-dev.lock --extra postgresql --output-file docker/requirements.lock pyproject.toml

clean: ## remove what was made
	rm -rf $(VENV) .headend .hypothesis .mypy_cache .pytest_cache .ruff_cache .schemathesis .coverage*
