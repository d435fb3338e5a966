# Tingsu: the commands of everyday work. `make` alone lists them.
SHELL := /bin/bash
UV := python3 -m uv
RUN := $(UV) run --frozen

.DEFAULT_GOAL := help
.PHONY: help uv setup up check format lint types imports test test-all races e2e desk-tests danger migration env-example

help: ## List these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

uv:
	@python3 -m uv --version >/dev/null 2>&1 || python3 -m pip install --quiet --root-user-action=ignore uv

setup: uv ## Install everything that uv.lock names
	@$(UV) sync --frozen --quiet

up: setup ## Start everything and print the address to open
	@$(RUN) --no-sync tingsu up

check: setup format lint types imports test ## Format, lint, types, import contracts, tests

format: ## Is the code formatted?
	$(RUN) ruff format --check .

lint: ## Ruff
	$(RUN) ruff check .

types: ## mypy, strict
	$(RUN) mypy

imports: ## Import contracts
	$(RUN) lint-imports

# tests/bot loads small projects of its own: by itself, as Rasa finds actions by their class wherever they were imported.
test: setup ## All tests but the long ones
	$(RUN) pytest tests/bot -m "not soak"
	$(RUN) pytest tests --ignore tests/bot -m "not soak" -n 2 --dist loadfile

test-all: setup ## All tests
	$(RUN) pytest

races: setup ## Every race of the message path, kills and a storm, with figures (25 minutes)
	$(RUN) python -m tests.races

e2e: setup ## Whole conversations in both languages, with what they never reached (E2E="-k … -v --people")
	$(RUN) python -m tests.e2e $(E2E)

desk-tests: setup ## The staff desk: access, pages, a real browser
	$(RUN) pytest tests/desk

danger: setup ## Learn the shipped model of dangers anew, after a change in data/emergency (a minute)
	$(RUN) python -m understanding.danger_learning

env-example: ## Write .env.example anew from the settings
	$(RUN) python -c "from app.settings import example; print(example(), end='')" > .env.example
