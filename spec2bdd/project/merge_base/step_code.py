"""Find the criteria whose step definitions have other code than at the merge base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from spec2bdd.adapters.behave.challenges.origins import Origin
from spec2bdd.adapters.git.merge_base import MergeBase, list_base_files, read_blobs
from spec2bdd.domain.changes.step_code import UsedStep, find_changed_code
from spec2bdd.model import TestRun
from spec2bdd.project.loader import Project
from spec2bdd.project.since.product import build_origins


def find_recoded(
    project: Project, base: MergeBase, changed: Collection[str], *, runs: Iterable[TestRun]
) -> Mapping[str, str]:
    """Find the criteria whose steps have other code than at a merge base, by id, each with the first such step.

    `runs` say which definitions were run; `changed` are the files that differ, by their paths
    from the top of the repository. The product is no code of steps.

    Raises:
        MergeBaseError: git does not have the commit.
    """
    root, cut, files = project.config.root, len(base.prefix), list_base_files(base)
    here = [path[cut:] for path in changed if path.startswith(base.prefix) and path.endswith(".py")]
    origins = build_origins(project.config)
    here = [path for path in here if origins.find(str(root / path)) is not Origin.PRODUCT]
    if not here:
        return {}
    blobs = read_blobs(base.top, [files[path] for path in here if path in files])
    before = {path: blobs.get(files[path], b"") for path in here if path in files}
    after = {path: (root / path).read_bytes() for path in here if (root / path).is_file()}
    steps: dict[str, dict[UsedStep, None]] = defaultdict(dict)
    for record in (record for run in runs for record in run.results):
        used = [UsedStep(step.text, *_split_location(step.location)) for step in record.steps if step.location]
        for tag in record.tags:
            steps[tag].update(dict.fromkeys(used))
    # A step that is the same may call what has changed.
    ran = {step for used in steps.values() for step in used}
    for path in {step.path for step in ran}.difference(here):
        content = (root / path).read_bytes() if (root / path).is_file() else b""
        before[path] = after[path] = content
    changes = find_changed_code(before, after, ran)
    found = {tag: [changes[step] for step in used if step in changes] for tag, used in steps.items()}
    return {
        tag: f"{texts[0]}{f' ({len(texts) - 1} more)' if texts[1:] else ''}" for tag, texts in found.items() if texts
    }


def _split_location(location: str) -> tuple[str, int]:
    """Split the place of a step definition into path and line."""
    path, _, line = location.rpartition(":")
    return path, int(line) if line.isdigit() else 0
