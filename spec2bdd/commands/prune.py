"""What `generate --prune` deletes, and what stays unused without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from spec2bdd.domain.steps.pruning import PruneResult, find_prunable
from spec2bdd.model import Severity, UnusedStep
from spec2bdd.project.loader import Project

# More notes than this would hide the rest of the report.
_MOST_NOTES = 20


def find_prunable_features(project: Project) -> tuple[str, ...]:
    """Find the generated feature files whose spec is gone and that were not edited by hand."""
    return tuple(path for path in project.orphans if project.feature_index.manifests[path].is_intact)


def list_other_features(project: Project, removed: Set[str]) -> tuple[str, ...]:
    """List the feature files that Behave runs in addition to those generated from today's specs."""
    generated = {plan.feature.path for plan in project.plans if plan.feature and not plan.hand_edited}
    return tuple(path for path in project.feature_index.tags if path not in generated and path not in removed)


def prune_steps(project: Project, unused: Sequence[UnusedStep], files: Mapping[str, bytes]) -> PruneResult:
    """Find what can be deleted from the step files; nothing if a spec could not be read, since it may need any step."""
    errors = (diagnostic for diagnostic in project.diagnostics if diagnostic.severity is Severity.ERROR)
    hand_edits = {edit for plan in project.plans for edit in plan.hand_edits}
    if not unused or any(diagnostic not in hand_edits for diagnostic in errors):
        return PruneResult()
    steps = {path: content for path, content in files.items() if path.startswith(f"{project.config.steps}/")}
    # The docstring of a stub is one of the wordings that its criterion has or had, in any tier.
    entries = [entry for manifest in project.feature_index.manifests.values() for entry in manifest.entries]
    texts = {text for entry in entries for text in (entry.text, entry.reworded) if text}
    texts |= {tracked.criterion.text for plan in project.plans for tracked in plan.tracked}
    docstrings = frozenset(f"{tier}: {text}" for tier in ("Must", "Should", "Could") for text in texts)
    return find_prunable(unused, steps, criteria=docstrings, width=project.config.line_length)


def describe_unused(pruned: PruneResult, *, prune: bool) -> tuple[str, ...]:
    """Describe each unused definition that stays, up to a limit."""
    kept = [step for step in pruned.unused if not (prune and step in pruned.stubs)]
    kept.sort(key=lambda step: (step.path, step.line))
    notes = []
    for step in kept[:_MOST_NOTES]:
        where = f"unused step definition `@{step.kind}({step.pattern!r})` in {step.path}:{step.line}"
        if prune:
            notes.append(f"kept: {where} (not an unmodified stub; delete it by hand)")
        else:
            remedy = "; `spec2bdd generate --prune` deletes the stub" if step in pruned.stubs else ""
            notes.append(f"{where}{remedy}")
    if more := len(kept[_MOST_NOTES:]):
        noun = "definition" if more == 1 else "definitions"
        notes.append(f"{'kept: ' if prune else ''}{more} more unused step {noun}")
    return tuple(notes)
