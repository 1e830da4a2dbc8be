"""The step modules of a project and queries in, answers and problems out, in a process that nothing else needs.

Started by `registry.py` in the project's folder: the question comes on standard input, and the answer goes into a file,
where nothing that a step module prints can get in its way.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from behave import step_registry
from behave.matchers import get_step_matcher_factory

from spec2bdd.model import StepQuery
from spec2bdd.running.choosing import choose_patterns
from spec2bdd.running.definitions import Definitions, adopt_registry
from spec2bdd.running.facts import Facts
from spec2bdd.running.faults import describe_fault
from spec2bdd.running.loading import Announce, load_hooks, load_steps
from spec2bdd.running.touching import Touched
from spec2bdd.running.unused import find_unused


def main(args: list[str]) -> int:
    """Load the steps of the folder `args[0]`, and write to the file `args[1]` what a question is answered by."""
    question = json.loads(sys.stdin.read())
    asked = question["queries"]
    queries = [StepQuery(kind, text, tuple(patterns), matcher) for kind, text, patterns, matcher in asked]
    definitions = adopt_registry(step_registry.registry)
    touched = Touched()
    touched.watch()
    with Path(args[1]).open("w", encoding="utf-8") as answer:
        load_project(Path.cwd() / args[0], definitions, lambda path: _write(answer, {"loading": path}))
        problems = [describe_fault(problem) for problem in definitions.problems]
        read = touched.describe()
        patterns = list(choose_patterns(definitions.steps, queries))
        wanted = [(query.kind, query.text) for query in queries]
        unused = list(find_unused(definitions.steps, wanted, features=question["features"]))
        # Behave goes back to it after each step file; a hook file may have chosen another one than usual.
        matcher = get_step_matcher_factory().current_matcher.NAME
        facts = {"problems": problems, "patterns": patterns, "unused": unused, "matcher": matcher, "read": read}
        _write(answer, facts)
    return 0


def load_project(steps: Path, definitions: Definitions, announce: Announce) -> None:
    """Load hooks and step modules as Behave does, but each on its own.

    `announce` is called with the path of each file before it is run.
    """
    sys.path[:0] = list(dict.fromkeys([str(Path.cwd()), str(steps.parent)]))
    environment = steps.parent / "environment.py"
    if environment.is_file():
        load_hooks(environment, {}, definitions=definitions, announce=announce)
    load_steps([steps], definitions=definitions, announce=announce)


def _write(answer: Any, facts: Facts) -> None:
    """Write one line of the answer, at once: the next thing to run is not ours."""
    answer.write(json.dumps(facts) + "\n")
    answer.flush()
