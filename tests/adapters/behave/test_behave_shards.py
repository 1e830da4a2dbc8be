"""Shards: whatever the files and durations are, they are disjoint, together everything, and of about the same time."""

from __future__ import annotations

from collections.abc import Mapping

from behave_project import Project
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.adapters.behave.executors.shards import assign_shards, plan_shards
from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, select_scenarios
from spec2bdd.adapters.results.wire import run_options_to_json
from spec2bdd.model import RunOptions

SECONDS = st.one_of(st.floats(), st.sampled_from([0.0, -1.0, 1e-9, 1e308, float("nan"), float("inf")]))
SIZES = st.lists(st.integers(0, 12), max_size=8)


def make_features(*sizes: int) -> list[CollectedFeature]:
    """Return features with that many scenarios; one without any could not be read."""
    return [
        CollectedFeature(file, f"features/{file}.feature", ((),) * size, tuple(f"scenario {n}" for n in range(size)))
        for file, size in enumerate(sizes)
    ]


@given(
    sizes=SIZES,
    count=st.integers(1, 40),
    durations=st.dictionaries(
        st.integers(0, 8).map("features/{}.feature".format),
        st.dictionaries(st.integers(0, 12).map("scenario {}".format), SECONDS),
    ),
)
def test_shards_are_disjoint_and_whole_for_any_number_files_and_durations(
    sizes: list[int], count: int, durations: Mapping[str, Mapping[str, float]]
) -> None:
    features = make_features(*sizes)
    plan = plan_shards(features, count=count, durations=durations)
    selected = [
        {(file, place) for file, places in enumerate(chosen) for place in places}
        for chosen in (
            select_scenarios(features, RunOptions(shard=(part, count)), plan.shards) for part in range(1, count + 1)
        )
    ]
    assert sum(map(len, selected)) == sum(sizes)
    assert set().union(*selected) == {(file, place) for file, size in enumerate(sizes) for place in range(size)}
    # Consecutive, so that the hooks of a feature are called in few shards.
    assert list(plan.shards) == sorted(plan.shards)


@given(sizes=SIZES, count=st.integers(1, 9), seconds=st.dictionaries(st.integers(0, 12), SECONDS))
def test_the_same_durations_in_any_order_give_the_same_partition(
    sizes: list[int], count: int, seconds: Mapping[int, float]
) -> None:
    rows = [(f"scenario {number}", value) for number, value in seconds.items()]
    one, other = (
        plan_shards(make_features(*sizes), count=count, durations={"features/0.feature": dict(order)})
        for order in (rows, rows[::-1])
    )
    assert (one.shards, one.digest) == (other.shards, other.digest)


@given(seconds=st.lists(st.integers(1, 10_000), min_size=1), count=st.integers(1, 20))
def test_no_shard_takes_longer_than_its_part_and_the_longest_scenario(seconds: list[int], count: int) -> None:
    loads = [0] * count
    for shard, took in zip(assign_shards(seconds, count), seconds, strict=True):
        loads[shard - 1] += took
    assert max(loads) <= sum(seconds) / count + max(seconds)


def test_durations_move_the_borders() -> None:
    (feature,) = features = make_features(4)
    durations = {feature.path: {"scenario 0": 9.0, "scenario 1": 1.0, "scenario 2": 1.0, "scenario 3": 1.0}}
    assert plan_shards(features, count=2, durations={}).shards == (1, 1, 2, 2)
    assert plan_shards(features, count=2, durations=durations).shards == (1, 2, 2, 2)


def test_a_scenario_without_a_duration_takes_the_median_of_its_feature_or_else_of_all() -> None:
    features = make_features(4, 2)
    durations = {"features/0.feature": {"scenario 0": 1.0, "scenario 1": 3.0, "scenario 2": 50.0}}
    plan = plan_shards(features, count=1, durations=durations)
    assert plan.seconds == {"features/0.feature": [1.0, 3.0, 50.0, 3.0], "features/1.feature": [3.0, 3.0]}
    assert plan.estimated == 3


def test_another_number_other_files_and_other_durations_have_another_digest() -> None:
    durations = {"features/0.feature": {"scenario 0": 9.0}}
    plans = [
        plan_shards(make_features(4), count=2, durations={}),
        plan_shards(make_features(4), count=3, durations={}),
        plan_shards(make_features(4, 1), count=2, durations={}),
        plan_shards(
            make_features(4),
            count=2,
            durations={
                "features/0.feature": {"scenario 0": 9.0}
                | dict.fromkeys(("scenario 1", "scenario 2", "scenario 3"), 1.0)
            },
        ),
    ]
    assert len({plan.digest for plan in plans}) == 4
    # Durations that divide the scenarios in the same way make no difference.
    assert plan_shards(make_features(1), count=2, durations=durations).digest == (
        plan_shards(make_features(1), count=2, durations={}).digest
    )


def test_a_run_is_divided_by_the_durations_and_records_that(project: Project) -> None:
    project.write(
        features__all_feature="Feature: All\n"
        + "".join(f"  Scenario: {name}\n    Then it works\n" for name in ("a", "b", "c", "d"))
    )
    durations = {"features/all.feature": {"a": 9.0, "b": 1.0, "c": 1.0}}
    run = project.run(plan=RunOptions(shard=(2, 2), durations=durations))
    assert [result.name for result in run.results if result.status == "passed"] == ["b", "c", "d"]
    assert (run.shard, run.estimated, len(run.partition)) == ((2, 2), 1, 64)
    assert project.events[0]["asked"] == run_options_to_json(RunOptions(shard=(2, 2)))
