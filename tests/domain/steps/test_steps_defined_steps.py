"""New criteria whose steps are all written already."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from planned_project import World, ask, loaded, make_criterion, make_spec
from rewording_project import regenerate

from spec2bdd.domain.steps.defined_steps import list_defined_at_once
from spec2bdd.model import Spec

SPEC = make_spec("A book is lent", "The shelf has 5 books")
LENT = '@then("a book is lent")\ndef f(context):\n    assert context.lent\n\n\n'
HOLDS = '@then("the shelf has {books:d} books")\ndef g(context, books):\n    '
WRITTEN, STUB = "assert books\n", 'raise StepNotImplementedError("the shelf has {books:d} books")\n'
HEAD = "from behave import then\nfrom behave.api.pending_step import StepNotImplementedError\n\n\n"


def list_defined(steps: str, spec: Spec = SPEC, *, features: Mapping[str, str] | None = None) -> list[str]:
    """List the texts of the criteria that are defined at once by a step file."""
    files = {"steps/own_steps.py": f"{HEAD}{steps}".encode()}
    drafts, _ = World(features or {}, files).draft(spec)
    with loaded(files) as registry:
        ids = list_defined_at_once(drafts, ask(registry, drafts), files)
    return [tracked.criterion.text for plan in drafts for tracked in plan.tracked if tracked.id in ids]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (LENT + HOLDS + WRITTEN, ["A book is lent", "The shelf has 5 books"]),
        (LENT, ["A book is lent"]),
        (LENT + HOLDS + STUB, ["A book is lent"]),
        ("", []),
    ],
    ids=["all are written", "one is not defined", "one has a stub", "none is defined"],
)
def test_a_new_criterion_is_defined_at_once_if_each_of_its_steps_is_written(steps: str, expected: list[str]) -> None:
    assert list_defined(steps) == expected


def test_a_criterion_that_is_known_is_not_new() -> None:
    features = regenerate(World(), make_spec("A book is lent")).features
    assert list_defined(LENT + HOLDS + WRITTEN, features=features) == ["The shelf has 5 books"]
    assert list_defined(LENT, make_spec("A book is lent"), features=features) == []


def test_what_needs_no_scenario_is_not_defined_at_once() -> None:
    spec = make_spec(make_criterion("A book is lent", manual=True), make_criterion("It is old", waived="too dear"))
    assert list_defined(LENT, spec) == []
