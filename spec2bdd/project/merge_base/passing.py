"""Find the criteria that pass, whatever else the project requires of a pass."""

from __future__ import annotations

from dataclasses import replace

from spec2bdd.model import Criterion, CriterionVerdict, JudgeOptions, Verdict
from spec2bdd.project.assessment import judge_project
from spec2bdd.project.loader import Project
from spec2bdd.project.outcome import LoadedRuns


def find_passing(
    project: Project, runs: LoadedRuns, judge_options: JudgeOptions
) -> tuple[dict[str, tuple[str, Criterion]], list[CriterionVerdict]]:
    """Find the criteria that runs prove, by id, each with the path of its spec; and the verdicts of the others.

    Those without a scenario, such as one that is proved by those nested under it, are neither.
    """
    # What is pending because it is blind, or green at the merge base, passes: whether it is, is what is asked.
    config = replace(project.config, challenge="off")
    unrequired = replace(project, config=replace(config, require_red="off") if config.require_red == "base" else config)
    assessed = judge_project(unrequired, runs.runs, judge_options, runs.reports, today=runs.today)
    files = {item.id: item.files for plan in project.plans for item in plan.tracked}
    passed: dict[str, tuple[str, Criterion]] = {}
    others: list[CriterionVerdict] = []
    for report in assessed.specs:
        for verdict in report.verdicts:
            # What only a report of another tool calls passed was not run here.
            if verdict.verdict is Verdict.PASSED and files[verdict.id] and not verdict.external_only:
                passed[verdict.id] = report.spec.path, verdict.criterion
            elif files[verdict.id]:
                others.append(verdict)
    return passed, others
