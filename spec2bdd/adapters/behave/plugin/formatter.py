"""Write the event log of a run: one JSON line per event, on disk before anything else can happen.

    run                what is run: id, versions, digests, features, and how many scenarios each criterion should have
    scenario_start     a scenario begins; its hooks and steps have not run yet
    step               a step of a scenario has its result; what passes quickly is in shared memory until the next event
    scenario_end       a scenario has ended, its hooks and clean-ups too
    scenario_missed    a scenario never began; this is its status
    hook               a hook, fixture or clean-up failed
    interrupted        Ctrl-C came while these scenarios ran
    diagnostic         a file of the project cannot be used; these events come first
    end                the whole run has ended, its last hooks and clean-ups too

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from behave.formatter.base import Formatter
from behave.model_type import Status

from spec2bdd.adapters.behave.executors.pending_lines import PendingLines
from spec2bdd.adapters.behave.executors.worker_state import WorkerState, read_clock
from spec2bdd.adapters.behave.glue.exceptions import describe_swallowed_error
from spec2bdd.adapters.behave.glue.output_capture import OutputCapture
from spec2bdd.adapters.behave.glue.serialize import (
    describe_output,
    describe_scenario,
    describe_skip,
    describe_step,
    find_relative_path,
    read_seconds,
    show_location,
)
from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry, UnusableReason, with_unusable_reason
from spec2bdd.adapters.behave.glue.step_watch import StepWatch
from spec2bdd.adapters.behave.plugin.captured_output import KeptOutput
from spec2bdd.adapters.behave.plugin.context import end_reads, end_watch, watch_reads
from spec2bdd.adapters.behave.plugin.event_lines import render_passed_end, render_passed_step, render_start
from spec2bdd.adapters.behave.plugin.event_log import EventLog
from spec2bdd.adapters.behave.plugin.project_files import ProjectFiles
from spec2bdd.adapters.behave.plugin.snapshots import ScenarioSnapshots
from spec2bdd.adapters.results.wire import JsonObject, build_file_diagnostic, diagnostic_to_json
from spec2bdd.model import Diagnostic, StepResult, find_vacuous_step
from spec2bdd.text.clean import escape_surrogates

_UNDEFINED = frozenset({Status.undefined, Status.untested_undefined})
_PASSED = Status.passed
_NOT_PASSED = _UNDEFINED | {Status.failed, Status.error, Status.pending, Status.pending_warn}
# In this part of a scenario, the results of steps that passed are written together with what comes next.
_SHORT_SECONDS = 0.05
# Scenarios that hooks add at run time are numbered from a multiple of this, far from the numbers of other workers.
_NUMBERS_PER_WORKER = 1_000_000


class RecordFormatter(Formatter):  # type: ignore[misc]  # Behave has no types.
    """Write the event log of a run; it needs `RecordingRunner`, which knows how a run begins and ends."""

    name = "spec2bdd"
    description = "records of spec2bdd, one JSON object per line"

    def __init__(self, stream_opener: Any, config: Any) -> None:
        super().__init__(stream_opener, config)
        # The file is not opened by Behave, which would choose the encoding of the terminal.
        path = "" if self.stdout_mode else stream_opener.name
        self.file = EventLog(path, stream_opener.open() if self.stdout_mode else None)
        self.worker_state = WorkerState()
        self._root = Path.cwd()
        self._worker = 1
        self._events = 0
        self._paths: dict[Any, str] = {}
        # Behave's scenarios hash by identity, which is what is needed: names may repeat.
        self._numbers: dict[Any, int] = {}
        # What selects scenarios, before a hook can change it, and what it selects.
        self._selection = SimpleNamespace(
            tag_expression=config.tag_expression, name=config.name, name_re=config.name_re
        )
        self._selected: set[Any] = set()
        self.snapshots = ScenarioSnapshots()
        self._recorded: set[int] = set()
        self._tries: dict[int, int] = {}
        self._current: Any = None
        self._number = -1
        self._began = 0.0
        self._durations: dict[int, float] = {}
        self._match: Any = None
        self._step_began = 0.0
        # The steps of the current scenario that have a result, by `id`: Behave's steps compare by their text.
        self._steps_done: set[int] = set()
        # Of each result the keyword, kind, text, line and status, and whether its definition is vacuous.
        self._results: list[tuple[Any, ...]] = []
        # What is shown of the locations of definitions, by `id`, with the location.
        self._locations: dict[int, tuple[Any, str]] = {}
        self._definitions: LenientStepRegistry | None = None
        self.watch = StepWatch()
        # What steps of the current scenario have stored: the position of the step, its function, the names that nothing
        # has read so far, and those that the step has read.
        self._stored: list[tuple[int, Any, set[str], set[str]]] = []
        self.capture: OutputCapture | None = None
        self._kept = KeptOutput()

    def enter_worker(self, worker: int, state: WorkerState, pending: PendingLines | None = None) -> None:
        """Write from here on for the worker of that number, and keep its state up to date."""
        self._worker, self.worker_state = worker, state
        self.watch.on_fork = state.record_fork
        self.file.enter_process(pending)

    def adopt_features(self, features: Iterable[Any], *, root: Path) -> None:
        """Give the scenarios of features their numbers, in the order of their files."""
        for feature in features:
            self.adopt_feature(feature, find_relative_path(feature.filename, root), first=len(self._numbers))

    def adopt_feature(self, feature: Any, path: str, *, first: int) -> None:
        """Give the scenarios of one feature their numbers, and save them before hooks can change them."""
        self._paths[feature] = path
        for number, scenario in enumerate(feature.walk_scenarios(), first):
            self._numbers[scenario] = number
            self.snapshots.save(scenario)
            if scenario.should_run(self._selection):
                self._selected.add(scenario)

    def write_run(
        self, header: JsonObject, *, features: list[str], scenarios: tuple[int, int], expected: dict[str, int]
    ) -> None:
        """Write the first line; `scenarios` are the counts of all of them, and of those selected."""
        self.file.create()
        count, selected = scenarios
        counts = {"expected_scenarios": count, "chosen_scenarios": selected}
        self._write("run", **header, features=features, **counts, expected=expected)

    def use_definitions(self, definitions: LenientStepRegistry | None) -> None:
        """Look up in this registry what has to be known of a step; with None, nothing is looked up."""
        self._definitions = definitions
        if definitions:
            definitions.begin_run()

    def write_diagnostic(self, diagnostic: Diagnostic) -> None:
        """Write that a file of the project cannot be used."""
        self._write("diagnostic", **diagnostic_to_json(diagnostic))

    def write_failure(
        self, name: str, error: str, *, feature: Any, scenarios: Sequence[Any], location: str = "", traceback: str = ""
    ) -> None:
        """Write that a hook or clean-up failed, and what it concerns: scenarios, or else a feature or the run."""
        path = self._paths.get(feature, "")
        numbers = [self.find_number(scenario) for scenario in scenarios]
        facts = {"error": error, "location": location, "traceback": traceback}
        self._write("hook", name=name, **facts, feature=path, scenarios=numbers)

    def write_interrupted(self, numbers: Sequence[int]) -> None:
        """Write that Ctrl-C came while scenarios ran: whatever they report after that proves nothing."""
        if numbers:
            self._write("interrupted", scenarios=list(numbers))

    def write_end(self, *, failed: bool, aborted: bool, files: ProjectFiles, changed: Iterable[str] = ()) -> None:
        """Write the last line, which counts all lines and the scenarios by their statuses, and close the file.

        It names those of the `files` that are no longer as the first line describes them, those that have `changed`
        where other machines ran scenarios, and those that git does not track.
        """
        lines, statuses = self.file.read_statuses() if self.file.path else (self._events, {})
        counts = Counter(status or "untested" for _, status in sorted(statuses.items()))
        facts = {"scenarios": dict(sorted(counts.items())), "changed": sorted({*files.find_changed(), *changed})}
        self._write("end", failed=failed, aborted=aborted, **facts, untracked=files.find_untracked(), events=lines + 1)
        self.file.close()

    def take_durations(self) -> dict[int, float]:
        """Take the seconds of the scenarios that have ended since the last call, by their numbers."""
        durations, self._durations = self._durations, {}
        return durations

    def scenario(self, scenario: Any) -> None:
        """Record that a scenario begins, before anything of it has run. Called by Behave."""
        self.end_scenario()
        self._current = self.watch.scenario = scenario
        self._steps_done, self._results, self._stored = set(), [], []
        # A reason from before, such as a hook that runs steps, does not belong to this scenario.
        self._take_unusable_reason()
        number = self._number = self.find_number(scenario)
        self._recorded.add(number)
        self._tries[number] = self._tries.get(number, 0) + 1
        self._began = read_clock()
        self.worker_state.begin_scenario(number, self._began)
        self._events += 1
        facts, tries = self._describe(scenario), self._tries[number]
        self.file.write_line(render_start(number, facts, worker=self._worker, number=tries))
        if self.capture:
            self.capture.start()

    def step(self, step: Any) -> None:
        """Do nothing: Behave calls this for all steps before the first one runs."""

    def match(self, match: Any) -> None:
        """Remember the definition of the step that runs next. Called by Behave."""
        self._match, self._step_began = match, read_clock()
        self.worker_state.begin_step(len(self._steps_done), self._step_began)

    def result(self, step: Any) -> None:
        """Record the result of a step. Called by Behave."""
        self._steps_done.add(id(step))
        self.worker_state.end_step()
        match, definitions = self._match, self._definitions
        location = self._show_location(match.location) if match.location else ""
        vacuity = ""
        if definitions:
            arguments, substeps = match.arguments or (), self.watch.substeps
            vacuity = definitions.find_vacuity(match.func, self.watch.context, arguments=arguments, substeps=substeps)
        has_passed = step.status is _PASSED
        # A hook may have set the status, and removed the exception that the step raised.
        swallowed = describe_swallowed_error(match) if definitions and has_passed else None
        reason = self._take_unusable_reason()
        now = read_clock()
        # Behave's clock may have been moved by the step.
        seconds = min(read_seconds(step), round(now - self._step_began, 6))
        if has_passed and not swallowed and step.exception is None:
            self._events += 1
            # No reader waits for it, except in a long scenario.
            write = self.file.defer_line if now - self._began < _SHORT_SECONDS else self.file.write_line
            write(render_passed_step(self._number, step, seconds=seconds, location=location, vacuity=vacuity))
            self._results.append((step.keyword, step.step_type, step.name, step.line, "passed", bool(vacuity)))
        else:
            facts = {**describe_step(step, location, vacuity=vacuity), "seconds": seconds, **(swallowed or {})}
            self._write_unusual_step(step, facts, reason)
        for diagnostic in definitions.take_diagnostics() if definitions else ():
            self.write_diagnostic(diagnostic)

    def _write_unusual_step(self, step: Any, facts: JsonObject, reason: UnusableReason | None) -> None:
        """Write the result of a step that did not just pass."""
        # A step that passed without the sub-steps that it asked for did not need them.
        if step.status in _NOT_PASSED:
            facts = with_unusable_reason(facts, reason)
        self._results.append(tuple(facts[name] for name in ("keyword", "kind", "text", "line", "status", "vacuous")))
        self._write("step", scenario=self._number, **facts)
        # One that code of the project raised is wrapped in another exception.
        if isinstance(step.exception, KeyboardInterrupt):
            self.write_interrupted([self._number])

    def end_scenario(self) -> None:
        """Record that the current scenario, if there is one, has ended.

        Behave has no such callback: `RecordingRunner` calls this after the clean-ups, and else whatever comes next.
        """
        if self._current is None:
            return
        scenario, self._current, self.watch.scenario = self._current, None, None
        if self.capture:
            self.capture.stop()
        self.watch.on_scenario_end()
        if self.worker_state.take_fork():
            error = "a process that the scenario forked continued the run; it was killed"
            self.write_failure("fork", error, feature=scenario.feature, scenarios=[scenario])
        # With other steps than those of the file, it proves something else than its criterion says.
        if error := self.snapshots.describe_change(scenario):
            self.write_failure("hooks", error, feature=scenario.feature, scenarios=[scenario])
        number, status, now = self._number, scenario.status, read_clock()
        seconds = self._durations[number] = round(now - self._began, 6)
        rest = self._describe_rest(scenario)
        unread = self._take_unread()
        is_vacuous = any(result[-1] for result in self._results) and _is_vacuous(self._results, len(scenario.steps))
        skip = describe_skip(scenario, is_selected=bool(self._results) or scenario in self._selected)
        if status is _PASSED and not (rest or skip or unread):
            self._events += 1
            self.file.write_line(render_passed_end(number, seconds, is_vacuous=is_vacuous))
        else:
            output = ""
            if status.has_failed():
                printed = self.capture.read() if self.capture else ""
                output = describe_output(scenario, root=self._root, printed=printed)
            facts = {"seconds": seconds, "output": output, "rest": rest, "vacuous": is_vacuous, **unread, **skip}
            self._write("scenario_end", scenario=number, status=status.name, **facts)
        if scenario.captured.captures:
            self._kept.shorten(scenario)
        self.worker_state.end_scenario(now)

    def watch_stored(self, context: Any) -> Callable[[], None] | None:
        """Watch what is read of the context, if the step that runs next only stores the outcomes of checks there.

        Return what to call at the end of the step, if so.
        """
        stored = self._definitions.find_stored(self._match.func) if self._definitions else None
        if not self._definitions or not stored:
            return None
        names = set(stored)
        reads = watch_reads(context, names)
        self._stored.append((len(self._results), self._match.func, names, reads))
        return partial(end_reads, context, names, collected=self._definitions.find_collected(self._match.func))

    def _take_unread(self) -> JsonObject:
        """Take the steps that passed and stored what nothing has read since, with the reason why they cannot fail."""
        unread: list[JsonObject] = []
        stored, self._stored = self._stored, []
        if stored:
            end_watch(self.watch.context)
        definitions = self._definitions
        for place, (_, function, names, reads) in reversed([*enumerate(stored)]):
            # What a step reads that only stores counts if something reads what that one has stored.
            if definitions and names != definitions.find_stored(function):
                for _, _, earlier, _ in stored[:place]:
                    earlier -= reads
        for index, function, names, _ in stored:
            *facts, status, is_vacuous = self._results[index] if index < len(self._results) else ("", True)
            is_unread = definitions and names == definitions.find_stored(function)
            if definitions and is_unread and status == _PASSED.name and not is_vacuous:
                self._results[index] = (*facts, status, True)
                unread.append({"step": index, "vacuity": definitions.explain_unread(function)})
        return {"unread": unread} if unread else {}

    def feature(self, feature: Any) -> None:  # noqa: ARG002  Behave passes it.
        """Record in the worker's state that a feature begins. Called by Behave."""
        self.worker_state.open_feature(read_clock())

    def rule(self, rule: Any) -> None:  # noqa: ARG002  Behave passes it.
        """Record the end of the scenario before the rule. Called by Behave."""
        self.end_scenario()

    def eof(self) -> None:
        """Record the end of the last scenario of a feature. Called by Behave."""
        self.end_scenario()

    def close(self) -> None:
        """Leave the file open: Behave calls this before the last hooks have run."""

    def write_removed(self, scenarios: Iterable[Any]) -> None:
        """Write those of the scenarios that were to be run and never began, because a hook has removed them."""
        for scenario in scenarios:
            if scenario in self._selected and self.find_number(scenario) not in self._recorded:
                message = f"a hook removed the scenario `{scenario.name}` from the run"
                path = find_relative_path(scenario.filename, self._root)
                diagnostic = build_file_diagnostic(path, scenario.line, code="scenario-removed", message=message)
                self.write_diagnostic(diagnostic)

    def write_missed(self, scenarios: Iterable[Any], *, is_left_out: bool = False) -> None:
        """Write those of the scenarios that never began, as those that the run is to leave out or as others."""
        for scenario in scenarios:
            number = self.find_number(scenario)
            if number not in self._recorded:
                self._steps_done = set()
                self._recorded.add(number)
                # The status of a scenario without steps is `passed` in Behave, even if it was never run.
                status = "skipped" if scenario.status.name == "skipped" else "untested"
                facts = {"status": status, **self._describe(scenario), "rest": self._describe_rest(scenario)}
                facts |= describe_skip(scenario, is_selected=not is_left_out and scenario in self._selected)
                self._write("scenario_missed", scenario=number, **facts)

    def write_crash(
        self, number: int, reason: str, *, scenario: Any, step: int, output: str, seconds: tuple[float, float]
    ) -> None:
        """Write the end of a scenario whose worker crashed, in the step with that index if not -1.

        `scenario` is None for one that a hook made: it is in no feature file. `output` is what it had printed, and
        `seconds` how long it and the step had run.
        """
        scenario_seconds, step_seconds = (round(value, 6) for value in seconds)
        steps = list(scenario.all_steps) if scenario else []
        rest: list[JsonObject] = []
        if 0 <= step < len(steps):
            self._steps_done = {id(done) for done in steps[: step + 1]}
            match = self._definitions and self._definitions.find_step_definition(steps[step])
            location = show_location(str(match.location)) if match else ""
            facts = {**describe_step(steps[step], location), "status": "error", "error": reason}
            facts["seconds"] = step_seconds
            self._write("step", scenario=number, **facts)
            rest = self._describe_rest(scenario)
        else:
            self._write(
                "hook", name="scenario", error=reason, feature="", scenarios=[number], location="", traceback=""
            )
        facts = {"seconds": scenario_seconds, "output": escape_surrogates(output), "rest": rest, "vacuous": False}
        self._write("scenario_end", scenario=number, status="error", **facts)

    def find_number(self, scenario: Any) -> int:
        """Find the number of a scenario in the events; one that a hook has added gets the next free number."""
        return self._numbers.setdefault(scenario, self._worker * _NUMBERS_PER_WORKER + len(self._numbers))

    def _describe(self, scenario: Any) -> JsonObject:
        """Describe which scenario this is."""
        return describe_scenario(scenario, self._paths.get(scenario.feature, ""), self.snapshots.find_tags(scenario))

    def _describe_rest(self, scenario: Any) -> list[JsonObject]:
        """Describe the steps that had no result, with their indexes among all steps."""
        rest = [(index, step) for index, step in enumerate(scenario.all_steps) if id(step) not in self._steps_done]
        if not rest:
            return []
        for _, step in rest:
            # A hook, or a `run` of the project's own, may call a step passed that nothing has run.
            if step.status is _PASSED:
                step.status = Status.untested
        # An undefined step may be defined in a module that could not be loaded.
        unknown = self._definitions.describe_unknown() if self._definitions and self._definitions.broken else None
        return [
            {
                "index": index,
                **with_unusable_reason(describe_step(step, ""), unknown if step.status in _UNDEFINED else None),
            }
            for index, step in rest
        ]

    def _show_location(self, location: Any) -> str:
        """Show the location of a definition."""
        known = self._locations.get(id(location))
        if known is None:
            # With the location, so that no other one can get the same id.
            known = self._locations[id(location)] = (location, show_location(str(location)))
        return known[1]

    def _take_unusable_reason(self) -> UnusableReason | None:
        """Take the reason why the step that has just run could not be run, if there is one."""
        return self._definitions.take_unusable_reason() if self._definitions else None

    def _write(self, event: str, **facts: Any) -> None:
        """Append one event, and count it."""
        self._events += 1
        self.file.write_event(event, **facts)


def _is_vacuous(steps: Iterable[tuple[Any, ...]], own_steps: int) -> bool:
    """Whether a scenario with these steps, the last of which are its own, proves nothing even if all passed."""
    results = [
        StepResult(keyword, kind, text, line, status, vacuous=is_vacuous)
        for keyword, kind, text, line, status, is_vacuous in steps
    ]
    return find_vacuous_step(results, own_steps) is not None
