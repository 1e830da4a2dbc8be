"""The `accept` command: accept the new wording of a criterion."""

from __future__ import annotations

from spec2bdd.commands.decide import decide
from spec2bdd.commands.options import Options
from spec2bdd.config import Config
from spec2bdd.domain.gherkin.manifest.manifest import accept_rewording
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.errors import ConfigError
from spec2bdd.model import FileChange, Report, TrackedCriterion
from spec2bdd.project.loader import Project
from spec2bdd.project.lookup import find_criterion


def plan_acceptance(project: Project, typed: str) -> tuple[tuple[FileChange, ...], tuple[str, ...]]:
    """Plan to accept the wording of one criterion, and say what that means.

    Raises:
        ConfigError: it is not clear which criterion is meant, or its feature file does not have the wording yet.
    """
    draft, item = find_criterion(project.drafts, typed)
    if not item.reworded:
        return (), (f"nothing to accept: `{item.criterion.text}` has the wording that was accepted last",)
    change = _plan_note_off(draft, item, project)
    if change is None or not item.current:
        message = f"the feature file does not have the wording of `{item.id}` yet"
        hint = "type `spec2bdd generate` first, and look at what it says"
        raise ConfigError(message, path=draft.spec.path, line=item.criterion.line, column=1, hint=hint)
    return (change,), (f'`{item.id}` was "{item.reworded}" and is now "{item.criterion.text}"',)


def _plan_note_off(draft: SpecPlan, item: TrackedCriterion, project: Project) -> FileChange | None:
    """Plan the feature file without the note, or nothing where there is none."""
    path = draft.feature.path if draft.feature else ""
    before = project.contents.get(path)
    if before is None:
        return None
    after = accept_rewording(before.decode("utf-8", "surrogateescape"), {item.id}).encode("utf-8", "surrogateescape")
    return FileChange(path, before, after) if after != before else None


def accept(config: Config, typed: str, options: Options) -> Report:
    """Accept the new wording of one criterion."""
    return decide("accept", config, lambda project: plan_acceptance(project, typed), options)
