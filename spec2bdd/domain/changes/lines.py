"""Join what several scenarios have run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from spec2bdd.model import ProcessLines
from spec2bdd.model.files import STEP_KEYWORDS


def merge_processes(processes: Sequence[ProcessLines]) -> ProcessLines:
    """Merge what ran in several processes; the steps that ran a line are known if they are for each of them."""
    known = [process.steps for process in processes if process.steps is not None]
    steps = {keyword: merge_lines(steps.get(keyword, {}) for steps in known) for keyword in STEP_KEYWORDS}
    return ProcessLines(
        merge_lines(process.lines for process in processes),
        frozenset().union(*(process.read for process in processes)),
        tuple(dict.fromkeys(doubt for process in processes for doubt in process.doubts)),
        steps if len(known) == len(processes) else None,
    )


def merge_lines(parts: Iterable[Mapping[str, Iterable[int]]]) -> dict[str, frozenset[int]]:
    """Merge lines by path."""
    merged: dict[str, frozenset[int]] = {}
    for part in parts:
        for path, numbers in part.items():
            merged[path] = merged.get(path, frozenset()).union(numbers)
    return merged
