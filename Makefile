# Pilotage: `make run` starts everything, `make test` checks everything. The README says more.

.POSIX:
.SUFFIXES:
.PHONY: install run demo test bench kills words lock browser clean

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
# The command, for this checkout, from wherever it is called.
COMMAND = echo "$(CURDIR)" >"$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')/pilotage.pth"; \
	printf '\#!/bin/sh\nexec "$$(dirname "$$(readlink -f "$$0")")/python" -m workers.command "$$@"\n' >$(BIN)/pilotage; chmod +x $(BIN)/pilotage
MEGABYTES_NEEDED = 1000
SYSTEM_POSTGRES = /usr/lib/postgresql/15/bin

install: $(VENV)/.run-installed

run: install
	@$(BIN)/python -m workers.command up

# A made-up company to look around in, on a data folder of its own.
demo: install
	@$(BIN)/python -m workers.command demo

test: $(VENV)/.test-installed browser
	@echo "== Style: ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "== Types: mypy"
	@$(BIN)/mypy
	@echo "== Rules, database, web, workers: pytest on the embedded PostgreSQL"
	@$(BIN)/python -m pytest tests --ignore tests/browser -n 2 --cov --cov-report=term
	@if [ -x $(SYSTEM_POSTGRES)/postgres ]; then \
		echo "== Actions and queries again: pytest on this machine's PostgreSQL 15"; \
		PILOTAGE_TEST_POSTGRES=system $(BIN)/python -m pytest tests/*/test_*_actions.py tests/*/test_*_queries.py tests/survival/test_survival.py -n 2; \
	fi
	@echo "== Browser: pytest"
	@$(BIN)/python -m pytest tests/browser

bench: $(VENV)/.test-installed
	@$(BIN)/python -m tests.benchmarks $(if $(ACTIVITIES),--activities $(ACTIVITIES))

# Kills every part under load, at moments that a seed decides: up to five minutes a server. SEED=… repeats a trial.
kills: $(VENV)/.test-installed
	@$(BIN)/python -m tests.survival

# Brings the locked versions up to date: versions and hashes only, whatever index they were asked of.
lock: $(BIN)/python
	@$(PIP) install uv==0.13.8
	@$(LOCK) --upgrade --output-file requirements.lock pyproject.toml
	@$(LOCK) --upgrade --constraint requirements.lock --extra test --output-file requirements-test.lock pyproject.toml

# Collects every text that a person reads, for translators: one catalogue a language under web/locale.
words: $(VENV)/.run-installed
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keywords _ --keywords _counted:1,2 --sort-by-file --no-location --omit-header \
		--output-file web/locale/pilotage.pot program cohorts playbooks web workers

# Removes what can be made again. Your data in .pilotage stay.
clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.run-installed: requirements.lock $(BIN)/python
	@echo "== Installing what Pilotage is made of (about a minute, only when it changes)"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(COMMAND)
	@touch $@

$(VENV)/.test-installed: requirements-test.lock $(BIN)/python
	@echo "== Installing what the tests need (only when it changes)"
	@$(PIP) install --require-hashes --requirement requirements-test.lock
	@$(COMMAND)
	@touch $@

$(BIN)/python:
	@free=$$(df -Pk . | awk 'NR == 2 { print int($$4 / 1024) }'); \
	if [ "$$free" -lt $(MEGABYTES_NEEDED) ]; then \
		echo "Only $$free MB are free in this folder, and Pilotage needs $(MEGABYTES_NEEDED) to install itself. Make room first." >&2; exit 1; \
	fi; \
	for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Pilotage needs Python 3.11 or newer; here is $$(python3 --version 2>/dev/null || echo none)." >&2; \
		echo "On Debian or Ubuntu: apt install python3 python3-venv. Another one: make PYTHON=/path/to/python3.12 run" >&2; exit 1; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$python lacks its venv module. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; \
	fi; \
	echo "== Making $(VENV) with $$($$python --version)"; \
	$$python -m venv --clear $(VENV)

# A browser for the tests: this machine's, else Debian's where we may install it, else Playwright's own.
browser: $(VENV)/.test-installed
	@if command -v chromium || command -v chromium-browser || command -v google-chrome; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
		echo "== Installing Debian's chromium for the browser tests"; \
		$$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends chromium && exit 0; \
	fi; \
	echo "== Installing Playwright's chromium for the browser tests"; \
	$(BIN)/python -m playwright install chromium || { \
		echo "There is no browser for the tests. On Debian: apt install chromium" >&2; exit 1; \
	}
