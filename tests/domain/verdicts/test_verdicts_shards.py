"""Whether runs hold all shards of a project, and what is said of how a shard was cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from verdict_values import make_record

from spec2bdd.domain.verdicts.shards import check_shards, describe_shard
from spec2bdd.errors import RecordError
from spec2bdd.model import Diagnostic, RunOptions, Severity, TestRun


def make_shard(
    part: int,
    count: int,
    *,
    partition: str = "p",
    tree: str = "t",
    started: str = "",
    ran: str = "",
    complete: bool = True,
    kept: Sequence[str] = (),
) -> TestRun:
    """Return a run of one shard, or of no shard where there are none; `ran` has a letter for each scenario it ran."""
    digests = {"features/a.feature": tree}
    shard = (part, count) if count else None
    results = [
        replace(
            make_record("passed"),
            status="passed" if name in ran else "skipped",
            line=line,
            name=name,
            tags=(f"ac_{name}",),
        )
        for line, name in enumerate("abc", 1)
        if ran
    ]
    return TestRun(
        f"{part}/{count}",
        complete,
        digests=digests,
        shard=shard,
        partition=partition,
        started=started,
        results=tuple(results),
        kept={"earlier": tuple(kept)} if kept else {},
    )


@pytest.mark.parametrize(
    ("durations", "estimated", "note"),
    [
        (None, 4, ()),
        ({}, 4, ("shard 1/3: no earlier durations were found, so all scenarios count the same",)),
        ({"a": {}}, 0, ()),
        ({"a": {}}, 1, ("shard 1/3: 1 scenario has no earlier duration; the median of the feature was used",)),
        ({"a": {}}, 2, ("shard 1/3: 2 scenarios have no earlier duration; the median of the feature was used",)),
    ],
)
def test_missing_durations_are_said_in_one_line(
    durations: dict[str, dict[str, float]] | None, estimated: int, note: tuple[str, ...]
) -> None:
    run = TestRun("a", True, shard=(1, 3), estimated=estimated)
    assert describe_shard(RunOptions(durations=durations), run) == note


MISSING: list[tuple[dict[str, dict[str, float]], tuple[str, ...], int, tuple[str, ...]]] = [
    ({}, ("a",), 4, ("shard 1/3: `a` does not exist, so all scenarios count the same",)),
    ({}, ("a", "b*"), 4, ("shard 1/3: `a` and `b*` do not exist, so all scenarios count the same",)),
    ({"a": {}}, ("b",), 0, ("shard 1/3: `b` does not exist",)),
]


@pytest.mark.parametrize(("durations", "names", "estimated", "notes"), MISSING)
def test_files_with_durations_that_do_not_exist_are_named(
    durations: dict[str, dict[str, float]], names: tuple[str, ...], estimated: int, notes: tuple[str, ...]
) -> None:
    run = TestRun("a", True, shard=(1, 3), estimated=estimated)
    assert describe_shard(RunOptions(durations=durations, without_durations=names), run) == notes


WHOLE = {
    "all shards": [make_shard(1, 2), make_shard(2, 2)],
    "a shard twice": [make_shard(1, 2), make_shard(2, 2), make_shard(1, 2)],
    "a whole run": [make_shard(1, 2), make_shard(0, 0)],
    "a whole run with results": [make_shard(0, 0, ran="abc"), make_shard(1, 2, ran="ab")],
    "a whole run, and a shard that ended early": [make_shard(0, 0, ran="abc"), make_shard(1, 2, complete=False)],
    "runs of all that the shard left out": [
        make_shard(0, 0, ran="b"),
        make_shard(0, 0, ran="c"),
        make_shard(1, 3, ran="a"),
    ],
    "what was left out is kept": [make_shard(0, 0, ran="b", kept=["ac_c"]), make_shard(1, 2, ran="a")],
    "its place is kept": [make_shard(0, 0, ran="b", kept=["features/a.feature:3"]), make_shard(1, 2, ran="a")],
    "no shard": [make_shard(0, 0, ran="a")],
    "shards of another number": [make_shard(1, 3), make_shard(1, 2), make_shard(2, 2)],
    "one divided in another way": [make_shard(1, 2, partition="q"), make_shard(1, 2), make_shard(2, 2)],
    "one of older files": [make_shard(2, 3, tree="old"), make_shard(1, 1)],
    "nothing": [],
}
BROKEN = {
    "shard 3/3 is missing": [make_shard(0, 0, ran="b"), make_shard(1, 3, ran="a"), make_shard(2, 3, ran="b")],
    "shard 1/3 is missing": [make_shard(2, 3, ran="b"), make_shard(3, 3, ran="c"), make_shard(0, 0, ran="bc")],
    "shards 2/5, 3/5, 4/5, 5/5 are missing": [make_shard(0, 0, ran="abc", tree="old"), make_shard(1, 5, ran="a")],
    "shards 2/6, 3/6, 4/6, 5/6, 6/6 are missing": [make_shard(0, 0, complete=False), make_shard(1, 6, complete=False)],
    "shard 2/2 is missing": [make_shard(1, 2)],
    "shards 1/4, 3/4 are missing": [make_shard(2, 4), make_shard(4, 4)],
    "shard 1/2 is missing": [make_shard(1, 2, tree="old"), make_shard(2, 2)],
    "the 2 shards were divided in different ways": [make_shard(1, 2), make_shard(2, 2, partition="q")],
}


@pytest.mark.parametrize("name", WHOLE)
def test_all_shards_of_the_newest_files_are_there(name: str) -> None:
    check_shards(WHOLE[name])


@pytest.mark.parametrize("message", BROKEN)
def test_what_is_missing_of_the_shards_is_named(message: str) -> None:
    with pytest.raises(RecordError, match=message):
        check_shards(BROKEN[message])


NAME_ALL = "name the records of all shards, or mark what was run with `--partial`"
HINTS = {
    f"run it with `spec2bdd run --shard 2/2`, {NAME_ALL}": [make_shard(1, 2)],
    f"run them with `spec2bdd run --shard 1/4`, ..., {NAME_ALL}": [make_shard(2, 4), make_shard(4, 4)],
    f"run them with `spec2bdd run --shard 2/3`, ..., {NAME_ALL}": [make_shard(1, 3)],
    "run all shards with the same `--durations`": [make_shard(1, 2), make_shard(2, 2, partition="q")],
}


@pytest.mark.parametrize("hint", HINTS)
def test_the_hint_says_how_to_run_what_is_missing(hint: str) -> None:
    with pytest.raises(RecordError) as raised:
        check_shards(HINTS[hint])
    assert raised.value.hint == hint


def test_shards_of_other_numbers_and_damaged_records_are_named_as_well() -> None:
    damaged = Diagnostic("b.json", 4, 1, Severity.ERROR, "record", "it is cut off", "run it again")
    with pytest.raises(RecordError) as raised:
        check_shards([make_shard(1, 3), make_shard(1, 2)], [damaged])
    assert str(raised.value.message) == "shard 2/2 is missing"
    found = [(other.message, other.path, other.line, other.hint) for other in raised.value.others]
    assert found == [
        (
            "shards 2/3, 3/3 are missing",
            "",
            0,
            f"run them with `spec2bdd run --shard 2/3`, ..., {NAME_ALL}",
        ),
        ("it is cut off", "b.json", 4, "run it again"),
    ]
