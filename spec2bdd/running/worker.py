"""The step modules of a project and queries in, answers and problems out, in a process that nothing else needs.

Started by `registry.py` in the project's folder: the question comes on standard input, and the answer goes into a file,
where nothing that a step module prints can get in its way.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from behave import step_registry
from behave.matchers import use_current_step_matcher_as_default, use_default_step_matcher, use_step_matcher
from behave.runner_util import exec_file
from behave.step_registry import AmbiguousStep, setup_step_decorators

from spec2bdd.model import StepQuery
from spec2bdd.running.choosing import choose_patterns
from spec2bdd.running.facts import Facts, clean_text, describe_error


def main(args: list[str]) -> int:
    """Load the steps of the folder `args[0]`, and write to the file `args[1]` what a question is answered by."""
    question = json.loads(sys.stdin.read())
    queries = [StepQuery(kind, text, tuple(patterns)) for kind, text, patterns in question]
    with Path(args[1]).open("w", encoding="utf-8") as answer:
        problems = load_project(Path.cwd() / args[0], lambda path: _write(answer, {"loading": path}))
        _write(answer, {"problems": problems, "patterns": list(choose_patterns(step_registry.registry.steps, queries))})
    return 0


def load_project(steps: Path, announce: Callable[[str], None]) -> list[Facts]:
    """Load hooks and step modules as Behave does, but each on its own, and return what was wrong with them.

    `announce` is called with the path of each file before it is run.
    """
    handler = _BadPatterns()
    step_registry.registry.error_handler = handler
    root = Path.cwd()
    sys.path[:0] = list(dict.fromkeys([str(root), str(steps.parent)]))
    problems = []
    environment = steps.parent / "environment.py"
    if environment.is_file():
        problems += _load_file(environment, {}, root=root, code="environment-import", announce=announce)
    sys.path.insert(0, str(steps))
    use_current_step_matcher_as_default()
    for path in sorted(steps.glob("*.py")) if steps.is_dir() else []:
        names = {"use_step_matcher": use_step_matcher, "step_matcher": use_step_matcher}
        setup_step_decorators(names)
        problems += _load_file(path, names, root=root, code="step-import", announce=announce)
        use_default_step_matcher()
    return [*problems, *handler.problems]


class _BadPatterns:
    """Collects the patterns that Behave drops with no more than a line of output."""

    def __init__(self) -> None:
        self.problems: list[Facts] = []

    def on_error(self, step_matcher: Any, error: BaseException) -> None:
        """Note one pattern that does not compile; Behave calls this."""
        place = step_matcher.location
        message = f"Behave ignores {step_matcher.describe()}: {describe_error(error)}"
        facts = {"path": Path(place.filename).as_posix(), "line": place.line, "code": "bad-step-pattern"}
        self.problems.append({**facts, "message": clean_text(message)})

    def clear(self) -> None:
        """Forget them; Behave's registry may ask for this."""
        self.problems.clear()


def _load_file(
    path: Path, names: dict[str, Any], *, root: Path, code: str, announce: Callable[[str], None]
) -> list[Facts]:
    """Run one file of the project, and return what went wrong."""
    shown = path.relative_to(root).as_posix()
    announce(shown)
    # This is the name that `exec_file` compiles the file under.
    compiled = os.path.relpath(path)
    try:
        exec_file(str(path), names)
    except KeyboardInterrupt:
        raise
    except AmbiguousStep as error:
        line = _find_line(error, {compiled, str(path)})
        message = clean_text(" ".join(str(error).split()))
        return [{"path": shown, "line": line, "code": "ambiguous-step", "message": message}]
    except BaseException as error:  # noqa: BLE001  Whatever the user's code raises, the other files are loaded too.
        line = _find_line(error, {compiled, str(path)})
        return [{"path": shown, "line": line, "code": code, "message": f"cannot be loaded: {describe_error(error)}"}]
    return []


def _find_line(error: BaseException, names: set[str]) -> int:
    """Return the line of the file, known by these names, that the error came from or through."""
    if isinstance(error, SyntaxError) and error.filename in names:
        return error.lineno or 1
    frames = traceback.walk_tb(error.__traceback__)
    return ([line for frame, line in frames if frame.f_code.co_filename in names] or [1])[-1]


def _write(answer: Any, facts: Facts) -> None:
    """Write one line of the answer, at once: the next thing to run is not ours."""
    answer.write(json.dumps(facts) + "\n")
    answer.flush()
