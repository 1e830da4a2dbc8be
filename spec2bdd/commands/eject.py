"""The `eject` command: move a generated scenario to a hand-written feature file."""

from __future__ import annotations

from spec2bdd.commands.decide import PlannedDecision, decide
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation
from spec2bdd.domain.planning.eject import plan_ejected_files
from spec2bdd.model import FileChange, ProofSource, Report
from spec2bdd.project.loader import Project
from spec2bdd.project.lookup import find_criterion


def eject(project: ProjectLocation, criterion: str, *, mode: WriteMode = WriteMode.WRITE) -> Report:
    """Move the generated scenario of one criterion to a feature file of its author's own.

    `criterion` is an id, a number in a spec (`3.2#4`), or a part of the text.

    Raises:
        ConfigError: no criterion matches, several do, or it has no generated scenario.
    """
    return decide("eject", project, lambda loaded: plan_ejection(loaded, criterion), mode=mode)


def plan_ejection(project: Project, query: str) -> PlannedDecision:
    """Plan both feature files: the generated one without the scenario, and the hand-written one with it.

    Raises:
        ConfigError: no criterion matches, several do, or it has no generated scenario.
    """
    draft, item = find_criterion(project.plans, query)
    if item.proof is ProofSource.HAND_WRITTEN:
        return (), (f"nothing to eject: `{item.id}` is proved in {', '.join(f'`{path}`' for path in item.files)}",)
    texts = {path: content.decode("utf-8", "surrogateescape") for path, content in project.contents.items()}
    ejected = plan_ejected_files(draft, item, texts)
    changes = [
        FileChange(path, project.contents.get(path), text.encode("utf-8", "surrogateescape"))
        for path, text in ejected.texts.items()
    ]
    return tuple(changes), (f"moved `{item.id}` to `{ejected.own}`; keep the `@{item.id}` tag",)
