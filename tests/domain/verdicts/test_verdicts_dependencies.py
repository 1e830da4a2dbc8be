"""Specs that wait for others: what is shown, what is held, and cycles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.domain.verdicts.status.dependencies import apply_dependencies, find_cycles
from spec2bdd.domain.verdicts.status.status import StatusPolicy
from spec2bdd.model import Cause, CauseKind, Dependency, Diagnostic, Field, Severity, Spec, SpecReport, Status

COMPLETE, REVIEW = "Complete", "Review"


def make_report(name: str, status: str, waits: Sequence[str]) -> SpecReport:
    """Make the report of a spec that waits for others."""
    upstream = tuple(Dependency(other, 10 + n, 5) for n, other in enumerate(waits))
    spec = Spec(f"specs/{name}.md", b"", (Field("feature_id", name, 2, 1),), upstream=upstream)
    return SpecReport(spec, (), status, status)


def make_reports(specs: Mapping[str, tuple[str, Sequence[str]]]) -> list[SpecReport]:
    """Make the reports of specs by their ids."""
    return [make_report(name, status, waits) for name, (status, waits) in specs.items()]


def settle(specs: Mapping[str, tuple[str, Sequence[str]]], *, hold: bool = True) -> dict[str, str]:
    """Apply the dependencies, and list the status of each spec."""
    reports = apply_dependencies(make_reports(specs), StatusPolicy(), hold=hold)
    return {report.spec.find_value("feature_id"): report.status_after for report in reports}


# The specs with their own statuses and what they wait for, and those that are held.
HELD: dict[str, tuple[dict[str, tuple[str, Sequence[str]]], set[str]]] = {
    "by one in review": ({"1.1": (REVIEW, []), "1.2": (COMPLETE, ["1.1"])}, {"1.2"}),
    "by a chain": (
        {"1.1": ("Draft", []), "1.2": (COMPLETE, ["1.1"]), "1.3": (COMPLETE, ["1.2"]), "1.4": (COMPLETE, ["1.3"])},
        {"1.2", "1.3", "1.4"},
    ),
    "by a status of the author's own": ({"1.1": ("On Hold", []), "1.2": (COMPLETE, ["1.1"])}, {"1.2"}),
    "by no status": ({"1.1": ("", []), "1.2": (COMPLETE, ["1.1"])}, {"1.2"}),
    "by one of several": ({"1.1": (COMPLETE, []), "1.2": ("Draft", []), "1.3": (COMPLETE, ["1.1", "1.2"])}, {"1.3"}),
    "by letters": ({"AUTH-2": (REVIEW, []), "1.2": (COMPLETE, ["auth-2"])}, {"1.2"}),
    "a circle by one outside": (
        {"1.1": (COMPLETE, ["1.2"]), "1.2": (COMPLETE, ["1.1", "1.3"]), "1.3": (REVIEW, [])},
        {"1.1", "1.2"},
    ),
    "a circle by one inside": ({"1.1": (COMPLETE, ["1.2"]), "1.2": (REVIEW, ["1.1"])}, {"1.1"}),
}
FREE: dict[str, dict[str, tuple[str, Sequence[str]]]] = {
    "none waits": {"1.1": (REVIEW, []), "1.2": (COMPLETE, [])},
    "what it waits for is complete": {"1.1": (COMPLETE, []), "1.2": (COMPLETE, ["1.1"])},
    "no spec has that id": {"1.2": (COMPLETE, ["9.9"])},
    "it waits for itself": {"1.2": (COMPLETE, ["1.2"])},
    "a finished circle": {"1.1": (COMPLETE, ["1.2"]), "1.2": (COMPLETE, ["1.3"]), "1.3": (COMPLETE, ["1.1"])},
    "it is not complete itself": {"1.1": ("Draft", []), "1.2": (REVIEW, ["1.1"])},
    "its status is its author's": {"1.1": ("Draft", []), "1.2": ("Done", ["1.1"])},
}


@pytest.mark.parametrize(("specs", "held"), HELD.values(), ids=HELD.keys())
def test_a_spec_is_held_by_what_it_waits_for_in_whatever_order(
    specs: dict[str, tuple[str, Sequence[str]]], held: set[str]
) -> None:
    expected = {name: REVIEW if name in held else status for name, (status, _) in specs.items()}
    for order in permutations(specs):
        assert settle({name: specs[name] for name in order}) == expected


@pytest.mark.parametrize("specs", FREE.values(), ids=FREE.keys())
def test_a_spec_is_not_held(specs: dict[str, tuple[str, Sequence[str]]]) -> None:
    assert settle(specs) == {name: status for name, (status, _) in specs.items()}


# What a spec had before it was held, and what it gets where the dialect has no word for a review.
@pytest.mark.parametrize(("before", "after"), [("To Do", "In Progress"), ("In Progress", "In Progress")])
def test_a_spec_that_is_held_is_in_progress_where_a_dialect_has_no_word_for_a_review(before: str, after: str) -> None:
    words = (("To Do", Status.DRAFT), ("In Progress", Status.IN_PROGRESS), ("Done", Status.COMPLETE))
    first, second = make_reports({"1.1": ("To Do", []), "1.2": ("Done", ["1.1"])})
    held = replace(second, spec=replace(second.spec, statuses=words), status_before=before)
    reports = apply_dependencies([first, held], StatusPolicy(), hold=True)
    assert [report.status_after for report in reports] == ["To Do", after]


@pytest.mark.parametrize(("specs", "held"), HELD.values(), ids=HELD.keys())
def test_nothing_is_held_unless_it_is_wanted(specs: dict[str, tuple[str, Sequence[str]]], held: set[str]) -> None:
    assert settle(specs, hold=False) == {name: status for name, (status, _) in specs.items()}


def test_what_a_spec_waits_for_is_shown_with_the_status_that_it_has_now() -> None:
    specs = make_reports({"1.1": ("Draft", []), "1.2": (COMPLETE, ["1.1"]), "1.3": (COMPLETE, ["1.2"])})
    *_, last = apply_dependencies(specs, StatusPolicy(), hold=True)
    assert [(one.feature_id, one.path, one.status) for one in last.blocking] == [("1.2", "specs/1.2.md", REVIEW)]
    assert last.why == (Cause(CauseKind.HELD, "waiting for 1.2 (Review)"),)


def test_all_that_a_spec_waits_for_is_named_where_that_holds_it() -> None:
    specs = make_reports({"1.1": ("Draft", []), "1.2": ("", []), "1.3": (COMPLETE, ["1.1", "1.2"])})
    *_, last = apply_dependencies(specs, StatusPolicy(), hold=True)
    assert last.why == (Cause(CauseKind.HELD, "waiting for 1.1 (Draft), 1.2 (no status)"),)
    *_, last = apply_dependencies(specs, StatusPolicy(), hold=False)
    assert (last.why, len(last.blocking)) == ((), 2)


def test_a_spec_is_known_by_the_number_of_its_file_and_better_by_its_own_word() -> None:
    named = make_report("2.1-lamp", "Draft", [])
    waiting = make_report("1.2", COMPLETE, ["2.1"])
    assert [one.path for one in apply_dependencies([named, waiting], StatusPolicy(), hold=True)[1].blocking] == [
        "specs/2.1-lamp.md"
    ]
    own = make_report("2.1", COMPLETE, [])
    assert apply_dependencies([named, waiting, own], StatusPolicy(), hold=True)[1].blocking == ()


def test_the_names_of_the_project_hold_here_too() -> None:
    rules = StatusPolicy(names={Status.COMPLETE: "Done", Status.REVIEW: "Check"})
    reports = make_reports({"1.1": ("Complete", []), "1.2": ("Done", ["1.1"])})
    assert [one.status_after for one in apply_dependencies(reports, rules, hold=True)] == ["Complete", "Check"]


CIRCLES = {
    "itself": ({"1.1": ["1.1"]}, ["`1.1` → `1.1`"]),
    "two": ({"1.1": ["1.2"], "1.2": ["1.1"]}, ["`1.1` → `1.2` → `1.1`", "`1.2` → `1.1` → `1.2`"]),
    "one that waits for it": ({"1.1": ["1.1"], "1.2": ["1.1"], "1.3": []}, ["`1.1` → `1.1`"]),
    "one between two": ({"1.1": ["1.1", "1.2"], "1.2": ["1.3"], "1.3": ["1.3"]}, ["`1.1` → `1.1`", "`1.3` → `1.3`"]),
    "none": ({"1.1": [], "1.2": ["1.1"], "1.3": ["1.1", "1.2"]}, []),
}


@pytest.mark.parametrize(("waits", "ways"), CIRCLES.values(), ids=CIRCLES.keys())
def test_a_cycle_is_reported_where_it_can_be_broken(waits: Mapping[str, Sequence[str]], ways: Sequence[str]) -> None:
    reports = make_reports({name: ("Draft", others) for name, others in waits.items()})
    found = list(find_cycles([report.spec for report in reports]))
    assert len(ways) == len(found)
    assert all(f"circular dependency: {way};" in one.message for way, one in zip(ways, found, strict=True))
    hint = "remove one of them from `Upstream Dependencies`"
    for way, one in zip(ways, found, strict=True):
        place = (f"specs/{way[1:4]}.md", one.line, 5, Severity.WARNING, "circular-dependency")
        assert Diagnostic(*place, one.message, hint) == one
        assert one.line in (10, 11)


NAMES = [f"1.{n}" for n in range(6)]


@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.tuples(st.sampled_from([COMPLETE, REVIEW]), st.lists(st.sampled_from(NAMES), max_size=3)),
    )
)
def test_applying_again_changes_nothing_and_no_complete_spec_waits(specs: dict[str, tuple[str, Sequence[str]]]) -> None:
    once = settle(specs)
    assert settle({name: (once[name], waits) for name, (_, waits) in specs.items()}) == once
    waiting = {
        name
        for name, (_, waits) in specs.items()
        if any(once.get(one, COMPLETE) != COMPLETE for one in waits if one != name)
    }
    assert set() == waiting & {name for name, status in once.items() if status == COMPLETE}
