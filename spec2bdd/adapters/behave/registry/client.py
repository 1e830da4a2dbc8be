"""Step queries in, Behave's own answers out: which steps are defined already, and which patterns are free."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from spec2bdd.adapters.behave.protocol import ANSWER, QUESTION
from spec2bdd.adapters.results.wire import diagnostic_from_json
from spec2bdd.adapters.system.subprocess import follow_process, open_scratch, read_output, start_python, stop_process
from spec2bdd.errors import RunError
from spec2bdd.model import Diagnostic, StepAnswer, StepQuery, UnusedStep

_SERVER = "spec2bdd.adapters.behave.registry.server"


@dataclass(frozen=True, slots=True)
class RegistryReply:
    """The answers, what is wrong with the step modules, and what was read to load it all.

    `closed` is false where the modules asked a network, another process or the like as well.
    """

    answers: tuple[StepAnswer, ...]
    problems: tuple[Diagnostic, ...]
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    closed: bool = False


class RegistryClient:
    """A fresh Python that is loading the step modules of a project, to be asked once."""

    def __init__(
        self, worker: subprocess.Popen[bytes], folder: Path, output: IO[bytes], *, keep_open: bool = False
    ) -> None:
        self._worker = worker
        self._folder = folder
        self._output = output
        # Whether its standard input is still needed after the question.
        self._keep_open = keep_open
        self._queries: Sequence[StepQuery] = ()

    def put_question(self, queries: Sequence[StepQuery], *, features: Sequence[str] = ()) -> None:
        """Ask, without waiting for the answer; the work of both sides goes on meanwhile.

        Definitions that neither a query nor a step in the files `features` matches are unused.
        """
        self._queries = queries
        with (self._folder / QUESTION).open("w", encoding="utf-8") as question:
            question.write(json.dumps(list(features)) + "\n")
            # One by one: of many thousands, the list and its text would be the most that is held at all.
            for query in queries:
                question.write(json.dumps([query.kind, query.text, query.patterns, query.matcher]) + "\n")
        # A module that ended Python has nobody to answer any more; what is read then says so.
        with suppress(OSError):
            start = cast("IO[bytes]", self._worker.stdin)
            start.write(b"\n")
            start.flush()
            if not self._keep_open:
                start.close()

    def read_answer(self) -> RegistryReply:
        """Wait for the answer to the question; which definitions are unused is still being found out.

        A module that cannot be loaded is a problem, and its definitions are missing: do not write stubs where a problem
        is an error.

        Raises:
            RunError: a module ended Python itself.
        """
        facts = self._read_facts("patterns")
        pairs = zip(self._queries, facts["patterns"], strict=True)
        answers = tuple(StepAnswer(query, _find_own(query, pattern), facts["matcher"]) for query, pattern in pairs)
        problems = tuple(diagnostic_from_json(problem) for problem in facts["problems"])
        read = facts["read"]
        return RegistryReply(answers, problems, tuple(read["files"]), tuple(read["folders"]), closed=read["closed"])

    def read_unused(self) -> tuple[UnusedStep, ...]:
        """Wait until it is known which definitions neither a query nor a step of the named features matches.

        Raises:
            RunError: Python was ended from outside.
        """
        return tuple(UnusedStep(*one) for one in self._read_facts("unused")["unused"])

    def _read_facts(self, name: str) -> dict[str, Any]:
        """Wait for the line of the answer in which a fact of that name stands, and return all that stands there."""
        code = follow_process(self._worker, lambda: self._find_line(name))
        return self._find_line(name) or _blame(self._read_lines(), code, self._output)

    def _find_line(self, name: str) -> dict[str, Any]:
        """Find the line of the answer that has a value of that name; empty where it is not there yet."""
        return _find_facts(self._read_lines(), name)

    def _read_lines(self) -> list[str]:
        """Return the whole lines of the answer up to now."""
        path = self._folder / ANSWER
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        return text.split("\n")[:-1]


@contextmanager
def open_registry(root: Path, *, steps: str) -> Iterator[RegistryClient]:
    """Start to load a project's step modules in a fresh Python; without a steps folder, no step is defined.

    Raises:
        RunError: Python cannot be started.
    """
    with tempfile.TemporaryDirectory() as folder, open_scratch() as output:
        try:
            worker = start_python(
                root,
                _SERVER,
                args=[steps, folder],
                output=output,
                source=subprocess.PIPE,
            )
        except OSError as error:
            raise RunError(f"Python could not be started: {error}") from error
        try:
            yield RegistryClient(worker, Path(folder), output)
        finally:
            stop_process(worker)


def query_registry(root: Path, *, steps: str, queries: Sequence[StepQuery]) -> RegistryReply:
    """Load a project's step modules in a fresh Python, and answer each query.

    Raises:
        RunError: a module ended Python itself, or Python cannot be started.
    """
    with open_registry(root, steps=steps) as registry:
        registry.put_question(queries)
        return registry.read_answer()


def _find_own(query: StepQuery, pattern: str) -> str:
    """Return the pattern of the query that was chosen, and not a second text that says the same."""
    return next((own for own in query.patterns if own == pattern), pattern)


def _find_facts(lines: Sequence[str], name: str) -> dict[str, Any]:
    """Return the facts of the line in which one of that name stands, or none."""
    start = f'{{"{name}": '
    return next((json.loads(line) for line in reversed(lines) if line.startswith(start)), {})


def _blame(lines: Sequence[str], code: int, output: IO[bytes]) -> NoReturn:
    """Blame the file that was being loaded for it that there is no answer.

    Raises:
        RunError: it ended Python.
    """
    printed = (line for line in reversed(read_output(output).splitlines()) if line.strip())
    last_words = next(printed, "it printed nothing")
    raise RunError(
        f"loading the steps ended Python itself (exit code {code}): {last_words.strip()}",
        path=json.loads(lines[-1]).get("loading", "") if lines else "",
        hint="import the file by hand to see why",
    )
