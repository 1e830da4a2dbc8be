"""Step queries in, Behave's own answers out: which steps are defined already, and which patterns are free."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from spec2bdd.errors import RunError
from spec2bdd.model import Problem, StepAnswer, StepQuery, UnusedStep
from spec2bdd.running.child import follow_child, open_scratch, read_output, start_child, stop_child
from spec2bdd.running.faults import parse_fault

# The files that question and answer come in: a module may print, and read what there is to read.
QUESTION, ANSWER = "question.json", "answer.json"


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


class Registry:
    """A fresh Python that is loading the step modules of a project, to be asked once."""

    def __init__(self, worker: subprocess.Popen[bytes], folder: Path, output: IO[bytes]) -> None:
        self._worker = worker
        self._folder = folder
        self._output = output
        self._queries: Sequence[StepQuery] = ()

    def put_question(self, queries: Sequence[StepQuery], *, features: Sequence[str] = ()) -> None:
        """Ask, without waiting for the answer; the work of both sides goes on meanwhile.

        Definitions that neither a query nor a step in the files `features` matches are unused.
        """
        self._queries = queries
        asked = [[query.kind, query.text, query.patterns, query.matcher] for query in queries]
        question = json.dumps({"queries": asked, "features": list(features)})
        (self._folder / QUESTION).write_text(question, encoding="utf-8")
        # A module that ended Python has nobody to answer any more; what is read then says so.
        with suppress(OSError), cast("IO[bytes]", self._worker.stdin) as start:
            start.write(b"\n")

    def read_answer(self) -> Asked:
        """Wait for the answer to the question.

        A module that cannot be loaded is a problem, and its definitions are missing: do not write stubs where a problem
        is an error.

        Raises:
            RunError: a module ended Python itself.
        """
        code = follow_child(self._worker, lambda: None)
        path = self._folder / ANSWER
        facts = _parse_answer(path.read_text(encoding="utf-8") if path.is_file() else "", code, self._output)
        pairs = zip(self._queries, facts["patterns"], strict=True)
        answers = tuple(StepAnswer(query, pattern, facts["matcher"]) for query, pattern in pairs)
        unused = tuple(UnusedStep(*one) for one in facts["unused"])
        problems = tuple(parse_fault(problem) for problem in facts["problems"])
        read = facts["read"]
        return Asked(answers, problems, unused, tuple(read["files"]), tuple(read["folders"]), closed=read["closed"])


@contextmanager
def open_registry(root: Path, *, steps: str) -> Iterator[Registry]:
    """Start to load a project's step modules in a fresh Python; without a steps folder, no step is defined.

    Raises:
        RunError: Python cannot be started.
    """
    with tempfile.TemporaryDirectory() as folder, open_scratch() as output:
        try:
            worker = start_child(
                root, "spec2bdd.running.worker", args=[steps, folder], output=output, source=subprocess.PIPE
            )
        except OSError as error:
            raise RunError(f"Python could not be started: {error}") from error
        try:
            yield Registry(worker, Path(folder), output)
        finally:
            stop_child(worker)


def ask_registry(root: Path, *, steps: str, queries: Sequence[StepQuery], features: Sequence[str] = ()) -> Asked:
    """Load a project's step modules in a fresh Python, and answer each query.

    Raises:
        RunError: a module ended Python itself, or Python cannot be started.
    """
    with open_registry(root, steps=steps) as registry:
        registry.put_question(queries, features=features)
        return registry.read_answer()


def _parse_answer(answer: str, code: int, output: IO[bytes]) -> dict[str, Any]:
    """Return the last line of the answer; if it is not the answer, blame the file that was being loaded.

    Raises:
        RunError: the worker ended before it could answer.
    """
    facts: dict[str, Any] = json.loads(answer.splitlines()[-1]) if answer.endswith("\n") else {}
    if "patterns" in facts:
        return facts
    lines = (line for line in reversed(read_output(output).splitlines()) if line.strip())
    last_words = next(lines, "it printed nothing")
    raise RunError(
        f"loading the steps ended Python itself (exit code {code}): {last_words.strip()}",
        path=facts.get("loading", ""),
        hint="import the file by hand to see why",
    )
