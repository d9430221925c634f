# `make` lists what can be done. The environment is made by uv from uv.lock, in .venv, on Python 3.10.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
UV := .uvenv/bin/uv
PYTHON := .venv/bin/python
TESTS ?= tests
WORKERS ?= 2
FOLDS ?= 3
RASA := BOT_ALLOW_SAMPLES=1 $(PYTHON) -m bot.brain.quiet_rasa
export UV_NO_PROGRESS := 1

.PHONY: help setup run train validate status test lint types unit bench evaluate rasatest pictures fmt clean

help: ## list the targets
	@echo "make TARGET"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup: .venv/.ready ## make the environment

run: export BOT_ALLOW_SAMPLES ?= 1
run: export BOT_REST_LOOPBACK ?= 1
run: setup ## start the whole desk as a demonstration, and print the addresses
	@exec $(PYTHON) -m bot run

train: export BOT_ALLOW_SAMPLES ?= 1
train: setup ## train the model, if what it is trained from has changed
	@$(PYTHON) -m bot train

validate: setup ## check the catalogue, then the training data and rules as Rasa sees them
	@$(PYTHON) -m bot validate
	@$(RASA) data validate --quiet --fail-on-warnings

status: setup ## tell how each part is
	@$(PYTHON) -m bot status

test: lint types unit ## everything that must hold: lint, types, all tests

lint: setup ## look for mistakes and for what is not formatted
	@echo "lint"
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check . || { echo "not formatted; make fmt does it:"; .venv/bin/ruff format --check . ; exit 1; }

types: setup ## check the types
	@echo "types"
	@.venv/bin/mypy

unit: train ## run the tests, two files at a time; TESTS=tests/desk for some of them, WORKERS=0 for one at a time
	@echo "tests"
	@$(PYTHON) -m pytest -m "not bench" -n $(WORKERS) --dist loadfile $(TESTS)

bench: setup ## measure: latency, turns a second, memory, beside a plain Rasa bot; minutes
	@for module in $$(grep -l "^def main" tests/bench/*.py); do \
	  name=$$(basename $$module .py); echo "== $$name"; $(PYTHON) -m tests.bench.$$name; done

evaluate: setup ## ask the labelled questions through the whole desk; ARGS=--quick without processes, ARGS=--help for more
	@$(PYTHON) -m tests.evaluation $(ARGS)

rasatest: train ## Rasa's own tests: `test core`, then `test nlu` with FOLDS=3 for cross-validation; minutes
	@$(RASA) test core --stories tests/conversations --out results/core --no-plot --fail-on-prediction-errors
	@$(RASA) test nlu --nlu data/nlu --cross-validation --folds $(FOLDS) --out results/nlu --no-plot

pictures: setup ## take the pictures of the manual for staff anew; a minute
	@MANUAL_PICTURES=1 $(PYTHON) -m pytest -q tests/browser/test_desk_end_to_end.py tests/browser/test_console.py

fmt: setup ## format the code and mend what can be mended
	@.venv/bin/ruff check --quiet --fix . || true
	@.venv/bin/ruff format --quiet .

clean: ## remove environment, models and caches; var/ with its database stays
	@rm -rf .venv .uvenv .rasa .cache models results artefacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

.venv/.ready: uv.lock .python-version | $(UV)
	@echo "environment: installing what uv.lock names (half a minute the first time) ..."
	@$(UV) sync --frozen --quiet || { \
	  echo "The environment could not be made. Needed: Python $$(cat .python-version) (python3.10, or pyenv with"; \
	  echo "a 3.10 version installed) and a package index that pip can reach."; exit 1; }
	@touch $@

$(UV):
	@command -v python3 >/dev/null || { echo "Needed: python3, to install uv with."; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "python3 has no venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "environment: installing uv $(UV_VERSION) ..."
	@python3 -m venv .uvenv
	@.uvenv/bin/python -m pip install -qq --disable-pip-version-check uv==$(UV_VERSION)
