# Everything a person or a build machine runs. Needs: make, Python 3.11 or newer.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# What Python has compiled is kept, whatever the machine is set to: tests start some hundred processes.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help setup run serve test lint format bench bench-peers lock schemas readme

VENV := .venv
LULL := $(VENV)/bin/lull
SAMPLE := aleppo-2016-10

help: ## list what can be run
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 20

setup: ## make or refresh .venv from the lock; does nothing when it is current
	@scripts/setup dev
	@scripts/browser

run: ## set up, then plan the sample pause of Aleppo and say where the report lies
	@scripts/setup run
	@$(LULL) plan samples/$(SAMPLE) --out out/$(SAMPLE)

serve: ## set up, then start the operations room on this machine with the sample pause
	@scripts/setup run
	@scripts/browser || true
	@$(LULL) serve --sample=samples/$(SAMPLE)

test: ## set up everything, then lint and run all tests
	@scripts/services & services=$$!; LULL_COMPILE_AHEAD=no scripts/setup bench && wait $$services
	@scripts/browser & fetched=$$!; scripts/compile_ahead & compiled=$$!; \
	    scripts/check && wait $$fetched && wait $$compiled
	@scripts/test

lint: ## ruff, mypy and the import contract
	@scripts/setup dev
	@scripts/check

format: ## mend what ruff can mend, and lay out the code
	@scripts/setup dev
	@$(VENV)/bin/ruff check --fix lull tests scripts bench
	@$(VENV)/bin/ruff format lull scripts bench

bench: ## the four sizes beside their targets, streets and matrices; 80 minutes; RECORD=1 keeps the runs
	@scripts/setup dev
	@$(VENV)/bin/python -m bench $(if $(RECORD),--record)

bench-peers: ## quick look at lull beside PyVRP and OR-Tools routing; bench/peers/README.md has the whole
	@scripts/setup bench
	@$(VENV)/bin/python -m bench.peers m-free-1 --seconds 5 --seeds 2

lock: ## renew requirements*.lock from pyproject.toml
	@scripts/setup dev
	@scripts/lock

schemas: ## rewrite docs/reference/ from the code
	@scripts/setup dev
	@$(VENV)/bin/python -m scripts.reference

readme: ## rewrite the figures and the picture in README.md from a run
	@scripts/setup dev
	@$(VENV)/bin/python -m scripts.readme_figures
