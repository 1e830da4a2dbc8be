"""The `accept` command: accept the new wording of a criterion."""

from __future__ import annotations

from spec2bdd.commands.decide import PlannedDecision, decide
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation
from spec2bdd.domain.gherkin.manifest.manifest import accept_rewording
from spec2bdd.errors import ConfigError
from spec2bdd.model import FileChange, Report
from spec2bdd.project.loader import Project
from spec2bdd.project.lookup import find_criterion


def accept(project: ProjectLocation, criterion: str, *, mode: WriteMode = WriteMode.WRITE) -> Report:
    """Accept the new wording of one criterion, so that it is no longer stale.

    `criterion` is an id, a number in a spec (`3.2#4`), or a part of the text.

    Raises:
        ConfigError: no criterion matches, several do, or its feature file does not have the new wording yet.
    """
    return decide("accept", project, lambda loaded: plan_acceptance(loaded, criterion), mode=mode)


def plan_acceptance(project: Project, query: str) -> PlannedDecision:
    """Plan to remove the note of the old wording from the feature file.

    Raises:
        ConfigError: no criterion matches, several do, or its feature file does not have the new wording yet.
    """
    draft, item = find_criterion(project.plans, query)
    if not item.reworded:
        return (), (f"nothing to accept: `{item.criterion.text}` has the wording that was accepted last",)
    path = draft.feature.path if draft.feature else ""
    before = project.contents.get(path)
    if before is not None and item.current:
        text = accept_rewording(before.decode("utf-8", "surrogateescape"), {item.id})
        after = text.encode("utf-8", "surrogateescape")
        if after != before:
            note = f'`{item.id}` was "{item.reworded}" and is now "{item.criterion.text}"'
            return (FileChange(path, before, after),), (note,)
    message = f"the feature file does not have the wording of `{item.id}` yet"
    hint = "run `spec2bdd generate` first, and check its output"
    raise ConfigError(message, path=draft.spec.path, line=item.criterion.line, column=1, hint=hint)
