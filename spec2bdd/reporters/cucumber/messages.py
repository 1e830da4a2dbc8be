"""The `cucumber-messages` format: one JSON object per line, for the HTML formatter and other tools of Cucumber's."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from typing import Any

from spec2bdd import __version__
from spec2bdd.model import Report
from spec2bdd.model.feature import GherkinSources
from spec2bdd.reporters.cucumber.results import Attempt, Played, StepOutcome, list_played
from spec2bdd.reporters.exchange.clock import Clock
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report

PROTOCOL = "34.0.0"
"""The version of the messages that are written: https://github.com/cucumber/messages."""

_MEDIA_TYPE = "text/x.cucumber.gherkin+plain"
_LOG = "text/x.cucumber.log+plain"
_RUN = "run"
_NANOS = 1_000_000_000


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the results of the scenarios of an answer."""
    # As ASCII, it can hold no character that a terminal would obey.
    return "".join(
        f"{json.dumps(message)}\n" for message in list_messages(find_report(answer), answer.sources or GherkinSources())
    )


def list_messages(report: Report, sources: GherkinSources) -> Iterator[dict[str, Any]]:
    """Yield the messages of a run: what was to be run, what it was run with, and what came of it."""
    system = {"name": platform.system(), "version": platform.release()}
    yield {
        "meta": {
            "protocolVersion": PROTOCOL,
            "implementation": {"name": "spec2bdd", "version": __version__},
            "runtime": {"name": platform.python_implementation(), "version": platform.python_version()},
            "os": system,
            "cpu": {"name": platform.machine()},
        }
    }
    played = list(list_played(report, sources))
    for feature in sources.features:
        yield {"source": {"uri": feature.path, "data": feature.text, "mediaType": _MEDIA_TYPE}}
        if feature.error:
            place = {"uri": feature.path, "location": {"line": feature.error_line or 1}}
            yield {"parseError": {"source": place, "message": feature.error}}
            continue
        yield {"gherkinDocument": feature.document}
        yield from ({"pickle": pickle} for pickle in feature.pickles)
    cases = [scenario for scenario in played if scenario.attempts]
    yield from _list_definitions(cases, sources)
    clock = Clock(report.run.started if report.run else "")
    yield {"testRunStarted": {"id": _RUN, "timestamp": clock.timestamp}}
    yield from ({"testCase": _build_case(scenario)} for scenario in cases)
    for scenario in cases:
        for number, attempt in enumerate(scenario.attempts):
            yield from _list_attempt(scenario, attempt, number, clock)
    failures = [failure.message for run in report.runs if not run.is_past for failure in run.failures]
    message = {"message": failures[0].encode("utf-8", "backslashreplace").decode()} if failures else {}
    finished = {"testRunStartedId": _RUN, "timestamp": clock.timestamp, "success": not report.exit_code, **message}
    yield {"testRunFinished": finished}


def _list_definitions(cases: list[Played], sources: GherkinSources) -> Iterator[dict[str, Any]]:
    """Yield the step definitions that were used, and one hook for the errors of hooks, if there are any."""
    steps = [step for scenario in cases for attempt in scenario.attempts for step in attempt.steps]
    for location in sorted({step.location for step in steps} - {""}):
        path, _, line = location.rpartition(":")
        matcher, pattern = sources.patterns.get(location, ("", ""))
        kind = "REGULAR_EXPRESSION" if matcher.startswith("re") else "CUCUMBER_EXPRESSION"
        yield {
            "stepDefinition": {
                "id": f"definition {location}",
                "pattern": {"type": kind, "source": pattern},
                "sourceReference": {"uri": path, "location": {"line": int(line)}}
                if line.isdigit()
                else {"uri": location},
            }
        }
    attempts = [attempt for scenario in cases for attempt in scenario.attempts]
    for kind, is_needed in (("before", any(a.before for a in attempts)), ("after", any(a.after for a in attempts))):
        if is_needed:
            source = {"uri": "environment.py", "location": {"line": 1}}
            name = {"name": f"{kind} the scenario", "type": f"{kind.upper()}_TEST_CASE"}
            yield {"hook": {"id": kind, "sourceReference": source, **name}}


def _build_case(scenario: Played) -> dict[str, Any]:
    """Build the test case of a pickle: its steps, with the definitions that the last try had for them."""
    steps = [
        {
            "id": f"step {step['id']}",
            "pickleStepId": step["id"],
            "stepDefinitionIds": [f"definition {outcome.location}"] if outcome.location else [],
            "stepMatchArgumentsLists": [{"stepMatchArguments": []}] if outcome.location else [],
        }
        for step, outcome in zip(scenario.pickle["steps"], scenario.attempts[-1].steps, strict=True)
    ]
    case = _name_case(scenario)
    hooks = {kind: {"id": f"{kind} {case}", "hookId": kind} for kind in _list_hooks(scenario)}
    ordered = [*filter(None, [hooks.get("before"), *steps, hooks.get("after")])]
    return {"id": case, "pickleId": scenario.pickle["id"], "testRunStartedId": _RUN, "testSteps": ordered}


def _name_case(scenario: Played) -> str:
    """Name the test case of a pickle."""
    return f"case {scenario.pickle['id']}"


def _list_hooks(scenario: Played) -> list[str]:
    """List the hooks that failed in a try of a scenario."""
    attempts = scenario.attempts
    return [kind for kind in ("before", "after") if any(getattr(attempt, kind) for attempt in attempts)]


def _list_attempt(scenario: Played, attempt: Attempt, number: int, clock: Clock) -> Iterator[dict[str, Any]]:
    """Yield the messages of one try."""
    case = _name_case(scenario)
    started = f"{case} try {number}"
    head = {"attempt": number, "id": started, "testCaseId": case, "timestamp": clock.timestamp}
    yield {"testCaseStarted": head}
    hooks = {kind: (f"{kind} {case}", getattr(attempt, kind)) for kind in _list_hooks(scenario)}
    pickled = zip(scenario.pickle["steps"], attempt.steps, strict=True)
    steps = [(f"step {step['id']}", outcome) for step, outcome in pickled]
    outcomes = {
        kind: (id_, StepOutcome("FAILED" if error else "PASSED", 0.0, error)) for kind, (id_, error) in hooks.items()
    }
    for identifier, outcome in filter(None, [outcomes.get("before"), *steps, outcomes.get("after")]):
        place = {"testCaseStartedId": started, "testStepId": identifier}
        yield {"testStepStarted": {**place, "timestamp": clock.timestamp}}
        clock.advance(outcome.seconds)
        if outcome.output:
            log = {"body": outcome.output, "mediaType": _LOG, "contentEncoding": "IDENTITY"}
            yield {"attachment": {**place, **log, "timestamp": clock.timestamp}}
        nanos = round(outcome.seconds * _NANOS)
        duration = {"seconds": nanos // _NANOS, "nanos": nanos % _NANOS}
        message = {"message": outcome.message} if outcome.message else {}
        result = {"duration": duration, "status": outcome.status, **message}
        yield {"testStepFinished": {**place, "testStepResult": result, "timestamp": clock.timestamp}}
    is_last = number + 1 == len(scenario.attempts)
    yield {
        "testCaseFinished": {"testCaseStartedId": started, "timestamp": clock.timestamp, "willBeRetried": not is_last}
    }
