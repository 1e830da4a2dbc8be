# `make` lists the targets. All of them use .venv, which is created with the oldest supported Python if it is missing.
# With `PYTHON=python3.13`, each of them uses a virtual environment of that version in build/ instead.

ifdef PYTHON
INTERPRETER := $(shell .ci/pythons $(PYTHON))
ifndef INTERPRETER
$(error `$(PYTHON)` is no Python that can create a virtual environment: try one of `.ci/pythons`)
endif
VENV := build/venv-$(shell $(INTERPRETER) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
else
INTERPRETER = $(or $(firstword $(shell .ci/pythons)),python3)
VENV := .venv
endif
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The tests start a thousand Python processes; without cached bytecode, each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-newest static check coverage format generated docs docs-serve dist audit bench fuzz torture mutants mutants-sample challenge-own node-tools python-tools kit clean

help: ## show this help
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

# The stamp is newer than pyproject.toml once all dependencies are installed.
$(VENV)/ready: pyproject.toml
	@echo "Setting up $(VENV) (once; it takes a minute) ..."
	@[ -x $(BIN)/python ] || { \
		$(INTERPRETER) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "spec2bdd needs Python 3.11 or newer"; exit 1; }; \
		$(INTERPRETER) -m venv --clear $(VENV); \
	}
	@$(BIN)/python -m pip install -qq --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install -qq --editable . --group dev
	@touch $@

$(VENV)/docs: $(VENV)/ready
	@$(BIN)/python -m pip install -qq --group docs
	@touch $@

demo: $(VENV)/ready ## see spec2bdd at work on three specs
	@$(BIN)/python examples/demo.py

test: $(VENV)/ready ## run all tests
	$(BIN)/python -m pytest -n auto --dist worksteal

# The stamp is newer than the list once all tools are installed.
build/node/ready: .ci/node-tools
	@rm -rf build/node && mkdir -p build/node
	@npm install --silent --no-audit --no-fund --prefix build/node $$(grep -v '^#' .ci/node-tools)
	@touch $@

node-tools: build/node/ready ## install the tools of npm whose files we read, for the tests that run them

# They have dependencies of their own, so they get an environment of their own.
build/python-tools/ready: .ci/python-tools
	@rm -rf build/python-tools && $(INTERPRETER) -m venv build/python-tools
	@build/python-tools/bin/python -m pip install -qq --requirement .ci/python-tools
	@touch $@

python-tools: build/python-tools/ready ## install the tools of PyPI whose files we read, for the tests that run them

# So do those that the kit compares.
build/kit/ready: kit/requirements.txt
	@rm -rf build/kit && $(INTERPRETER) -m venv build/kit
	@build/kit/bin/python -m pip install -qq --requirement kit/requirements.txt
	@touch $@

kit: $(VENV)/ready build/kit/ready ## run the cases of kit/ with all tools, and write docs/traps.md (7 minutes)
	PYTHONPATH=$(CURDIR) nice $(BIN)/python docs/scripts/traps.py

test-newest: $(VENV)/ready ## run all tests on the newest supported Python, if it is not that of .venv
	@version='import sys; print("Python %d.%d" % sys.version_info[:2])'; \
	current=$$($(BIN)/python -c "$$version"); \
	newest=$$(.ci/pythons | tail -n 1); \
	if [ -z "$$newest" ] || [ "$$($$newest -c "$$version")" = "$$current" ]; then \
		echo "Skipped the tests on a second Python: $$current is the newest supported one on this machine"; \
	else \
		$(MAKE) --no-print-directory test PYTHON=$$newest; \
	fi

static: $(VENV)/ready ## check format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# What comes first uses one processor each.
check: $(VENV)/docs ## run the whole gate: format, lint, types, docs, our own specs, tests
	@$(MAKE) --no-print-directory --jobs=2 static docs
	$(BIN)/spec2bdd verify --check -j auto
	$(BIN)/python -m pytest -n auto --dist worksteal

coverage: $(VENV)/ready ## run all tests, and list the lines of spec2bdd that none of them runs
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

format: $(VENV)/ready ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

generated: $(VENV)/ready ## update the generated pages of docs/, and the output in docs/tutorial.md
	$(BIN)/python docs/scripts/generate.py

docs: $(VENV)/docs ## build the documentation into build/site, with all links checked
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

docs-serve: $(VENV)/docs ## show the documentation at http://127.0.0.1:8000 while you edit it
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve

dist: $(VENV)/ready ## build the wheel and the sdist of the last commit, and try the wheel on each Python (2 minutes)
	$(BIN)/python tools/dist.py

build/audit/ready: pyproject.toml
	@rm -rf build/audit && $(INTERPRETER) -m venv build/audit
	@build/audit/bin/python -m pip install -qq 'pip-audit>=2.9' || \
		{ echo "error: nothing was audited: pip-audit could not be installed" >&2; exit 1; }
	@touch $@

audit: build/audit/ready ## look up advisories on what spec2bdd depends on; needs pypi.org
	build/audit/bin/python tools/audit.py build/audit/bin/pip-audit

# The tools that are measured as well have dependencies of their own.
build/rivals/ready: benchmarks/requirements.txt
	@rm -rf build/rivals && $(INTERPRETER) -m venv build/rivals
	@build/rivals/bin/python -m pip install -qq --requirement benchmarks/requirements.txt
	@touch $@

bench: $(VENV)/ready build/rivals/ready ## measure side by side with other tools, and write docs/performance.md (30 minutes)
	$(BIN)/python benchmarks/bench.py $(BENCH)

# It has no wheel for some versions of Python and some systems; `make fuzz` does without it there.
build/atheris/ready: pyproject.toml
	@rm -rf build/atheris && $(INTERPRETER) -m venv build/atheris
	@build/atheris/bin/python -m pip install -qq --editable . atheris || rm -rf build/atheris/bin
	@touch $@

fuzz: $(VENV)/ready build/atheris/ready ## try random inputs for FUZZ_SECONDS (600) and summarize
	$(BIN)/python tools/fuzz --atheris build/atheris/bin/python

torture: $(VENV)/ready ## kill commands, fail their disk and run several at once for TORTURE_SECONDS (600) and summarize
	$(BIN)/python tools/torture

mutants: $(VENV)/ready ## run mutation tests of the code that reads and judges (an hour; goes on where it stopped)
	$(BIN)/python -m pip install -qq --group mutants
	$(BIN)/python tools/mutants/mutmut_report.py

mutants-sample: $(VENV)/ready ## change the code that writes and runs, 1,500 times at random (an hour; goes on where it stopped)
	nice -n 19 $(BIN)/python tools/mutants

# `challenge` remembers what it has found at the end of each spec, and when it is interrupted.
challenge-own: $(VENV)/ready ## put faults into spec2bdd, and see whether the steps of our own specs notice (15 minutes; goes on where it stopped)
	$(BIN)/spec2bdd run -j auto --quiet
	@status=0; for spec in specs/*.md; do nice $(BIN)/spec2bdd challenge $$spec -j auto || status=1; done; exit $$status

clean: ## remove .venv, build/ and all caches
	rm -rf .venv build dist mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* .spec2bdd
