"""Find out what hooks have changed of scenarios: those would prove something else than their feature file says."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from spec2bdd.adapters.behave.glue.serialize import read_steps, read_tags


class ScenarioSnapshots:
    """The steps and tags of scenarios before any hook could change them."""

    def __init__(self) -> None:
        # Behave's scenarios hash by identity, which is what is needed: names may repeat.
        self._steps: dict[Any, list[tuple[Any, ...]]] = {}
        self._tags: dict[Any, list[str]] = {}

    def save(self, scenario: Any) -> None:
        """Save a scenario as it is now."""
        self._steps[scenario] = read_steps(scenario)
        self._tags[scenario] = read_tags(scenario)

    def find_tags(self, scenario: Any) -> list[str]:
        """Find the tags of a scenario in its file, or those that it has now if a hook has made it.

        Hooks may move tags about; a criterion is proved by the scenarios with its tag in the file.
        """
        return self._tags.get(scenario) or read_tags(scenario)

    def describe_change(self, scenario: Any) -> str:
        """Describe the first change of a scenario's steps; empty if there is none."""
        after = read_steps(scenario)
        before = self._steps.get(scenario, after)
        if before == after:
            return ""
        # A step is a tuple of kind, name, line and doc string (`read_steps`).
        changed_lines = (old[2] for old, new in zip_longest(before, after) if old and old != new)
        line = next(changed_lines, scenario.line)
        return f"the steps are not those of the feature file: something changed them, first in line {line}"
