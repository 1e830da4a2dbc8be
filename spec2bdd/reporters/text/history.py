"""The answer of `history` for people, and the lines on the history of one criterion that `explain` shows too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec2bdd.model import CriterionHistory, Explanation, Observation, TestRun
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, render_lines

# A shorter time would be shown as 0.
_SHORTEST = 0.01


def render_history(explanation: Explanation, *, width: int, color: bool) -> str:
    """Show the history of each criterion of a spec."""
    spec = explanation.spec.spec
    name = spec.find_value("name") or spec.title or spec.path
    lines = [StyledLine(((name, "bold"),), right=((spec.path, "dim"),))]
    if not explanation.entries:
        nothing = f"no criteria yet: write them in `{spec.path}`, then `spec2bdd generate`"
        lines.append(StyledLine(((nothing, "dim"),), indent=4, hang=2))
    for entry in explanation.entries:
        criterion = entry.item.criterion
        parts = ((f"#{entry.number} ", "dim"), (criterion.text, ""))
        lines += [BLANK, StyledLine(parts, right=((f":{criterion.line}", "dim"),), hang=4)]
        nothing = "manual: no run judges it" if criterion.manual else "no runs recorded"
        facts = describe_history(entry.past) if entry.past else [nothing]
        lines += [StyledLine(((fact, "dim"),), indent=4, hang=2) for fact in facts]
    return render_lines(lines, width=width, color=color)


def describe_history(history: CriterionHistory | None) -> Iterator[str]:
    """Describe the history of a criterion, a line for each fact."""
    if history is None:
        return
    if not (history.first_passed or history.last_failed or history.changes):
        # A result is passed, failed or pending.
        yield f"pending in {'all ' if history.runs > 1 else ''}{count_noun(history.runs, 'run')}"
        return
    first, last = _describe_observation(history.first_passed), _describe_observation(history.last_failed)
    yield f"{f'first passed {first}' if first else 'never passed'}; {f'last failed {last}' if last else 'never failed'}"
    flaky = f"; flaky: passed and failed at commit {history.flaky[:9]}" if history.flaky else ""
    runs = count_noun(history.runs, "run")
    times = "once" if history.changes == 1 else f"{history.changes} times"
    # Without a change, it passed in all runs or in none.
    same = f"passed in all {runs}" if history.first_passed and history.runs > 1 else f"recorded in {runs}"
    yield f"{f'result changed {times} in {runs}' if history.changes else same}{flaky}"
    # Runs in which it neither passed nor failed have no time.
    if history.median_seconds is not None and history.last_seconds is not None:
        last, median = _describe_seconds(history.last_seconds), _describe_seconds(history.median_seconds)
        yield f"duration: last {last}, median {median}"


def describe_time(started: str) -> str:
    """Describe when a run began, to the second."""
    # Records have microseconds and UTC.
    return re.sub(r"\.\d+\+00:00$", "Z", started)


def describe_run(run: TestRun | None) -> str:
    """Describe the run that decided."""
    if run is None:
        return "none yet"
    # Shortened as git does: long enough to find the run in its records, and a commit.
    facts = [run.id[:8], describe_time(run.started), f"commit {run.commit[:9]}" if run.commit else ""]
    facts += [] if run.complete else ["which did not finish"]
    if run.complete and any(not failure.feature for failure in run.failures):
        facts.append("which ended with an error outside the scenarios")
    return ", ".join(filter(None, facts))


def _describe_seconds(seconds: float) -> str:
    """Describe a duration, to a hundredth of a second."""
    return f"{seconds:.2f} s" if seconds >= _SHORTEST else f"under {_SHORTEST} s"


def _describe_observation(observation: Observation | None) -> str:
    """Describe when a verdict was observed, and at which commit."""
    if observation is None:
        return ""
    commit = f" ({observation.commit[:9]})" if observation.commit else ""
    return f"{describe_time(observation.started)}{commit}"
