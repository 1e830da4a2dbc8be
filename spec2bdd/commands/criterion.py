"""The commands about one criterion: what is asked of it in, the changes of feature files out."""

from __future__ import annotations

from spec2bdd.domain.gherkin.manifest.manifest import accept_wording
from spec2bdd.domain.planning.eject import derive_ejection
from spec2bdd.domain.planning.spec_plan import Draft
from spec2bdd.errors import ConfigError
from spec2bdd.model import Change, Identified, Proof
from spec2bdd.project.loader import Project
from spec2bdd.project.lookup import find_criterion


def plan_acceptance(project: Project, typed: str) -> tuple[tuple[Change, ...], tuple[str, ...]]:
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


def plan_ejection(project: Project, typed: str) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Plan to make the generated scenario of one criterion its author's own, and say where it will stand.

    Raises:
        ConfigError: it is not clear which criterion is meant, or it has no generated scenario.
    """
    draft, item = find_criterion(project.drafts, typed)
    if item.proof is Proof.HAND_WRITTEN:
        return (), (f"nothing to eject: `{item.id}` is proved in {', '.join(f'`{path}`' for path in item.files)}",)
    texts = {path: content.decode("utf-8", "surrogateescape") for path, content in project.contents.items()}
    ejected = derive_ejection(draft, item, texts)
    changes = [
        Change(path, project.contents.get(path), text.encode("utf-8", "surrogateescape"))
        for path, text in ejected.texts.items()
    ]
    return tuple(changes), (f"`{item.id}` is yours now, in `{ejected.own}`; keep its tag",)


def _plan_note_off(draft: Draft, item: Identified, project: Project) -> Change | None:
    """Plan the feature file without the note, or nothing where there is none."""
    path = draft.feature.path if draft.feature else ""
    before = project.contents.get(path)
    if before is None:
        return None
    after = accept_wording(before.decode("utf-8", "surrogateescape"), {item.id}).encode("utf-8", "surrogateescape")
    return Change(path, before, after) if after != before else None
