"""The `eject` command: move generated scenarios to a hand-written feature file."""

from __future__ import annotations

from spec2bdd.commands.decisions.decide import PlannedDecision, decide, describe_place
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation
from spec2bdd.domain.planning.eject import plan_ejected_files
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.model import FileChange, ProofSource, Report, TrackedCriterion
from spec2bdd.project.loader import Project


def eject(project: ProjectLocation, *names: str, mode: WriteMode = WriteMode.WRITE) -> Report:
    """Move the generated scenarios of criteria to hand-written feature files.

    `names` are ids, numbers in a spec (`3.2#4`), or parts of the texts.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a name matches no criterion or several, or one has no generated scenario.
    """
    return decide("eject", project, names, _plan_ejection, mode=mode)


def _plan_ejection(project: Project, plan: SpecPlan, tracked: TrackedCriterion) -> PlannedDecision:
    """Plan both feature files: the generated one without the scenario, and the hand-written one with it."""
    generated = plan.feature.path if plan.feature else ""
    if tracked.proof is ProofSource.HAND_WRITTEN and generated not in tracked.files:
        paths = ", ".join(f"`{path}`" for path in tracked.files)
        return (), (f"nothing to eject: the scenario of {describe_place(plan, tracked)} is hand-written ({paths})",)
    texts = {path: content.decode("utf-8", "surrogateescape") for path, content in project.contents.items()}
    ejected = plan_ejected_files(plan, tracked, texts)
    changes = [
        # The generated file drops the scenario, which has to be in the other one by then.
        FileChange(
            path,
            project.contents.get(path),
            text.encode("utf-8", "surrogateescape"),
            needs=frozenset({ejected.own} - {path}),
        )
        for path, text in ejected.texts.items()
        if text.encode("utf-8", "surrogateescape") != project.contents.get(path)
    ]
    return tuple(changes), (
        f"moved the scenario of {describe_place(plan, tracked)} to `{ejected.own}`; keep the `@{tracked.id}` tag",
    )
