"""What nobody needs any more in, out what of it may be removed, and what is told of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from spec2bdd.domain.steps.pruning import PruneResult, find_prunable
from spec2bdd.model import FileChange, Severity, UnusedStep
from spec2bdd.project.loader import Project

_MOST_TOLD = 20


def find_prunable_features(project: Project) -> tuple[str, ...]:
    """Return the generated feature files whose spec is gone and that nobody has edited."""
    memories = ((path, project.library.memories[path]) for path in project.orphans)
    return tuple(path for path, memory in memories if memory.margins_intact and not memory.edited)


def list_other_features(project: Project, removed: Set[str]) -> tuple[str, ...]:
    """Return the feature files that Behave runs beside those that today's specs make."""
    ours = {draft.feature.path for draft in project.drafts if draft.feature and not draft.hand_edited}
    return tuple(path for path in project.library.tags if path not in ours and path not in removed)


def prune_steps(project: Project, unused: Sequence[UnusedStep], files: Mapping[str, bytes]) -> PruneResult:
    """Return what is unused in the step files; where a spec could not be read, nobody knows which steps it has."""
    errors = (problem for problem in project.problems if problem.severity is Severity.ERROR)
    hand_edits = {edit for draft in project.drafts for edit in draft.hand_edits}
    if not unused or any(problem not in hand_edits for problem in errors):
        return PruneResult()
    steps = {path: content for path, content in files.items() if path.startswith(f"{project.config.steps}/")}
    return find_prunable(unused, steps, criteria=frozenset(_list_docs(project)))


def plan_removals(project: Project, paths: Sequence[str]) -> tuple[FileChange, ...]:
    """Plan to remove feature files."""
    return tuple(FileChange(path, project.contents[path], None) for path in paths)


def describe_unused(pruned: PruneResult, *, prune: bool) -> tuple[str, ...]:
    """Return a note for each definition that no scenario uses and that stays."""
    left = sorted(
        (one for one in pruned.unused if not (prune and one in pruned.stubs)), key=lambda one: (one.path, one.line)
    )
    notes = [_describe(one, stub=one in pruned.stubs) for one in left[:_MOST_TOLD]]
    return tuple([*notes, f"{len(left) - _MOST_TOLD} more definitions are in no use"] if left[_MOST_TOLD:] else notes)


def _describe(one: UnusedStep, *, stub: bool) -> str:
    """Return what is told of one definition."""
    advice = "`spec2bdd generate --prune` removes the stub" if stub else "it is yours, to keep or to delete"
    return f"no scenario uses `@{one.kind}` {one.pattern!r} in {one.path}:{one.line}; {advice}"


def _list_docs(project: Project) -> Iterator[str]:
    """Yield all that the docstring of a stub may say, with the words that criteria have and had."""
    entries = [entry for memory in project.library.memories.values() for entry in memory.remembered]
    texts = {text for entry in entries for text in (entry.text, entry.reworded) if text}
    texts |= {item.criterion.text for draft in project.drafts for item in draft.identified}
    return (f"{tier}: {text}" for tier in ("Must", "Should", "Could") for text in texts)
