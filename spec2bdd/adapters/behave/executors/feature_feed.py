"""Feed Behave's loop over a feature with the scenarios of work units, one unit after the other.

Behave runs a feature by one loop over its items, with the hooks of the feature around it. That loop gets only the items
of the units that this worker runs; all other code sees all items. So the hooks of a feature are called once around all
units that a worker takes of it in a row.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from behave.model import Rule, ScenarioContainer, ScenarioOutline

from spec2bdd.adapters.behave.executors.work_units import WorkUnit

_LOOPS = (ScenarioContainer.run.__code__, ScenarioOutline.run.__code__)
RequestUnit = Callable[[], WorkUnit | None]


class FilteredItems(list[Any]):
    """The items of a feature, rule or outline, of which Behave's own loop gets only some."""

    def __init__(self, items: list[Any], choose: Callable[[list[Any]], Iterator[Any]]) -> None:
        super().__init__(items)
        self._choose = choose

    def __iter__(self) -> Iterator[Any]:
        """Yield the items to run if Behave's loop asks, and every item otherwise.

        In behave 1.3.3 `run` loops over the same list that `walk_scenarios`, the status of the feature, formatters and
        the user's hooks iterate over, and all of these have to see the whole feature. The loop is in the middle of the
        method, with hooks, skipping, statuses and clean-ups around it, and has no seam to override. So who asks is the
        only difference, and the calling frame the only way to know.
        """
        return self._choose([*super().__iter__()]) if sys._getframe(1).f_code in _LOOPS else super().__iter__()


class FeatureFeed:
    """The units of one feature that one worker runs in a row; `taken` are their scenarios."""

    def __init__(self, feature: Any, *, request_unit: RequestUnit, retries: int) -> None:
        self.feature = feature
        self.taken: list[Any] = []
        self._scenarios: list[Any] = feature.walk_scenarios()
        self._known = set(self._scenarios)
        self._chosen: set[Any] = set()
        self._request_unit = request_unit
        self._retries = retries
        feature.run_items = FilteredItems(feature.run_items, self._choose_units)
        for item in feature.run_items:
            _replace_items(item, self._choose_items)

    def take_unit(self, unit: WorkUnit) -> None:
        """Choose the scenarios of a unit to be run next."""
        self._chosen = {self._scenarios[place] for place in unit.scenarios}
        self.taken += [self._scenarios[place] for place in unit.scenarios]

    def _choose_units(self, items: list[Any]) -> Iterator[Any]:
        """Yield the items of one unit after the other, as long as there are units of this feature."""
        while True:
            yield from self._choose_items(items)
            unit = self._request_unit()
            if unit is None:
                return
            self.take_unit(unit)

    def _choose_items(self, items: list[Any]) -> Iterator[Any]:
        """Yield the items with scenarios of the unit; a scenario that fails is yielded again."""
        for item in items:
            if self._is_chosen(item):
                yield item
                tries = self._retries if item.type == "scenario" else 0
                while tries and item.status.has_failed():
                    tries -= 1
                    item.reset()
                    yield item

    def _is_chosen(self, item: Any) -> bool:
        """Whether an item has to be run; what a hook added, and a rule without scenarios, is run with the first one."""
        # Of a feature without scenarios, everything is run at once.
        is_first = not self._scenarios or self._scenarios[0] in self._chosen
        if isinstance(item, Rule):
            scenarios = item.walk_scenarios()
            return any(scenario in self._chosen for scenario in scenarios) or (is_first and not scenarios)
        if isinstance(item, ScenarioOutline):
            # Read before `scenarios`: that builds them again, as a plain list, if a hook has changed the table. The new
            # ones are in no unit; they are run with the first row that was there before.
            rows = item._scenarios
            is_rebuilt = not isinstance(item.scenarios, FilteredItems)
            if is_rebuilt:
                return is_first or any(row in self._chosen for row in rows[:1])
            return any(row in self._chosen for row in rows) or (is_first and not rows)
        return item in self._chosen or (item not in self._known and is_first)


def _replace_items(item: Any, choose: Callable[[list[Any]], Iterator[Any]]) -> None:
    """Filter the items of a rule or an outline, and of all that a rule holds."""
    if isinstance(item, ScenarioOutline):
        item._scenarios = FilteredItems(item.scenarios, choose)
    elif isinstance(item, Rule):
        item.run_items = FilteredItems(item.run_items, choose)
        for inner in item.run_items:
            _replace_items(inner, choose)
