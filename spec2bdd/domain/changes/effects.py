"""Find whether changes of files can affect what a scenario did, by the lines that it ran and the files that it read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spec2bdd.domain.changes.blocks import MODULE, find_changed_blocks, find_run_blocks
from spec2bdd.domain.planning.affected import DOCUMENTS
from spec2bdd.model import CodeFile, RunLines, ScenarioLines
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that differs between two states of a project, or a folder with other names in it: its path ends with `/`.

    `before` and `after` are its two versions as code; None where it is no Python file, or one version is not known. A
    document counts only for what reads it.
    """

    path: str
    before: CodeFile | None = None
    after: CodeFile | None = None

    @property
    def is_document(self) -> bool:
        """Whether it is a document, such as a spec, or a folder."""
        return self.path.lower().endswith((*DOCUMENTS, "/"))


def find_effect(scenario: ScenarioLines, run: RunLines, changes: Sequence[ChangedFile]) -> str:
    """Find how one of the changes can affect a scenario as it ran, in words; nothing if none of them can.

    A file that was added or removed is no such change: anything may look for it.
    """
    process = scenario.process
    counted = next((change for change in changes if not change.is_document), None)
    doubts = (*run.loaded.doubts, *process.doubts)
    if counted and doubts:
        return f"`{counted.path}` has changed, and what that affects is not known: {_name(scenario)} {doubts[0]}"
    read = run.loaded.read | process.read
    for change in changes:
        if change.path in read:
            how = "lists" if change.path.endswith("/") else "reads"
            return f"`{change.path}`, which {_name(scenario)} {how}, has changed"
        if name := _find_changed_block(change, run, process.lines):
            return f"{name} has changed"
    return ""


def _find_changed_block(change: ChangedFile, run: RunLines, lines: Mapping[str, frozenset[int]]) -> str:
    """Find a block of a changed file that a process has run and that differs, in words; nothing if there is none."""
    path = change.path
    if path not in lines and path not in run.loaded.lines:
        return ""
    known = run.files.get(path)
    if known is None or change.before is None or change.after is None:
        return f"`{path}`"
    changed = find_changed_blocks(change.before.blocks, change.after.blocks)
    if changed is None or not known.blocks:
        return f"`{path}`"
    own = run.loaded.lines.get(path, frozenset()) | lines.get(path, frozenset())
    affected = sorted(changed & find_run_blocks(known.blocks, own))
    if not affected:
        return ""
    # The module itself last: what is inside of it says more.
    name = affected[-1]
    return f"`{name.partition('#')[0]}` in `{path}`" if name != MODULE else f"`{path}`"


def _name(scenario: ScenarioLines) -> str:
    """Name a scenario in a reason."""
    return f"`{scenario.feature}:{scenario.line}`"
