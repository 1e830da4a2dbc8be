"""What the history knows of a criterion in, words out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec2bdd.model import CriterionExplanation, CriterionHistory, Explanation, Observation
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, render_lines

VERSION = 1


def describe_history(past: CriterionHistory | None) -> Iterator[str]:
    """Yield what is remembered of a criterion, a line for each thing."""
    if past is None:
        return
    yield f"{_describe_first(past)}; {_describe_last(past)}"
    yield describe_steadiness(past)
    if past.median_seconds is not None and past.last_seconds is not None:
        yield f"took {past.last_seconds:.2f} s last, {past.median_seconds:.2f} s as a rule"


def describe_steadiness(past: CriterionHistory) -> str:
    """Say how steady the results of a criterion are."""
    runs = f"{past.runs} {'run' if past.runs == 1 else 'runs'}"
    times = f"{past.changes} {'time' if past.changes == 1 else 'times'}"
    flaky = f"; flaky: passed and failed at commit {past.flaky[:9]}" if past.flaky else ""
    return f"switched between passed and not passed {times} in {runs}{flaky}"


def describe_observation(sighting: Observation | None) -> str:
    """Say when something was seen, and at which commit."""
    if sighting is None:
        return "never"
    return f"{describe_time(sighting.started)}{f' ({sighting.commit[:9]})' if sighting.commit else ''}"


def describe_time(started: str) -> str:
    """Say when a run began, as records have it, to the second."""
    return re.sub(r"\.\d+\+00:00$", "Z", started)


def _describe_first(past: CriterionHistory) -> str:
    """Say when a criterion passed first."""
    return f"first passed {describe_observation(past.first_passed)}"


def _describe_last(past: CriterionHistory) -> str:
    """Say when a criterion failed last."""
    return f"last failed {describe_observation(past.last_failed)}"


def render_history(explanation: Explanation, *, width: int, color: bool) -> str:
    """Show what is remembered of each criterion."""
    return render_lines(_derive_lines(explanation), width=width, color=color)


def _derive_lines(explanation: Explanation) -> Iterator[StyledLine]:
    """Name the spec, and show each criterion with its past."""
    spec = explanation.spec.spec
    yield StyledLine(((spec.find_value("name") or spec.title or spec.path, "bold"),), right=((spec.path, "dim"),))
    for entry in explanation.entries:
        yield BLANK
        yield from _derive_entry(entry)


def _derive_entry(entry: CriterionExplanation) -> Iterator[StyledLine]:
    """Show one criterion."""
    criterion = entry.item.criterion
    yield StyledLine(
        ((f"#{entry.number} ", "dim"), (criterion.text, "")), right=((f":{criterion.line}", "dim"),), hang=4
    )
    for line in describe_history(entry.past) if entry.past else ["nothing is remembered"]:
        yield StyledLine(((line, "dim"),), indent=4, hang=2)
