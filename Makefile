# `make` prints what there is to make. Everything happens in .venv, which is made when it is missing.

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where Python may not keep what it has compiled, each of the thousand that the tests start compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check format picture mutants clean

help: ## print this help
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "  make %-9s %s\n", $$1, $$2}'

# The stamp is newer than pyproject.toml once everything that it names is installed.
.venv/ready: pyproject.toml
	@echo "Setting up .venv (once; it takes a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "spec2bdd needs Python 3.11 or newer: try make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

demo: .venv/ready ## watch the boxes of three real specs become true
	@$(BIN)/python examples/demo.py

test: .venv/ready ## run all tests
	$(BIN)/python -m pytest -n auto

check: .venv/ready ## the whole gate: format, lint, types, tests with coverage, our own specs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/spec2bdd verify --check -j auto
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

format: .venv/ready ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

picture: .venv/ready ## bring docs/verify.svg, docs/findings.md, docs/phrasing.md and the output in docs/tutorial.md up to date
	$(BIN)/python docs/findings.py
	$(BIN)/python docs/phrasing.py
	$(BIN)/python docs/picture.py
	$(BIN)/python docs/replay.py

mutants: .venv/ready ## change the code that judges in thousands of ways, and report what no test notices (an hour)
	$(BIN)/python -m pip install --quiet --group mutants
	SPEC2BDD_EXAMPLES=20 $(BIN)/python -m mutmut run
	$(BIN)/python benchmarks/mutants.py

clean: ## remove .venv and all caches
	rm -rf .venv mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* .spec2bdd
