# `make` lists the targets. All of them use .venv, which is created if it is missing.

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The tests start a thousand Python processes; without cached bytecode, each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check format generated docs docs-serve mutants clean

help: ## show this help
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

# The stamp is newer than pyproject.toml once all dependencies are installed.
.venv/ready: pyproject.toml
	@echo "Setting up .venv (once; it takes a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "spec2bdd needs Python 3.11 or newer: try make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

.venv/docs: .venv/ready
	@$(BIN)/python -m pip install --quiet --group docs
	@touch $@

demo: .venv/ready ## see spec2bdd at work on three specs
	@$(BIN)/python examples/demo.py

test: .venv/ready ## run all tests
	$(BIN)/python -m pytest -n auto

check: .venv/ready docs ## run the whole gate: format, lint, types, docs, our own specs, tests with coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/spec2bdd verify --check -j auto
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

format: .venv/ready ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

generated: .venv/ready ## update the generated pages of docs/, and the output in docs/tutorial.md
	$(BIN)/python docs/scripts/generate.py

docs: .venv/docs ## build the documentation into build/site, with all links checked
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

docs-serve: .venv/docs ## show the documentation at http://127.0.0.1:8000 while you edit it
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve

mutants: .venv/ready ## run mutation tests of the code that judges (an hour)
	$(BIN)/python -m pip install --quiet --group mutants
	SPEC2BDD_EXAMPLES=20 $(BIN)/python -m mutmut run
	$(BIN)/python benchmarks/mutants.py

clean: ## remove .venv, build/ and all caches
	rm -rf .venv build mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* .spec2bdd
