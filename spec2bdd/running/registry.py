"""Step queries in, Behave's own answers out: which steps are defined already, and which patterns are free."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spec2bdd.errors import RunError
from spec2bdd.model import Problem, StepAnswer, StepQuery, UnusedStep
from spec2bdd.running.child import follow_child, open_scratch, read_output, start_child
from spec2bdd.running.faults import parse_fault


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers, what is wrong with the step modules, what nobody uses, and what was read to load it all.

    `closed` is false where the modules asked a network, another process or the like as well.
    """

    answers: tuple[StepAnswer, ...]
    problems: tuple[Problem, ...]
    unused: tuple[UnusedStep, ...] = ()
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    closed: bool = False


def ask_registry(root: Path, *, steps: str, queries: Sequence[StepQuery], features: Sequence[str] = ()) -> Asked:
    """Load a project's step modules in a fresh Python, and answer each query; without a steps folder, none is defined.

    Definitions that neither a query nor a step in the files `features` matches are unused.

    A module that cannot be loaded is a problem, and its definitions are missing: do not write stubs where a problem is
    an error.

    Raises:
        RunError: a module ended Python itself, or Python cannot be started.
    """
    asked = [[query.kind, query.text, query.patterns, query.matcher] for query in queries]
    facts = _ask_worker(root, steps, json.dumps({"queries": asked, "features": list(features)}))
    pairs = zip(queries, facts["patterns"], strict=True)
    answers = tuple(StepAnswer(query, pattern, facts["matcher"]) for query, pattern in pairs)
    unused = tuple(UnusedStep(*one) for one in facts["unused"])
    problems = tuple(parse_fault(problem) for problem in facts["problems"])
    read = facts["read"]
    return Asked(answers, problems, unused, tuple(read["files"]), tuple(read["folders"]), closed=read["closed"])


def _ask_worker(root: Path, steps: str, question: str) -> dict[str, Any]:
    """Let a worker answer, and return the facts of its answer."""
    with tempfile.TemporaryDirectory() as folder, open_scratch(question.encode()) as source, open_scratch() as output:
        path = Path(folder) / "answer.json"
        arguments = [steps, str(path)]
        try:
            worker = start_child(root, "spec2bdd.running.worker", args=arguments, output=output, source=source)
        except OSError as error:
            raise RunError(f"Python could not be started: {error}") from error
        code = follow_child(worker, lambda: None)
        answer = path.read_text(encoding="utf-8") if path.is_file() else ""
        return _parse_answer(answer, code, read_output(output))


def _parse_answer(answer: str, code: int, output: str) -> dict[str, Any]:
    """Return the last line of the answer; if it is not the answer, blame the file that was being loaded.

    Raises:
        RunError: the worker ended before it could answer.
    """
    facts: dict[str, Any] = json.loads(answer.splitlines()[-1]) if answer.endswith("\n") else {}
    if "patterns" in facts:
        return facts
    last_words = next((line for line in reversed(output.splitlines()) if line.strip()), "it printed nothing")
    raise RunError(
        f"loading the steps ended Python itself (exit code {code}): {last_words.strip()}",
        path=facts.get("loading", ""),
        hint="import the file by hand to see why",
    )
