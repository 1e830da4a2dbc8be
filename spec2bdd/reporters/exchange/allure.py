"""The `allure` format: a folder with a result for each criterion and try, and for each done item."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from spec2bdd.model import CriterionVerdict, ScenarioResult, StepResult, Tier
from spec2bdd.reporters.exchange.clock import Clock
from spec2bdd.reporters.exchange.results import Case, CaseStatus, Suite, build_suites, name_spec
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report
from spec2bdd.reporters.terminal.escape import render_visible, split_visible_lines

_NAMESPACE = uuid5(NAMESPACE_URL, "https://spec2bdd/criterion")
_SEVERITIES = {Tier.MUST: "critical", Tier.SHOULD: "normal", Tier.COULD: "minor", Tier.WONT: "trivial"}
_CASES = {
    CaseStatus.PASSED: "passed",
    CaseStatus.FAILED: "failed",
    CaseStatus.SKIPPED: "skipped",
    CaseStatus.ERROR: "broken",
}
# From the words of Behave. What is not an assertion that failed is broken.
_STEPS = {
    "passed": "passed",
    "failed": "failed",
    **dict.fromkeys(("error", "hook_error", "cleanup_error", "undefined"), "broken"),
}


def render_files(answer: Answer, options: RenderOptions) -> dict[str, str]:
    """Render the files of the folder by their names.

    The names follow from the ids of the criteria: results that are written again replace the earlier ones.
    """
    import attr

    report = find_report(answer)
    clock = Clock(report.run.started if report.run else "")
    files: dict[str, str] = {}
    for suite in build_suites(report, pending_fails=options.pending_fails):
        for case in suite.cases:
            for result, attachments in _list_results(suite, case, clock):
                # Allure's own writer leaves out what is not known, too.
                content = attr.asdict(result, filter=lambda _, value: value not in (None, "", []))
                files[f"{result.uuid}-result.json"] = json.dumps(content, indent=2) + "\n"
                files |= attachments
    return files


def _list_results(suite: Suite, case: Case, clock: Clock) -> Iterator[tuple[Any, dict[str, str]]]:
    """Yield a result for each try of a criterion, the last of which counts, with the files that are attached to it."""
    from allure_commons.model2 import Attachment, TestResult

    # Lines of a spec move more often than an item of its definition of done is reworded.
    place = case.id or (f"{case.path}:{case.name}" if case.done else f"{case.path}:{case.line}:{case.name}")
    tries = max((len(record.tries) for record in case.records), default=0)
    for number in range(tries + 1):
        is_last = number == tries
        # A scenario that passed at once was not tried again.
        records = [record.tries[number] if number < len(record.tries) else record for record in case.records]
        records = [*case.records] if is_last else records
        start = clock.milliseconds
        steps = _build_steps(records, clock)
        failed = [record for record in records if record.status != "passed"]
        uuid = str(uuid5(_NAMESPACE, place if is_last else f"{place} try {number}"))
        words = {_STEPS.get(record.status) for record in records}
        status = _CASES[case.status] if is_last else "failed" if failed else "passed"
        if status == "failed" and "broken" in words and "failed" not in words:
            status = "broken"
        outputs = {
            f"{uuid5(_NAMESPACE, f'{uuid} {index}')}-attachment.txt": "\n".join(split_visible_lines(record.output))
            for index, record in enumerate(records)
            if record.output
        }
        flaky = bool(case.judgement and case.judgement.flaky)
        result = TestResult(
            uuid=uuid,
            # Allure recognises a test in later reports, and the tries of one, by this id.
            historyId=uuid5(_NAMESPACE, place).hex,
            testCaseId=uuid5(_NAMESPACE, place).hex,
            fullName=f"{case.path}: {case.id or case.name}",
            titlePath=[suite.name],
            name=case.name or case.id,
            status=status,
            statusDetails=_build_details(case.message, case.details, flaky=flaky) if is_last else None,
            stage="finished",
            labels=_build_labels(suite, case),
            steps=steps,
            attachments=[Attachment(name="output", source=name, type="text/plain") for name in outputs],
            start=start,
            stop=clock.milliseconds,
        )
        yield result, outputs


def _build_steps(records: Sequence[ScenarioResult], clock: Clock) -> list[Any]:
    """Build the steps of a scenario; of several, each is a step with its own steps in it."""
    from allure_commons.model2 import TestStepResult

    if len(records) == 1:
        return [_build_step(step, clock) for step in records[0].steps]
    scenarios = []
    for record in records:
        start = clock.milliseconds
        scenarios.append(
            TestStepResult(
                name=render_visible(f"Scenario: {record.name} ({record.feature}:{record.line})"),
                status=_STEPS.get(record.status, "skipped"),
                statusDetails=_build_details(render_visible("; ".join(record.failures))),
                stage="finished",
                steps=[_build_step(step, clock) for step in record.steps],
                start=start,
                stop=clock.milliseconds,
            )
        )
    return scenarios


def _build_step(step: StepResult, clock: Clock) -> Any:
    """Build one step."""
    from allure_commons.model2 import TestStepResult

    start = clock.milliseconds
    clock.advance(step.seconds)
    return TestStepResult(
        name=render_visible(f"{step.keyword} {step.text}"),
        status=_STEPS.get(step.status, "skipped"),
        statusDetails=_build_details("\n".join(split_visible_lines(step.error))),
        stage="finished",
        start=start,
        stop=clock.milliseconds,
    )


def _build_details(message: str, trace: str = "", *, flaky: bool = False) -> Any:
    """Build the details of a status, if there are any."""
    from allure_commons.model2 import StatusDetails

    details = StatusDetails(message=message or None, trace=trace or None, flaky=flaky or None)
    return details if message or trace or flaky else None


def _build_labels(suite: Suite, case: Case) -> list[Any]:
    """Build the labels of a criterion, by which Allure groups and filters."""
    from allure_commons.model2 import Label

    feature = name_spec(suite.spec) if suite.spec else suite.name
    labels: list[tuple[str, str]] = [("feature", feature), ("suite", suite.name), ("framework", "spec2bdd")]
    judgement: CriterionVerdict | None = case.judgement
    if suite.spec:
        spec = suite.spec.spec
        labels += [("epic", spec.find_value("prd_section")), ("owner", spec.find_value("owner"))]
    if judgement:
        criterion = judgement.criterion
        labels += [("story", criterion.group or case.name), ("severity", _SEVERITIES[criterion.tier])]
        labels += [("tag", tag) for tag in (judgement.id, str(criterion.tier), *criterion.tags)]
    values: Mapping[tuple[str, str], None] = dict.fromkeys((name, render_visible(value)) for name, value in labels)
    return [Label(name=name, value=value) for name, value in values if value]
