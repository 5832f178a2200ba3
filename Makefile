# The developer's whole manual. Each target makes its own set-up; nothing has to be done first.

PYTHON := .venv/bin/python
PORT ?= 8080

.DEFAULT_GOAL := help
.PHONY: help demo test check format build words bench drills clean

help: ## say what can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## serve a lively publication on 127.0.0.1 (PORT=8080)
	@scripts/setup demo
	@.venv/bin/rejoinder demo --port $(PORT)

test: ## run the tests (ARGS="tests/comments -k closed")
	@scripts/setup test
	@$(PYTHON) scripts/assets.py packages
	@$(PYTHON) -m pytest -n 2 $(ARGS)

check: ## lint, types, import contracts, our own gates: what CI runs before the tests
	@scripts/setup dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-logo
	$(PYTHON) scripts/gates
	$(PYTHON) scripts/assets.py types
	$(PYTHON) scripts/words.py check

format: ## put the code into the form that check asks for
	@scripts/setup dev
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

build: ## bundle frontend/ and compile the catalogues again
	@scripts/setup dev

words: ## gather what readers see into the message catalogues
	@scripts/setup dev
	@$(PYTHON) scripts/words.py update

bench: ## measure ourselves beside nginx and a peer (ARGS=…)
	@scripts/setup bench
	@$(PYTHON) -m bench $(ARGS)

drills: ## kill, fill, stall and restart a server and look at what it kept
	@scripts/setup test
	@$(PYTHON) -m pytest tests/drills $(ARGS)

clean: ## take away what the other targets made
	@rm -rf .venv frontend/node_modules src/rejoinder/web/static .mypy_cache .ruff_cache .pytest_cache
	@find src -name '*.mo' -delete
