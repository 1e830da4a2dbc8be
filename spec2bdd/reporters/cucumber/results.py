"""The results of scenarios in the words of Cucumber's, for each scenario and row that its parser finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spec2bdd.model import CriterionVerdict, Report, ScenarioResult, StepResult, TestRun, Verdict
from spec2bdd.model.feature import GherkinSources, ParsedFeature
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.terminal.escape import split_visible_lines

# From the words of Behave. A step after a failed one has a name of its own there where it has no code.
_STATUSES = {
    "passed": "PASSED",
    **dict.fromkeys(("failed", "error", "hook_error", "cleanup_error"), "FAILED"),
    **dict.fromkeys(("skipped", "untested", "untested_pending"), "SKIPPED"),
    **dict.fromkeys(("pending", "pending_warn"), "PENDING"),
    **dict.fromkeys(("undefined", "untested_undefined"), "UNDEFINED"),
}
# What a scenario is shown as that passed and does not prove its criterion.
_DOUBTS = {
    Verdict.FAILED: "FAILED",
    **dict.fromkeys((Verdict.PENDING, Verdict.UNVERIFIED), "PENDING"),
    **dict.fromkeys((Verdict.STALE, Verdict.SKIPPED, Verdict.NOT_RUN), "SKIPPED"),
}


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """The result of one step: a status of Cucumber's, with visible lines of why it is not passed."""

    status: str
    seconds: float = 0.0
    message: str = ""
    location: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a scenario: an outcome for each step of its pickle, and the errors of hooks and clean-ups."""

    steps: tuple[StepOutcome, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario or row with its tries, the last of which counts; without one, it has no result that counts today.

    `nodes` are the parts of the feature's tree by their ids.
    """

    feature: ParsedFeature
    pickle: Mapping[str, Any]
    nodes: Mapping[str, Mapping[str, Any]]
    attempts: tuple[Attempt, ...] = ()


def list_played(report: Report, sources: GherkinSources | None) -> Iterator[Played]:
    """Yield each scenario and row of the features that were loaded, with its newest results.

    A result counts only where the feature file is still the one that was run. A scenario that passed and does not prove
    its criterion, as one with a vacuous step, is not shown as passed.
    """
    results = _find_results(report.runs)
    verdicts = {verdict.id: verdict for spec in report.specs for verdict in spec.verdicts}
    for feature in sources.features if sources else ():
        nodes = dict(_walk_nodes(feature.document.get("feature") or {}))
        for pickle in feature.pickles:
            line = nodes[pickle["astNodeIds"][-1]]["location"]["line"]
            record, run = results.get((feature.path, line), (None, None))
            if record is None or run is None or run.digests.get(feature.path, feature.digest) != feature.digest:
                yield Played(feature, pickle, nodes)
                continue
            tries = [_build_attempt(attempt, pickle) for attempt in (*record.tries, record)]
            yield Played(feature, pickle, nodes, (*tries[:-1], _add_doubt(tries[-1], record, verdicts)))


def _find_results(runs: Sequence[TestRun]) -> dict[tuple[str, int], tuple[ScenarioResult, TestRun]]:
    """Find the newest result of each scenario by its place; what a run left out has the result before."""
    newest: dict[tuple[str, int], tuple[ScenarioResult, TestRun]] = {}
    for run in runs:
        for record in run.results:
            place = (record.feature, record.line)
            if place not in newest or not record.left_out:
                newest[place] = (record, run)
    return newest


def _walk_nodes(node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield all parts of a tree that have an id."""
    if "id" in node:
        yield node["id"], node
    for value in node.values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict):
                yield from _walk_nodes(child)


def _build_attempt(record: ScenarioResult, pickle: Mapping[str, Any]) -> Attempt:
    """Build one try; a step that it did not come to is skipped."""
    failed = next((step for step in record.steps if _STATUSES.get(step.status) == "FAILED"), None)
    steps: list[StepResult | None] = [*record.steps]
    steps += [None] * (len(pickle["steps"]) - len(steps))
    outcomes = tuple(
        StepOutcome(
            _STATUSES.get(step.status, "UNKNOWN"),
            step.seconds,
            # A hook or step may say why it skipped the scenario.
            _clean(step.error or ((record.skip_reason or "") if step is record.steps[0] else "")),
            step.location,
            _clean(record.output) if step is failed else "",
        )
        if step
        else StepOutcome("SKIPPED")
        for step in steps[: len(pickle["steps"])]
    )
    errors = [_clean(failure) for failure in record.failures]
    before = "\n".join(error for error in errors if error.startswith("before"))
    return Attempt(outcomes, before, "\n".join(error for error in errors if not error.startswith("before")))


def _add_doubt(attempt: Attempt, record: ScenarioResult, verdicts: Mapping[str, CriterionVerdict]) -> Attempt:
    """Change the step because of which a passed scenario does not prove its criterion, or else the last one."""
    if record.status != "passed" or not attempt.steps:
        return attempt
    for tag in record.tags:
        verdict = verdicts.get(tag)
        status = _DOUBTS.get(verdict.verdict) if verdict else None
        other = verdict.record if verdict else None
        # Another scenario of the criterion may be the reason.
        if not verdict or not status or (other and (other.feature, other.line) != (record.feature, record.line)):
            continue
        lines = [step.line for step in record.steps]
        index = lines.index(verdict.step.line) if verdict.step and verdict.step.line in lines else -1
        index = min(index % len(lines), len(attempt.steps) - 1) if lines else -1
        reason = _clean(f"{verdict.label}: {verdict.reason}" if verdict.reason else verdict.label)
        old = attempt.steps[index]
        doubt = StepOutcome(status, old.seconds, reason, old.location)
        steps = [doubt if number == index % len(attempt.steps) else step for number, step in enumerate(attempt.steps)]
        return Attempt(tuple(steps), attempt.before, attempt.after)
    return attempt


def _clean(text: str) -> str:
    """Write a text of any origin as visible lines."""
    return "\n".join(split_visible_lines(text))
