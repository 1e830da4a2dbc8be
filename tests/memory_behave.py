"""A Behave without a process of its own: it asks the registry in this process, and writes records as it is told.

With it, what `generate` and `verify` do themselves takes some hundredths of a second.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from marking_project import Outcome, render_records
from planned_project import loaded

from spec2bdd.adapters.behave.lines.program import describe_program
from spec2bdd.adapters.behave.preloaded import PreloadedBehave
from spec2bdd.adapters.behave.registry.client import RegistryReply
from spec2bdd.adapters.behave.registry.pattern_selection import choose_patterns
from spec2bdd.adapters.results.run_lines import LINES_LOG
from spec2bdd.config import Config
from spec2bdd.model import RunOptions, Scenario, StepAnswer, StepQuery, UnusedStep
from spec2bdd.project.loader import load_project


def pass_all(scenario: Scenario) -> tuple[str, str]:
    """Let each scenario pass."""
    return "passed", ""


def fail_all(scenario: Scenario) -> tuple[str, str]:
    """Let each scenario fail."""
    return "failed", f"not {scenario.name}"


def skip_all(scenario: Scenario) -> tuple[str, str]:
    """Let each scenario be skipped."""
    return "skipped", ""


class MemoryBehave(PreloadedBehave):
    """Answers which steps the step files of a project define, and records what a run is to come to.

    `unused` are the definitions that it calls unused, and `also` further events of each run. With `removes`, a run
    removes the folder of its records. Where the project records lines, no scenario has run any.
    """

    def __init__(
        self,
        config: Config,
        *unused: UnusedStep,
        outcome: Outcome = pass_all,
        also: Sequence[Mapping[str, object]] = (),
        removes: bool = False,
    ) -> None:
        self._config = config
        self._unused = unused
        self._outcome = outcome
        self._also = also
        self._removes = removes
        self._reply = RegistryReply((), ())

    def has_loaded(self, digests: Mapping[str, str]) -> bool:
        """Whether it has loaded today's step files: it loads them for the question."""
        return True

    def put_question(self, queries: Sequence[StepQuery], **others: Any) -> None:
        """Ask Behave's registry at once."""
        files = {
            path.as_posix(): path.read_bytes()
            for path in sorted((self._config.root / self._config.steps).rglob("*.py"))
        }
        with loaded(files) as registry:
            patterns = choose_patterns(registry.steps, list(queries))
            answers = [StepAnswer(query, pattern) for query, pattern in zip(queries, patterns, strict=True)]
        self._reply = RegistryReply(tuple(answers), ())

    def read_answer(self) -> RegistryReply:
        """Return the answer to the question."""
        return self._reply

    def read_unused(self) -> tuple[UnusedStep, ...]:
        """Return the definitions that it was made with."""
        return self._unused

    def start_run(self, options: RunOptions, *, features: str, record_path: Path, run_id: str) -> bool:
        """Write the records of the run, and end it at once."""
        project = load_project(self._config)
        plans = []
        for plan in project.plans:
            scenarios = plan.feature.scenarios if plan.feature else ()
            chosen = tuple(item for item in scenarios if options.only is None or item.id in options.only)
            plans.append(replace(plan, feature=plan.feature and replace(plan.feature, scenarios=chosen)))
        head, *events, end = map(
            json.loads, render_records(replace(project, plans=tuple(plans)), self._outcome).splitlines()
        )
        events += self._also
        # Of runs that start at one moment, none would be the newest.
        head |= {"id": run_id, "started": datetime.now(UTC).isoformat(timespec="microseconds")}
        lines = [head, *events, end | {"events": len(events) + 2}]
        record_path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        if self._config.record_lines:
            ran = [[event["feature"], event["line"], event["name"]] for event in events if "feature" in event]
            nothing: dict[str, object] = {"lines": {}, "read": [], "doubts": []}
            log = [{"event": "loaded", "program": describe_program({}), **nothing}]
            log += [{"event": "ran", "scenarios": [place], **nothing, "steps": {}} for place in ran]
            log += [{"event": "end", "files": {}}]
            Path(f"{record_path}{LINES_LOG}").write_text("".join(json.dumps(line) + "\n" for line in log))
        if self._removes:
            shutil.rmtree(record_path.parent)
        self.output = BytesIO()
        self.process = subprocess.Popen(["true"])
        return True

    def stop(self) -> None:
        """Do nothing: there is no process."""
