"""Find out what hooks have changed of scenarios: those would prove something else than their feature file says."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from spec2bdd.adapters.behave.glue.serialize import read_step, read_steps, read_table, read_tags


class ScenarioSnapshots:
    """The steps and tags of scenarios before any hook could change them."""

    def __init__(self) -> None:
        # Behave's scenarios hash by identity, which is what is needed: names may repeat.
        self._steps: dict[Any, list[tuple[Any, ...]]] = {}
        self._tags: dict[Any, list[str]] = {}
        # What each step says, by its id: Behave's steps compare by their text. The scenarios keep them alive.
        self._by_step: dict[int, tuple[Any, ...]] = {}
        self._tables: dict[int, list[dict[str, str]]] = {}

    def save(self, scenario: Any) -> None:
        """Save a scenario as it is now."""
        self._steps[scenario] = read_steps(scenario)
        self._tags[scenario] = read_tags(scenario)
        for step, facts in zip(scenario.all_steps, self._steps[scenario], strict=True):
            self._by_step[id(step)] = facts
            if step.table is not None:
                self._tables[id(step)] = read_table(step.table)

    def describe_step_change(self, step: Any, scenario: Any) -> str:
        """Describe what makes a step another one than its feature file has, at this moment; empty if nothing does."""
        is_same = self._by_step.get(id(step)) == read_step(step)
        table = self._tables.get(id(step))
        # First what is so for nearly all steps: this is called twice for each of them.
        if (is_same and table is step.table is None) or scenario not in self._steps:
            return ""
        if table is None or step.table is None:
            is_same = is_same and table is step.table
        else:
            # A step may add columns, also to the table of a background, but has to keep all cells.
            rows = read_table(step.table)
            cells = zip(table, rows, strict=False)
            is_same = is_same and len(rows) == len(table) and all(old.items() <= new.items() for old, new in cells)
        if is_same:
            return ""
        return f"the step is not that of the feature file when it runs: something changed line {step.line}"

    def find_tags(self, scenario: Any) -> list[str]:
        """Find the tags of a scenario in its file; one that a hook has made is in none, and proves no criterion.

        Hooks may move tags about; a criterion is proved by the scenarios with its tag in the file.
        """
        return self._tags.get(scenario, [])

    def describe_change(self, scenario: Any) -> str:
        """Describe the first change of a scenario's steps; empty if there is none."""
        after = read_steps(scenario)
        before = self._steps.get(scenario, after)
        if before == after:
            return ""
        # A step is a tuple of kind, name, line and doc string (`read_steps`).
        changed_lines = (old[2] for old, new in zip_longest(before, after) if old and old != new)
        line = next(changed_lines, scenario.line)
        return f"the steps are not those of the feature file: something changed them, first on line {line}"
