"""Which scenarios a plan selects, and how they are split into work units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from grouped import in_one_test

from spec2bdd.adapters.behave.executors.work_units import (
    CollectedFeature,
    WorkUnit,
    find_empty_features,
    select_scenarios,
    split_into_work_units,
)
from spec2bdd.model import RunOptions

FEATURES = [
    CollectedFeature(0, "a", (("x",), ("y",)), ("one", "two"), {}),
    CollectedFeature(1, "b", (("x", "y"), (), ("z",)), ("one", "three", "four"), {}),
]
PLANS: list[tuple[dict[str, Any], list[Sequence[int]]]] = [
    ({}, [(0, 1), (0, 1, 2)]),
    ({"only": {"x"}}, [(0,), (0,)]),
    ({"only": {"y", "z"}}, [(1,), (0, 2)]),
    ({"only": set()}, [(), ()]),
    ({"only": {"x"}, "also": {"a"}}, [(0, 1), (0,)]),
    # A name counts in its file alone.
    ({"only": set(), "scenarios": {("b", "one"), ("b", "four"), ("a", "four")}}, [(), (0, 2)]),
    ({"only": {"y"}, "scenarios": {("a", "one")}}, [(0, 1), (0,)]),
    ({"features": {"b"}}, [(), (0, 1, 2)]),
    ({"features": {"b"}, "only": {"x"}, "also": {"a"}}, [(), (0,)]),
]


@in_one_test("plan, expected", PLANS)
def test_a_plan_selects_by_tag_by_file_and_by_name(plan: dict[str, Any], expected: list[Sequence[int]]) -> None:
    facts: dict[str, Any] = {name: frozenset(value) for name, value in plan.items()}
    assert select_scenarios(FEATURES, RunOptions(**facts)) == expected


def test_each_scenario_belongs_to_the_shard_that_its_number_in_all_files_has() -> None:
    shards = [1, 2, 3, 1, 2]
    selected = [select_scenarios(FEATURES, RunOptions(shard=(number, 3)), shards) for number in (1, 2, 3)]
    assert selected == [[(0,), (1,)], [(1,), (2,)], [(), (0,)]]


EMPTY = [
    CollectedFeature(0, "a", (("x",),), ("one",), {"x": 1}),
    CollectedFeature(1, "b", expected={}),
    CollectedFeature(2, "c", expected={}),
    # It could not be parsed.
    CollectedFeature(3, "d"),
]
ASKED: list[tuple[RunOptions, set[int]]] = [
    (RunOptions(), {1, 2}),
    (RunOptions(features=frozenset({"a", "c", "d"})), {2}),
    (RunOptions(only=frozenset({"x"})), set()),
    (RunOptions(only=frozenset({"x"}), also=frozenset({"b", "d"})), {1}),
    (RunOptions(shard=(1, 2)), {1, 2}),
    (RunOptions(shard=(2, 2)), set()),
]


@in_one_test("plan, expected", ASKED)
def test_a_feature_without_scenarios_is_run_where_it_is_asked_for(plan: RunOptions, expected: set[int]) -> None:
    assert find_empty_features(EMPTY, plan) == expected


@pytest.mark.parametrize(("jobs", "whole"), [(1, False), (1, True), (4, True)])
def test_a_file_is_one_unit_for_one_worker_or_if_it_has_to_be_whole(jobs: int, whole: bool) -> None:
    durations = {"a": [1.0, 8.0], "b": [0.25, 0.25, 0.5]}
    units = split_into_work_units(FEATURES, [(0, 1), (0, 2)], jobs=jobs, durations=durations, whole=whole)
    assert units == [WorkUnit(0, 0, (0, 1), 9.0), WorkUnit(1, 2, (0, 2), 0.75)]
    # Also where there is nothing else.
    assert split_into_work_units(FEATURES[:1], [(0, 1)], jobs=jobs, durations=durations, whole=whole) == units[:1]


def test_for_several_workers_a_file_is_split_into_parts_that_take_a_quarter_of_their_share() -> None:
    # Of eight seconds, each of two workers has four, and no unit takes more than a quarter of that.
    feature = CollectedFeature(0, "a", ((),) * 6, tuple("abcdef"), {})
    durations = {"a": [0.5, 0.5, 5.0, 0.5, 0.75, 0.75]}
    units = split_into_work_units([feature], [range(6)], jobs=2, durations=durations)
    assert [unit.scenarios for unit in units] == [(0, 1), (2,), (3,), (4,), (5,)]


def test_without_the_duration_of_a_scenario_it_takes_as_long_as_the_average() -> None:
    durations = {"b": [1.0, 2.0, 6.0], "a": [5.0], "gone": [0.0]}
    units = split_into_work_units(FEATURES, [(0, 1), (0, 1, 2)], jobs=1, durations=durations)
    # The file has another number of scenarios than last time.
    assert [unit.seconds for unit in units] == [5.6, 9.0]
