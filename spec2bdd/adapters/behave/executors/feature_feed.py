"""A parsed feature and the units of it that are handed out one by one in, the scenarios of these units to Behave out.

Behave runs a feature by one loop over its items. That loop gets what is pulled; whoever else looks sees all items. So
the hooks of a feature are called once around all units that a worker takes of it in a row.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from behave.model import Rule, ScenarioContainer, ScenarioOutline

from spec2bdd.adapters.behave.executors.work_units import WorkUnit

_LOOPS = (ScenarioContainer.run.__code__, ScenarioOutline.run.__code__)
Pull = Callable[[], WorkUnit | None]


class FilteredItems(list[Any]):
    """The items of a feature, rule or outline, from which Behave's own loop gets only some."""

    def __init__(self, items: list[Any], choose: Callable[[list[Any]], Iterator[Any]]) -> None:
        super().__init__(items)
        self._choose = choose

    def __iter__(self) -> Iterator[Any]:
        """Yield what the loop shall run, or every item to anybody else."""
        return self._choose([*super().__iter__()]) if sys._getframe(1).f_code in _LOOPS else super().__iter__()


class FeatureFeed:
    """The way of one worker through one feature: the units it takes of it, and the scenarios of these units."""

    def __init__(self, feature: Any, *, pull: Pull, retries: int) -> None:
        self.feature = feature
        self.taken: list[Any] = []
        self._scenarios: list[Any] = feature.walk_scenarios()
        self._known = set(self._scenarios)
        self._chosen: set[Any] = set()
        self._pull = pull
        self._retries = retries
        feature.run_items = FilteredItems(feature.run_items, self._choose_units)
        for item in feature.run_items:
            _replace_items(item, self._choose_items)

    def take_unit(self, unit: WorkUnit) -> None:
        """Let the scenarios of a unit be run next."""
        self._chosen = {self._scenarios[place] for place in unit.scenarios}
        self.taken += [self._scenarios[place] for place in unit.scenarios]

    def _choose_units(self, items: list[Any]) -> Iterator[Any]:
        """Yield the items that hold scenarios of the units, as long as there are units of this feature."""
        while True:
            yield from self._choose_items(items)
            unit = self._pull()
            if unit is None:
                return
            self.take_unit(unit)

    def _choose_items(self, items: list[Any]) -> Iterator[Any]:
        """Yield the items that hold scenarios of the unit; a scenario that fails is tried again."""
        for item in items:
            if self._is_chosen(item):
                yield item
                tries = self._retries if item.type == "scenario" else 0
                while tries and item.status.has_failed():
                    tries -= 1
                    item.reset()
                    yield item

    def _is_chosen(self, item: Any) -> bool:
        """Tell whether an item is to be run; what a hook added belongs to the first scenario of the feature."""
        if isinstance(item, ScenarioOutline):
            rows = item._scenarios
            changed = not isinstance(item.scenarios, FilteredItems)
            return any(row in self._chosen for row in (rows[:1] if changed else rows)) or (changed and self._is_first())
        if isinstance(item, Rule):
            return any(scenario in self._chosen for scenario in item.walk_scenarios())
        return item in self._chosen or (item not in self._known and self._is_first())

    def _is_first(self) -> bool:
        """Tell whether the unit holds the first scenario of the feature."""
        return bool(self._scenarios) and self._scenarios[0] in self._chosen


def _replace_items(item: Any, choose: Callable[[list[Any]], Iterator[Any]]) -> None:
    """Let Behave's loops over the items of a rule or an outline get only those that are chosen."""
    if isinstance(item, ScenarioOutline):
        item._scenarios = FilteredItems(item.scenarios, choose)
    elif isinstance(item, Rule):
        item.run_items = FilteredItems(item.run_items, choose)
        for inner in item.run_items:
            _replace_items(inner, choose)
