# The developer's whole manual. Each target makes its own set-up; nothing has to be done first.

PYTHON := .venv/bin/python
PORT ?= 8080

.DEFAULT_GOAL := help
.PHONY: help demo test check format build words look bench drills clean

help: ## say what can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## serve a lively publication on 127.0.0.1 (PORT=8080)
	@scripts/setup demo
	@.venv/bin/rejoinder demo --port $(PORT)

test: ## run the tests (ARGS="tests/comments -k closed")
	@scripts/setup test
	@$(PYTHON) scripts/assets.py packages
	@$(PYTHON) -m pytest -n 2 $(ARGS)

check: lint types contracts gates bundle catalogues ## what CI runs before the tests (make -k check: don't stop at the first fault)

.PHONY: ready lint types contracts gates bundle catalogues
ready:
	@scripts/setup dev
lint: ready
	$(PYTHON) -m ruff check --output-format=concise .
	$(PYTHON) -m ruff format --check --output-format=concise .
types: ready
	$(PYTHON) -m mypy
contracts: ready
	.venv/bin/lint-imports --no-logo
gates: ready
	$(PYTHON) scripts/gates
bundle: ready
	$(PYTHON) scripts/assets.py types
catalogues: ready
	$(PYTHON) scripts/words.py check

format: ready ## put the code into the form that check asks for
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

build: ready ## bundle frontend/ and compile the catalogues again

words: ready ## gather what readers see into the message catalogues
	@$(PYTHON) scripts/words.py update

look: ready ## take the pictures in docs/look/ again, from the demo
	@$(PYTHON) scripts/screens.py $(ARGS)

bench: ## measure ourselves beside nginx and a peer (ARGS=…)
	@scripts/setup bench
	@$(PYTHON) -m bench $(ARGS)

drills: ## kill, fill, stall, restart and pester a server, move a WordPress in, and look at what it kept
	@scripts/setup drills
	@REJOINDER_FUZZ_CALLS=600 REJOINDER_FUZZ_LEAST=20000 REJOINDER_SLOW_CLIENTS=1000 \
		$(PYTHON) -m pytest tests/drills tests/security/test_fuzz.py tests/security/test_slow.py $(ARGS)

clean: ## take away what the other targets made
	@rm -rf .venv frontend/node_modules tests/provider/node_modules src/rejoinder/web/static .mypy_cache .ruff_cache .pytest_cache
	@find src -name '*.mo' -delete
