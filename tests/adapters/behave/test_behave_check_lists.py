"""Which attribute of a class holds failed checks, as its methods show it."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from grouped import in_one_test

from spec2bdd.adapters.behave.glue.background.additions import Addition
from spec2bdd.adapters.behave.glue.background.collecting import CheckList, find_check_list

FINISH = "def finish(self): assert not self.notes"
CHECKING = FINISH.replace("notes", "checks")
FAILING = FINISH.replace("notes", "failed")
CATCHING = "def add(self, check):\n    try: check()\n    except {}: self.{}.append(error)"


def find(*methods: str, errors: tuple[str, ...] = ("AssertionError", "ExceptionGroup")) -> CheckList | None:
    """Find what a class with these methods, whose name says nothing, collects."""
    nodes = {node.name: node for text in methods for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    return find_check_list(nodes, "Pad", errors=errors)


# How a method adds something, and what that shows of its attribute `notes`; nothing names what the list is for.
ADDED = {
    CATCHING.format("AssertionError as error", "notes"): Addition.ASSERTION,
    CATCHING.format("Exception as error", "notes"): Addition.CAUGHT,
    CATCHING.format("(ValueError, AssertionError) as error", "notes"): Addition.CAUGHT,
    "def add(self, check):\n    try: check()\n    except: self.notes.append(1)": Addition.CAUGHT,
    "def add(self, check):\n    try: check()\n    except AssertionError as error: self.notes = error": (
        Addition.ASSERTION
    ),
    "def add(self, check):\n    try: check()\n    except AssertionError: self.notes += 1": Addition.ASSERTION,
    CATCHING.format("ValueError as error", "notes"): None,
    "def add(self, a, b):\n    if a != b: self.notes.append(a)": Addition.DIFFERENT,
    "def add(self, a, b):\n    if a != b: self.notes.add(a)": Addition.DIFFERENT,
    "def add(self, a, b):\n    if a != b: self.notes.extend([a])": Addition.DIFFERENT,
    "def add(self, a, b):\n    if a != b: self.notes += [a]": Addition.DIFFERENT,
    "def add(self, a, b):\n    if a != b: self.notes += (a,)": Addition.DIFFERENT,
    "def add(self, a, b):\n    if a != b: self.notes[a] = b": Addition.DIFFERENT,
    "def add(self, a, b):\n    if a != b: b.notes.append(a)": None,
    "def add(self, a, b):\n    if a != b: b.notes += [a]": None,
    "def add(self, a, b):\n    if a != b: b.notes[a] = b": None,
    "def add(self, a, b):\n    if a != b: self.notes.remove(a)": None,
    "def add(self, a, b):\n    if not a == b: self.notes.append(a)": Addition.DIFFERENT,
    "def add(self, a, b):\n    if not a != b: self.notes.append(a)": None,
    "def add(self, a, b):\n    if a == b: self.notes.append(a)": None,
    "def add(self, a, b):\n    if not a == b: pass\n    else: self.notes.append(a)": None,
    "def add(self, a, b):\n    if not a != b: pass\n    else: self.notes.append(a)": Addition.DIFFERENT,
    "def add(self, a):\n    if a != LIMIT: self.notes.append(a)": None,
    "def add(self, a):\n    if not a: self.notes.append('wrong')": Addition.DIFFERENT,
    "def add(self, a):\n    if not a: self.notes.append(f'{a}')": Addition.DIFFERENT,
    "def add(self, a, text=''):\n    if not a: self.notes.append(text)": Addition.DIFFERENT,
    "def add(self, a, *, text=''):\n    if not a: self.notes.append(text)": Addition.DIFFERENT,
    "def add(self, a, text=0):\n    if not a: self.notes.append(text)": None,
    "def add(self, a):\n    if not a: self.notes.append(3)": None,
    "def add(self, a):\n    if a: self.notes.append('right')": None,
    "def add(self, a):\n    if a: pass\n    else: self.notes.append('wrong')": Addition.DIFFERENT,
    "def add(self, a, b): self.notes.append(a == b)": Addition.OUTCOME,
    "def add(self, a, b): self.notes.append(not a == b)": Addition.OUTCOME,
    "def add(self, a, b): self.notes.append((b, a == b))": Addition.OUTCOME,
    "def add(self, a, b): self.notes.append([a == b])": Addition.OUTCOME,
    "def add(self, a, b): self.notes.append({'fine': a == b})": Addition.OUTCOME,
    "def add(self, a, b): self.notes = self.notes and a == b": Addition.OUTCOME,
    "def add(self, a, b): self.notes[a] = a == b": Addition.OUTCOME,
    "def add(self, a, b): self.notes &= a == b": Addition.OUTCOME,
    "def add(self, a, b): b.notes = a == 1": None,
    "def add(self, a, b): b.notes[a] = a == 1": None,
    "def add(self, a, b): self.notes.append(-a)": None,
    "def add(self, a, b): self.notes.append(LIMIT == 3)": None,
}


@in_one_test("method", ADDED)
def test_what_a_method_adds_shows_whether_a_check_has_failed(method: str) -> None:
    found = find(method, FINISH)
    assert (found and (found.name, found.addition)) == (ADDED[method] and ("notes", ADDED[method]))


# What is added under a condition, where a name says what the list is for, and whether it is a failed check.
NAMED = {
    ("def add(self, a):\n    if a: self.failed.append(1)", FAILING): True,
    ("def add(self, a):\n    if not a: self.failed.append(1)", FAILING): True,
    ("def add(self, a, b):\n    if a and b: self.failed.append(1)", FAILING): True,
    ("def add(self, a):\n    if a is None: self.failed.append(1)", FAILING): True,
    ("def add(self, a):\n    if a == 404: self.failed.append(1)", FAILING): False,
    ("def add(self, a):\n    if a: self.failed.append(a)", FAILING): False,
    ("def add(self, a):\n    if self.on: self.failed.append(1)", FAILING): False,
    ("def add(self, a):\n    if self.on: self.checks.append(1)", CHECKING): True,
    ("def add(self, a):\n    if self.on: self.notes.append(1)", FINISH): False,
    ("def add(self, a):\n    if a: self.notes.append(1)", FINISH): False,
}


@in_one_test("methods", NAMED)
def test_the_name_of_a_list_shows_whether_what_is_added_under_a_condition_is_a_failed_check(
    methods: tuple[str, str],
) -> None:
    found = find(*methods)
    assert (found is not None and found.addition is Addition.NAMED) is NAMED[methods]


# What a list is called, and whether what is added to it under a condition on an argument is a failed check.
NAMES = dict.fromkeys(
    (
        "errors",
        "all_errors",
        "failures",
        "failed",
        "problems",
        "violations",
        "mismatches",
        "wrong",
        "broken",
        "invalid",
        "defects",
        "faults",
        "differences",
        "discrepancies",
        "unmet",
        "soft_list",
        "asserted",
        "checks",
        "verified",
        "expected",
        "Errors",
    ),
    True,
) | dict.fromkeys(("defaults", "default_names", "items", "mails", "names", "found"), False)


@in_one_test("name", NAMES)
def test_a_list_of_failed_checks_is_known_by_its_name(name: str) -> None:
    finish = FINISH.replace("notes", name)
    found = find(f"def add(self, a):\n    if a: self.{name}.append(1)", finish)
    assert bool(found) is NAMES[name]


def test_all_errors_count_in_a_list_that_is_named_after_checks() -> None:
    found = find(CATCHING.format("Exception as error", "checks"), CHECKING)
    assert found
    assert found.addition is Addition.CHECKED


# Methods, and whether one of them raises what is in `notes`.
FINALIZERS = {
    "def finish(self): assert not self.notes": True,
    "def finish(self, text=''): assert not self.notes, text": True,
    "def finish(self, *, strict=True): assert not self.notes": True,
    # Nothing calls it at the end of a scenario without knowing what to give it.
    "def finish(self, text): assert not self.notes, text": False,
    "def finish(self, /): assert not self.notes": False,
    "def finish(self, /, text): assert not self.notes": False,
    "def finish(): assert not notes": False,
    "def finish(self):\n    if self.notes: raise AssertionError(self.notes)": True,
    "def finish(self):\n    if self.notes: raise WrongError(self.notes)": True,
    "def finish(self):\n    if self.notes: raise ExceptionGroup('wrong', self.notes)": True,
    "def finish(self):\n    if self.notes: raise self.notes": True,
    "def finish(self):\n    if self.notes: raise self.notes[0]": True,
    "def finish(self):\n    if self.notes: self.fail('wrong')": True,
    "def finish(self):\n    if self.notes: fail('wrong')": True,
    "def finish(self):\n    if not self.notes: return\n    raise AssertionError(self.notes)": True,
    "def finish(self):\n    for note in self.notes: raise AssertionError(note)": True,
    "def finish(self):\n    if self.notes: raise ValueError(self.notes)": False,
    "def finish(self):\n    if self.notes: raise other.notes": False,
    "def finish(self):\n    if self.notes: print('wrong')": False,
    "def finish(self):\n    if self.notes: return\n    raise AssertionError(self.notes)": False,
    "def finish(self):\n    if not self.notes: raise AssertionError('empty')": False,
}


@in_one_test("method", FINALIZERS)
def test_a_method_that_needs_no_argument_may_raise_what_was_collected(method: str) -> None:
    found = find(
        "def add(self, a, b):\n    if a != b: self.notes.append(a)",
        method,
        errors=("AssertionError", "ExceptionGroup", "WrongError"),
    )
    assert (found is not None and found.finalizer == "finish") is FINALIZERS[method]


def make(addition: Addition) -> CheckList:
    """Make the description of an attribute that collects in this way."""
    return CheckList("notes", addition, ("add",), (), "finish", frozenset())


ERROR, FAILURE = ValueError("other"), AssertionError("wrong")


@pytest.mark.parametrize(
    ("addition", "value", "failed"),
    [
        (Addition.CAUGHT, [ERROR, FAILURE], [FAILURE]),
        (Addition.CHECKED, [ERROR, FAILURE], [ERROR, FAILURE]),
        (Addition.ASSERTION, {1: FAILURE}, [FAILURE]),
        (Addition.CAUGHT, FAILURE, [FAILURE]),
        (Addition.CAUGHT, ERROR, []),
        (Addition.DIFFERENT, ("a", "b"), ["a", "b"]),
        (Addition.DIFFERENT, {"a"}, ["a"]),
        (Addition.DIFFERENT, 3, [3, 3, 3]),
        (Addition.DIFFERENT, True, [True]),
        (Addition.DIFFERENT, 0, []),
        (Addition.OUTCOME, True, []),
        (Addition.OUTCOME, False, [False]),
        (Addition.OUTCOME, [True, False, (1, False), {"fine": False}], [False, (1, False), {"fine": False}]),
        (Addition.OUTCOME, 7, None),
        (Addition.NAMED, "text", None),
        (Addition.NAMED, None, None),
    ],
)
def test_what_failed_is_listed_of_what_an_attribute_holds(addition: Addition, value: Any, failed: Any) -> None:
    assert make(addition).list_failed(value) == failed
