# Baraza. `make demo` shows it, `make test` runs every check; `make help` lists the rest.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
WITH_TOOLS := PATH="$(CURDIR)/$(BIN):$$PATH"

.NOTPARALLEL:
.PHONY: help demo install test check bench bench-votes bench-pace bench-join bench-growth bench-hour bench-opening bench-rooms system requirements

help:
	@echo 'make demo          install and start a sample session with a simulated audience (PORT=8000)'
	@echo 'make install       install into .venv; then .venv/bin/baraza serve'
	@echo 'make test          install what the checks need and run all of them'
	@echo 'make check         the quick part: style, types, layers'
	@echo 'make bench         one change to everybody, beside peers (two cores, four minutes)'
	@echo 'make bench-votes   votes in, acknowledged, by kind of log, beside an echo (two cores, two minutes)'
	@echo 'make bench-pace    how long a vote takes to the other screens, by people and votes a second (two cores, two minutes)'
	@echo 'make bench-join    memory a connection, and everybody at once (two cores, a minute)'
	@echo 'make bench-growth  what an entry and a flush cost as a session grows; long logs, two workers (two cores, a minute)'
	@echo 'make bench-hour    the bytes of an hour (one core, ten seconds)'
	@echo 'make bench-opening what it costs to open a log of 100,000 entries, with a snapshot and without (two cores, a minute)'
	@echo 'make bench-rooms   plans of breakout rooms beside a random shuffle and a greedy one (one core, half a minute)'
	@echo 'make requirements  pin the dependencies again after pyproject.toml changed (needs uv)'

demo: $(VENV)/.installed
	@$(BIN)/baraza demo

install: $(VENV)/.installed

test: system $(VENV)/.installed-dev node_modules/.installed
	@$(WITH_TOOLS) sh tests/tools/checks.sh all

check: $(VENV)/.installed-dev node_modules/.installed
	@$(WITH_TOOLS) sh tests/tools/checks.sh quick

bench: $(VENV)/.installed-dev
	@$(WITH_TOOLS) $(BIN)/python -m tests.bench $(BENCH)

bench-votes bench-pace bench-growth bench-hour bench-opening: bench-%: $(VENV)/.installed-dev
	@$(WITH_TOOLS) $(BIN)/python -m tests.bench.$* $(BENCH)

bench-join: $(VENV)/.installed-dev
	@$(WITH_TOOLS) $(BIN)/python -m tests.bench.joining $(BENCH)

bench-rooms: $(VENV)/.installed-dev
	@$(WITH_TOOLS) $(BIN)/python -m tests.bench.seating $(BENCH)

system:
	@sh tests/tools/system.sh

$(VENV)/.made:
	@python=$$(sh tests/tools/python.sh) && "$$python" -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.txt pyproject.toml
	@echo 'Installing Baraza into $(VENV) (once) ...'
	@$(PIP) install --quiet --require-hashes -r requirements.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo 'Installing the tools of the checks into $(VENV) (once) ...'
	@$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/.installed: $(VENV)/.installed-dev package.json package-lock.json tests/tools/requirements-node.txt
	@$(WITH_TOOLS) sh tests/tools/node.sh
	@$(WITH_TOOLS) npm ci --no-update-notifier --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

PIN := $(WITH_TOOLS) uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q $(UPGRADE)

requirements:
	@$(WITH_TOOLS) command -v uv >/dev/null || { echo 'Pinning needs uv: $(PIP) install uv' >&2; exit 1; }
	$(PIN) --group build pyproject.toml -o requirements.txt
	$(PIN) --group dev pyproject.toml -o requirements-dev.txt
	$(PIN) --group node -o tests/tools/requirements-node.txt
