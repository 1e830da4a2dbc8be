"""Ask a fresh Behave which steps are defined already, and which patterns are free for the others."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from spec2bdd.adapters.behave.protocol import ANSWER, QUESTION
from spec2bdd.adapters.results.wire import diagnostic_from_json
from spec2bdd.adapters.system.subprocess import follow_process, open_scratch, read_output, start_python, stop_process
from spec2bdd.errors import RunError
from spec2bdd.model import Diagnostic, StepAnswer, StepChange, StepQuery, UnusedStep
from spec2bdd.model.values import dataclass

if TYPE_CHECKING:
    from spec2bdd.model.trace import StepUses

_SERVER = "spec2bdd.adapters.behave.registry.server"


@dataclass(frozen=True, slots=True)
class RegistryReply:
    """The answers, the errors in the step modules, and what was read to load them.

    `closed` is false if the modules used a network, another process or the like as well. `unread` are the changes of
    the question in which no function reads a changed value.
    """

    answers: tuple[StepAnswer, ...]
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    closed: bool = False
    unread: tuple[StepChange, ...] = ()


class RegistryClient:
    """A fresh Python that is loading the step modules of a project, for one question."""

    def __init__(
        self, worker: subprocess.Popen[bytes], folder: Path, output: IO[bytes], *, keep_open: bool = False
    ) -> None:
        self._worker = worker
        self._folder = folder
        self._output = output
        # Whether its standard input is still needed after the question.
        self._keep_open = keep_open
        self._queries: Sequence[StepQuery] = ()
        self._changes: Sequence[StepChange] = ()

    def put_question(
        self,
        queries: Sequence[StepQuery],
        *,
        features: Sequence[str] = (),
        changes: Sequence[StepChange] = (),
        traced: Sequence[str] | None = None,
        language: str = "",
    ) -> None:
        """Send the question without waiting for the answer; both processes go on working meanwhile.

        Definitions that neither a query nor a step in the files `features` matches are unused. `changes` are steps with
        new values, of which the answer says whether a function reads them. With `traced`, the answer says which
        definition each step of these feature files has, and not what is unused; `language` is that of files that name
        none.
        """
        self._queries, self._changes = queries, changes
        first = {
            "features": list(features),
            "changes": [[change.kind, change.before, change.after] for change in changes],
            "traced": None if traced is None else list(traced),
            "language": language,
        }
        with (self._folder / QUESTION).open("w", encoding="utf-8") as question:
            question.write(json.dumps(first) + "\n")
            # One line each: for many thousands, a list and its text would be the largest part of all memory in use.
            for query in queries:
                question.write(json.dumps([query.kind, query.text, query.patterns, query.matcher]) + "\n")
        # The pipe is closed if a module ended Python; `read_answer` reports that.
        with suppress(OSError):
            start = cast("IO[bytes]", self._worker.stdin)
            start.write(b"\n")
            start.flush()
            if not self._keep_open:
                start.close()

    def read_answer(self) -> RegistryReply:
        """Wait for the answer to the question; the search for unused definitions still goes on.

        A module that cannot be loaded is an error, and its definitions are missing: do not write stubs then.

        Raises:
            RunError: a module ended Python itself.
        """
        facts = self._read_facts("patterns")
        answers: list[StepAnswer] = []
        for query, pattern in zip(self._queries, facts["patterns"], strict=True):
            # The query's own string, so that no second copy of each pattern is kept.
            own = next((candidate for candidate in query.patterns if candidate == pattern), pattern)
            answers.append(StepAnswer(query, own, facts["matcher"]))
        diagnostics = tuple(diagnostic_from_json(diagnostic) for diagnostic in facts["diagnostics"])
        read = facts["read"]
        return RegistryReply(
            tuple(answers),
            diagnostics,
            tuple(read["files"]),
            tuple(read["folders"]),
            closed=read["closed"],
            unread=tuple(self._changes[number] for number in facts["unread"]),
        )

    def read_unused(self) -> tuple[UnusedStep, ...]:
        """Wait for the definitions that neither a query nor a step of the named features matches.

        Raises:
            RunError: Python was killed.
        """
        return tuple(UnusedStep(*fields) for fields in self._read_facts("unused")["unused"])

    def read_uses(self) -> StepUses:
        """Wait for the definitions, and for the scenarios of the traced features with the definition of each step.

        Raises:
            RunError: a module ended Python itself.
        """
        # `verify` needs no trace.
        from spec2bdd.model.trace import StepUses, TracedDefinition, TracedScenario, TracedStep

        answered = self.read_answer()
        facts = self._read_facts("uses")["uses"]
        # Several definitions of one function have one place.
        found: Counter[str] = Counter()
        callers: dict[int, list[str]] = defaultdict(list)
        for place, number in facts["calls"]:
            callers[number].append(place)
        definitions: list[TracedDefinition] = []
        for number, (path, line, last, kind, pattern) in enumerate(facts["definitions"]):
            place = f"{path}:{line}"
            found[place] += 1
            id_ = f"{place}#{found[place]}" if found[place] > 1 else place
            definitions.append(TracedDefinition(id_, path, line, last, kind, pattern, tuple(callers[number])))
        scenarios = tuple(
            TracedScenario(
                f"{path}:{line}",
                path,
                line,
                name,
                tuple(tags),
                rows=tuple((row, text) for row, text in rows),
                steps=tuple(
                    TracedStep(keyword, kind, step, at, "" if number is None else definitions[number].id)
                    for keyword, kind, step, at, number in steps
                ),
            )
            for path, line, name, tags, rows, steps in facts["scenarios"]
        )
        unparsed = map(diagnostic_from_json, facts["diagnostics"])
        return StepUses(tuple(definitions), scenarios, (*answered.diagnostics, *unparsed))

    def _read_facts(self, name: str) -> dict[str, Any]:
        """Wait for the line of the answer that begins with a fact of that name, and parse it.

        Raises:
            RunError: a file that was being loaded ended Python.
        """
        code = follow_process(self._worker, lambda: self._find_line(name))
        if facts := self._find_line(name):
            return facts
        lines = self._read_lines()
        printed = (line for line in reversed(read_output(self._output).splitlines()) if line.strip())
        last_line = next(printed, "it printed nothing")
        raise RunError(
            f"Python exited with code {code} while the steps were loaded: {last_line.strip()}",
            path=json.loads(lines[-1]).get("loading", "") if lines else "",
            hint="import the file by hand to see why",
        )

    def _find_line(self, name: str) -> dict[str, Any]:
        """Find the line of the answer that begins with a fact of that name; empty if it is not there yet."""
        start = f'{{"{name}": '
        lines = reversed(self._read_lines())
        return next((json.loads(line) for line in lines if line.startswith(start)), {})

    def _read_lines(self) -> list[str]:
        """Read the whole lines of the answer up to now."""
        path = self._folder / ANSWER
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        return text.split("\n")[:-1]


@contextmanager
def open_registry(root: Path, *, steps: str) -> Iterator[RegistryClient]:
    """Start loading a project's step modules in a fresh Python; without a steps folder, no step is defined.

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
