"""The `report` command: the whole project as a document, by the last records and without a run."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from spec2bdd.adapters.system.memory import pause_collector
from spec2bdd.commands._report import finish_report, soften_levels
from spec2bdd.commands.explain import explain_plan, judge_by_last_runs
from spec2bdd.commands.options import WriteMode
from spec2bdd.commands.reporting.texts import add_texts
from spec2bdd.config.location import ProjectLocation
from spec2bdd.domain.gherkin.naming import build_spec_key
from spec2bdd.domain.verdicts.status.blockers import find_review_blockers
from spec2bdd.domain.verdicts.timeline import build_timeline
from spec2bdd.model import Report, Severity, Tier
from spec2bdd.model.explanation import Documentation, SpecDocument
from spec2bdd.project.assessment import build_status_policy
from spec2bdd.project.history import summarize_histories
from spec2bdd.project.loader import load_project


@pause_collector()
def report(project: ProjectLocation = ".", *, texts: bool = False, now: datetime | None = None) -> Documentation:
    """Describe a project with all its specs, verdicts and history; nothing is run or written.

    With `texts`, each spec has the document of its author as HTML, and the code of the steps that prove it.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        RunError: a feature or step file cannot be read.
    """
    loaded = load_project(project, scenarios=False)
    judged = judge_by_last_runs(loaded)
    histories = summarize_histories(judged.observations)
    finished = finish_report(
        loaded,
        Report("report", notes=judged.assessed.notes),
        diagnostics=[*loaded.diagnostics, *judged.current],
        mode=WriteMode.CHECK,
    )
    policy, gate = build_status_policy(loaded.config), loaded.config.gate
    documents = [
        SpecDocument(
            build_spec_key(spec.spec),
            explain_plan(judged, number, histories),
            policy.adapt_to(spec.spec).find_status(spec.status_after),
            is_proved=not find_review_blockers(spec, gate),
        )
        for number, spec in enumerate(judged.assessed.specs)
    ]
    if texts:
        documents = add_texts(loaded, documents)
    shown = soften_levels(finished.diagnostics)
    severities = Counter(diagnostic.severity for diagnostic in shown)
    specs, unlinked = judged.assessed.specs, judged.assessed.unlinked
    is_failed = any(not spec.passed for spec in specs) or finished.exit_code == 1
    is_failed |= finished.unlinked_fails and any(scenario.is_failing for scenario in unlinked)
    wanted = (item for plan in loaded.plans for item in plan.tracked if item.criterion.tier is not Tier.WONT)
    return Documentation(
        loaded.config.root.absolute().name,
        (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        build_timeline(judged.observations, {item.id for item in wanted}),
        tuple(documents),
        runs=judged.runs.runs,
        unlinked=unlinked,
        diagnostics=tuple(item for item in shown if item.severity is Severity.ERROR),
        warnings=severities[Severity.WARNING],
        unusable=loaded.unusable,
        notes=finished.notes,
        # An error that the project has made of a warning is no reason: everything was read.
        exit_code=finished.exit_code if finished.exit_code == 2 else 0,
        failed=is_failed,
        unlinked_fails=finished.unlinked_fails,
    )
