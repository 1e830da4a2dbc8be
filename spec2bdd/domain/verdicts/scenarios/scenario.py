"""Judge the result of one scenario; the status that Behave reports for it is not enough."""

from __future__ import annotations

import re

from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import RuleId, ScenarioResult, StepResult, Verdict, find_vacuous_step

PENDING = frozenset({"pending", "pending_warn", "undefined", "untested_pending", "untested_undefined"})
FAILED = frozenset({"failed", "error", "hook_error", "cleanup_error"})
# These two are not Behave's: a step with two definitions, and one whose definition may be in a file that did not load.
_DOUBTFUL = frozenset({"ambiguous", "unknown"})

_AT_LINE = re.compile(r"line (\d+): ")


def judge_record(record: ScenarioResult) -> Ruling:
    """Judge what one scenario proves."""
    # Whatever it reports, Ctrl-C may be the reason.
    if record.interrupted:
        return Ruling(Verdict.NOT_RUN, "interrupted", record)
    # Steps come first: Behave 1.3.3 calls a scenario with a pending step an error, or under `@wip` passed.
    found = {step.status for step in record.steps}
    for statuses, verdict in ((FAILED, Verdict.FAILED), (_DOUBTFUL, Verdict.NOT_RUN), (PENDING, Verdict.PENDING)):
        for step in () if found.isdisjoint(statuses) else record.steps:
            if step.status in statuses:
                rule = RuleId.BAD_FILE if statuses is _DOUBTFUL else None
                return Ruling(verdict, _describe_step(step), record, step, rule=rule)
    raised = next((step for step in record.steps if step.status == "passed" and step.error), None)
    if raised:
        # A hook can set the status of a step that failed; what the step raised stays with it.
        return Ruling(Verdict.FAILED, f"Behave reports `passed`, but {_describe_step(raised)}", record, raised)
    if record.failures or record.status in FAILED:
        return Ruling(Verdict.FAILED, "; ".join(record.failures) or f"Behave reports `{record.status}`", record)
    # The process ended here, by a crash or a kill.
    if not record.finished:
        return Ruling(Verdict.NOT_RUN, "Behave exited during this scenario", record)
    is_skipped = record.status == "skipped"
    # Behave 1.3.3 calls such a scenario passed.
    if not record.steps and not is_skipped:
        return Ruling(Verdict.PENDING, "the scenario has no steps", record, rule=RuleId.NO_STEPS)
    unproved = None if is_skipped else next((step for step in record.steps if step.status != "passed"), None)
    if unproved or record.status != "passed":
        return _judge_unproved(record, unproved)
    return _judge_passed_steps(record)


def _judge_unproved(record: ScenarioResult, step: StepResult | None) -> Ruling:
    """Judge a scenario that was skipped, or of which a step has another status than `passed`."""
    is_skipped = (step or record).status == "skipped"
    if is_skipped and record.skip_reason is not None:
        why = f': "{record.skip_reason}"' if record.skip_reason else ""
        return Ruling(Verdict.SKIPPED, f"by a step or hook{why}", record, step, rule=RuleId.SKIPPED_BY_CODE)
    if is_skipped and not step:
        return Ruling(Verdict.SKIPPED, "not part of this run", record)
    verdict = Verdict.SKIPPED if is_skipped else Verdict.NOT_RUN
    return Ruling(verdict, f"Behave reports `{(step or record).status}`", record, step)


def _judge_passed_steps(record: ScenarioResult) -> Ruling:
    """Judge a scenario whose steps all passed: it proves something only if they could have failed.

    The steps of a background are shared by every scenario of the feature: alone, they prove nothing about this one.
    """
    if record.bare:
        reason = "the scenario has no steps besides its background"
        return Ruling(Verdict.PENDING, reason, record, rule=RuleId.NO_STEPS)
    if vacuous := find_vacuous_step(record.steps, record.own_steps):
        place, why = vacuous.location, vacuous.vacuity
        path, _, first = place.rpartition(":")
        if (at := _AT_LINE.match(why)) and first.isdecimal() and int(at[1]) >= int(first):
            # The line of the check says more than that of its definition.
            place, why = f"{path}:{at[1]}", why[at.end() :]
        why = why.removeprefix("the assertion always passes: ")
        reason = f"vacuous step: {place or 'its definition'} cannot fail{f': {why}' if why else ''}"
        return Ruling(Verdict.PENDING, reason, record, vacuous, rule=RuleId.VACUOUS)
    return Ruling(Verdict.PASSED, "", record)


def _describe_step(step: StepResult) -> str:
    """Describe in one line why a step decided against its scenario."""
    if step.status == "undefined":
        return f"undefined step `{step.text}`"
    if step.status in PENDING:
        return "step not implemented"
    return step.error.strip().partition("\n")[0] or f"step has the status `{step.status}`"
