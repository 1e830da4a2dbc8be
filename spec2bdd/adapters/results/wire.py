"""What is wrong with a file of the project in, a located problem out, and the way there and back through JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from spec2bdd.model import Diagnostic, RunOptions, Severity
from spec2bdd.text.clean import clean_text

JsonObject = dict[str, Any]

# A problem of a file that is loaded has no `diff`.
_FACTS = ("path", "line", "column", "severity", "code", "message", "hint")
_HINTS = {
    "ambiguous-step": "reword or remove one of the two: until then, no step that either of them matches is run",
    "bad-step-pattern": "mend the pattern: as it is, the step counts as undefined",
    "environment-import": "mend the file: until then, nothing is run",
    "feature-encoding": "save the file as UTF-8",
    "feature-changed": "run again, and change no feature file meanwhile",
    "feature-syntax": "mend the line; a generated file is written anew if you delete it",
    "step-import": "mend the file: until then, nothing that needs its steps is run",
}


def build_file_diagnostic(path: str, line: int, *, code: str, message: str) -> Diagnostic:
    """Return a problem of a feature or step file; a dropped pattern is a warning, all others make the exit code 2."""
    severity = Severity.WARNING if code == "bad-step-pattern" else Severity.ERROR
    column = 1 if line else 0
    return Diagnostic(clean_text(path), line, column, severity, code, clean_text(message), _HINTS[code])


def diagnostic_to_json(problem: Diagnostic) -> JsonObject:
    """Return a problem as facts for JSON."""
    return {name: value for name, value in asdict(problem).items() if name in _FACTS}


def diagnostic_from_json(facts: Any) -> Diagnostic:
    """Return the problem that `diagnostic_to_json` described.

    Raises:
        KeyError: a fact is missing.
        TypeError: a fact is of another kind.
        ValueError: the severity is unknown.
    """
    problem = Diagnostic(**{name: facts[name] for name in _FACTS})
    numbers, words = (problem.line, problem.column), (problem.path, problem.code, problem.message, problem.hint)
    if not all(isinstance(number, int) for number in numbers) or not all(isinstance(word, str) for word in words):
        raise TypeError("`problem` is not one")
    return Diagnostic(problem.path, *numbers, Severity(problem.severity), *words[1:])


def run_options_to_json(plan: RunOptions) -> dict[str, Any]:
    """Return a plan as facts for JSON."""
    return {
        "jobs": plan.jobs,
        "timeout": plan.timeout,
        "retries": plan.retries,
        "shard": None if plan.shard is None else list(plan.shard),
        "only": None if plan.only is None else sorted(plan.only),
        "features": None if plan.features is None else sorted(plan.features),
        "arguments": list(plan.arguments),
    }


def run_options_from_json(facts: Mapping[str, Any]) -> RunOptions:
    """Return the plan that `run_options_to_json` described.

    Raises:
        KeyError: a fact is missing.
        TypeError: a fact is of another kind.
        ValueError: the shard is none.
    """
    shard, only, features = facts["shard"], facts["only"], facts["features"]
    if shard is not None:
        part, parts = shard
        shard = int(part), int(parts)
    return RunOptions(
        jobs=int(facts["jobs"]),
        timeout=None if facts["timeout"] is None else float(facts["timeout"]),
        retries=int(facts["retries"]),
        shard=shard,
        only=None if only is None else frozenset(map(str, only)),
        features=None if features is None else frozenset(map(str, features)),
        arguments=tuple(map(str, facts["arguments"])),
    )
