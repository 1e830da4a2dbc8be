"""A failed check that an object or a library has collected fails the scenario if nothing raises it."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave_project import Project, find_record
from grouped import in_one_test

from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.adapters.behave.glue.background.collecting import find_check_list
from spec2bdd.adapters.behave.glue.background.collectors import CollectorWatch
from spec2bdd.adapters.behave.vacuity.sources import SourceCache

STEPS = """
import sys
from types import ModuleType, SimpleNamespace
from behave import given, then

class Soft:
    def __init__(self):
        self.failed = []

    def check(self, is_right, text=""):
        if not is_right:
            self.failed.append(text)

    def run(self, check):
        try:
            check()
        except AssertionError as error:
            self.failed.append(error)

    def verify_all(self):
        if self.failed:
            raise AssertionError("; ".join(map(str, self.failed)))

class Softer(Soft):
    pass

class Grouping(Soft):
    def verify_all(self):
        if self.failed:
            raise ExceptionGroup("failed", self.failed)

class Asserting:
    def __init__(self):
        self._errors = set()

    def equal(self, left, right):
        if left != right:
            self._errors.add(f"{{left}} is not {{right}}")

    def assert_all(self):
        assert not self._errors, self._errors

class Log:
    # It only collects, and raises nothing.
    def __init__(self):
        self.failed = []

    def check(self, is_right, text=""):
        self.failed.append(text)

SOFT = Soft()

def fail():
    assert 4 == 5, "wrong total"

@given("a cart")
def a_cart(context):
    context.soft, context.total = Soft(), 4

@then("it is checked")
def it_is_checked(context):
    {body}

@then("it is verified")
def it_is_verified(context):
    context.soft.verify_all()
"""
DROPPED = {
    "of-the-context": "context.soft.check(context.total == 5, 'wrong total')",
    "of-the-step": "soft = Soft(); soft.check(context.total == 5, 'wrong total')",
    "of-the-module": "SOFT.check(context.total == 5, 'wrong total')",
    "derived": "soft = Softer(); soft.check(context.total == 5, 'wrong total')",
    "an-error": "context.soft.run(fail)",
    "after-it-was-verified": "context.soft.verify_all(); context.soft.check(context.total == 5, 'wrong total')",
    "a-group": "soft = Grouping(); soft.run(fail)",
    "a-set": "Asserting().equal('wrong', 'total')",
}


def run_scenario(project: Project, body: str, *steps: str, environment: str = "") -> tuple[str, ...]:
    """Run a scenario whose first outcome has a body, and return why it failed apart from its steps."""
    lines = "".join(f"    Then {step}\n" for step in ("it is checked", *steps))
    project.write(features__cart_feature=f"Feature: Cart\n  Scenario: total\n    Given a cart\n{lines}")
    project.write(steps__cart_steps_py=STEPS.format(body=body), environment_py=environment)
    return find_record(project.run(), "total").failures


@in_one_test("body", DROPPED.values(), ids=DROPPED)
def test_a_collected_failure_that_nothing_raises_fails_the_scenario(project: Project, body: str) -> None:
    (failure,) = run_scenario(project, body)
    name = {"Softer": "Softer", "Groupi": "Grouping", "Assert": "Asserting"}.get(
        body.removeprefix("soft = ")[:6], "Soft"
    )
    finalizer = "assert_all" if name == "Asserting" else "verify_all"
    what = f"not raised: `{name}` collected a failed check, and `{finalizer}` was not called after it: "
    assert failure.partition(": wrong")[0] + ": " == what


FINE = {
    "nothing-failed": "context.soft.check(context.total == 4, 'wrong total')",
    "it-is-expected": (
        "context.soft.check(False)\n    try:\n        context.soft.verify_all()\n"
        "    except AssertionError:\n        pass"
    ),
    "it-raises-nothing": "Log().check(False, 'wrong total')",
}


@in_one_test("body", FINE.values(), ids=FINE)
def test_a_collected_failure_that_is_looked_at_is_no_other_failure(project: Project, body: str) -> None:
    assert run_scenario(project, body) == ()


def test_a_collected_failure_that_a_later_step_or_a_hook_raises_is_theirs_alone(project: Project) -> None:
    assert run_scenario(project, DROPPED["of-the-context"], "it is verified") == ()
    hook = "def after_scenario(context, scenario):\n    context.soft.verify_all()\n"
    (failure,) = run_scenario(project, DROPPED["of-the-context"], environment=hook)
    assert failure.startswith("after_scenario: ")


def test_a_collector_that_lives_longer_is_reported_once_for_each_failure(project: Project) -> None:
    steps = STEPS.format(body="SOFT.check(context.total == 5, 'wrong total')")
    steps += "\n@then('it is fine')\ndef it_is_fine(context):\n    SOFT.check(context.total == 4)\n"
    scenarios = "".join(
        f"  Scenario: {name}\n    Given a cart\n    Then {step}\n"
        for name, step in (("first", "it is checked"), ("second", "it is fine"), ("third", "it is checked"))
    )
    project.write(features__cart_feature=f"Feature: Cart\n{scenarios}", steps__cart_steps_py=steps)
    run = project.run()
    assert [len(find_record(run, name).failures) for name in ("first", "second", "third")] == [1, 0, 1]


def test_a_step_that_fails_before_a_collector_is_looked_at_is_the_only_failure(project: Project) -> None:
    body = "context.soft.check(False, 'wrong total'); assert context.total == 5"
    assert run_scenario(project, body, "it is verified") == ()


def test_what_a_step_reads_of_a_collector_may_be_what_it_expects(project: Project) -> None:
    body = "context.soft.check(False, 'wrong total'); assert context.soft.failed == ['wrong total']"
    assert run_scenario(project, body) == ()


FAKES = """
from behave import given, then

class Fake:
    def __init__(self):
        self.items = []

    def add(self, item, kept=True):
        {adding}

    def find_last(self):
        return self.items[-1]

    def finish(self):
        {finishing}

@given("a fake")
def a_fake(context):
    context.fake = Fake()
    context.fake.add("hat")

@then("it is used")
def it_is_used(context):
    assert context.fake.find_last() == "hat"
"""
ADDED = "self.items.append(item)"
# How a fake adds something, and what another method of it asserts.
USED = {
    "something is there": (ADDED, "assert self.items, 'empty'"),
    "so much is there": (ADDED, "assert len(self.items) == 3"),
    "this is there": (ADDED, "assert self.items == ['hat', 'cap']"),
    "nothing to take": (ADDED, "if not self.items: raise AssertionError('empty')"),
    "none to take": (ADDED, "if len(self.items) == 0: raise AssertionError('empty')"),
    "nothing is there": (ADDED, "assert not self.items"),
    "all are there": (ADDED, "assert all(self.items)"),
    "where it is one": (f"if item: {ADDED}", "assert not self.items"),
    "where it is kept": (f"if kept: {ADDED}", "assert not self.items"),
}


@in_one_test("adding, finishing", USED.values(), ids=USED)
def test_a_fake_that_collects_what_the_product_gives_it_is_no_collector_of_failures(
    project: Project, adding: str, finishing: str
) -> None:
    project.write(features__cart_feature="Feature: Cart\n  Scenario: total\n    Given a fake\n    Then it is used\n")
    project.write(steps__cart_steps_py=FAKES.format(adding=adding, finishing=finishing))
    assert find_record(project.run(), "total").failures == ()


RAISED = {
    "where it is true": "if self.failed: raise AssertionError(self.failed)",
    "where it has some": "if len(self.failed) > 0 and self.strict: raise AssertionError(self.failed)",
    "where it has not none": "if self.failed != []: raise AssertionError(self.failed)",
    "unless it is empty": "assert not self.failed",
    "unless it has none": "assert len(self.failed) == 0, self.failed",
    "unless it equals none": "assert self.failed == []",
    "the first of them": "if self.failed: raise self.failed[0]",
    "each of them": "for text in self.failed: raise AssertionError(text)",
    "all of them": "if self.failed: raise ExceptionGroup('failed', self.failed)",
    "by fail": "if self.failed: pytest.fail('failed')",
    "unless it returns": "if not self.failed: return\n        raise AssertionError(self.failed)",
    "under another name": "text = ', '.join(self.failed)\n        assert not text, text",
    "after they are removed": "failed, self.failed = self.failed, []\n        assert not failed, failed",
}


@in_one_test("raising", RAISED.values(), ids=RAISED)
def test_a_method_may_say_in_any_way_that_nothing_may_have_failed(project: Project, raising: str) -> None:
    steps = STEPS.format(body="context.soft.check(context.total == 5, 'wrong total')")
    old = '        if self.failed:\n            raise AssertionError("; ".join(map(str, self.failed)))\n'
    assert old in steps
    project.write(steps__cart_steps_py=steps.replace(old, f"        {raising}\n"))
    lines = "Feature: Cart\n  Scenario: total\n    Given a cart\n    Then it is checked\n"
    (failure,) = find_record(project.write(features__cart_feature=lines).run(), "total").failures
    assert failure.endswith("`verify_all` was not called after it: wrong total")


LIBRARIES = {
    "delayed-assert": ("delayed_assert.delayed_assert", "_failed_expectations", "assert_expectations"),
    "smart-assertions": ("smart_assertions.smart_assertions", "failed_conditions", "verify_expectations"),
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_failure_that_a_library_has_collected_fails_the_scenario(project: Project, library: str) -> None:
    module, name, function = LIBRARIES[library]
    # As the package does, whose functions raise nothing.
    body = f"sys.modules[{module!r}] = ModuleType('a'); sys.modules[{module!r}].{name} = ['wrong total']"
    (failure,) = run_scenario(project, body)
    assert failure == f"not raised: {library} collected a failure, and `{function}` was not called: wrong total"


def test_a_failure_that_softest_has_collected_fails_the_scenario(project: Project) -> None:
    body = (
        "log = SimpleNamespace(_AssertionLogger__asserted_exceptions=[['Traceback', 'wrong total']])\n"
        "    sys.modules['softest.support'] = SimpleNamespace(AssertionLogger=log)"
    )
    (failure,) = run_scenario(project, body)
    assert failure == "not raised: softest collected a failure, and `assert_all` was not called: wrong total"


ODD = {
    "an error": "[AssertionError('wrong total')]",
    "nothing": "[()]",
    "what cannot be printed": "[type('Odd', (), {'__str__': lambda self: 1 / 0})()]",
    "a mapping": "[{'text': 'wrong total'}]",
}


@in_one_test("failures", ODD.values(), ids=ODD)
def test_whatever_was_collected_is_a_failure_of_its_scenario_alone(project: Project, failures: str) -> None:
    module, name, function = LIBRARIES["delayed-assert"]
    module = f"sys.modules[{module!r}] = ModuleType('a'); sys.modules[{module!r}].{name} = {failures}"
    begin = f"not raised: delayed-assert collected a failure, and `{function}` was not called: "
    assert [failure.startswith(begin) for failure in run_scenario(project, module)] == [True]
    own = f"context.soft.check(context.total == 5, {failures}[0])"
    assert [": `Soft` collected" in failure for failure in run_scenario(project, own)] == [True]


def test_a_collector_may_keep_anything_under_the_name_of_its_list(project: Project) -> None:
    call = "try:\n        context.soft.verify_all()\n    except AssertionError:\n        pass"
    assert run_scenario(project, f"setattr(context.soft, 'failed', iter([]))\n    {call}") == ()
    assert find_record(project.run(), "total").status == "passed"


PLAIN = """
from dataclasses import dataclass, field
from behave import given, then

class WrongNotes(AssertionError):
    pass

{decorator}
class Notes:
    {made}

    def same(self, left, right, text=""):
        {adds}

{rest}
@given("a cart")
def a_cart(context):
    context.pad, context.total = Notes(), 4

@then("it is checked")
def it_is_checked(context):
    context.pad.same(context.total, {wanted})

@then("it is looked at")
def it_is_looked_at(context):
    {looks}
"""
MADE = "def __init__(self):\n        self.notes = []; self.fine = True"
ASSERTED = "    def finish(self):\n        assert not self.notes\n"
ALL = "    def finish(self):\n        assert all(self.notes)\n"
# How the class collects, and the rest of it: no name says what it is for.
UNNAMED = {
    "where-two-differ": ("if left != right:\n            self.notes.append((left, right))", ASSERTED),
    "where-two-are-not-equal": ("if not left == right:\n            self.notes.append(left)", ASSERTED),
    "in-the-other-branch": (
        "if left == right:\n            pass\n        else:\n            self.notes.append(1)",
        ASSERTED,
    ),
    "the-text-of-what-is-false": (
        (
            "if not left == 4 or not right:\n            pass\n        if not text:\n"
            "            self.notes.append(f'{left}')"
        ),
        ASSERTED,
    ),
    "outcomes": ("self.notes.append(left == right)", ALL),
    "outcomes-with-a-text": (
        "self.notes.append((text, left == right))",
        (
            "    def finish(self):\n"
            "        if not all(fine for _, fine in self.notes):\n            raise AssertionError(self.notes)\n"
        ),
    ),
    "an-error-of-its-own": (
        "self.notes.append(left == right)",
        "    def finish(self):\n        if False in self.notes:\n            raise WrongNotes(self.notes)\n",
    ),
    "by-an-assignment": ("if left != right:\n            self.notes += [left]", ASSERTED),
    "after-a-return": ("if left == right:\n            return\n        self.notes.append(left)", ASSERTED),
    "next-to-the-comparison": ("left == right or self.notes.append(left)", ASSERTED),
    "by-another-method": (
        "if left != right:\n            self.note(left)",
        f"    def note(self, item):\n        self.notes.append(item)\n{ASSERTED}",
    ),
    "a-flag-that-is-set": (
        "if left != right:\n            self.wrong = True",
        "    wrong = False\n    def finish(self):\n        assert not self.wrong\n",
    ),
    "a-count": (
        "if left != right:\n            self.wrong += 1",
        "    wrong = 0\n    def finish(self):\n        if self.wrong > 0:\n            raise WrongNotes(self.wrong)\n",
    ),
    "a-flag": ("self.fine = self.fine and left == right", "    def finish(self):\n        assert self.fine\n"),
    "nothing-asks": ("self.notes.append(left == right)", ""),
    "nothing-asks-for-errors": (
        (
            "try:\n            assert left == right\n"
            "        except AssertionError as error:\n            self.notes.append(error)"
        ),
        "",
    ),
}


def run_notes(
    project: Project, case: tuple[str, str], *steps: str, wanted: int, looks: str = "pass", made: str = MADE
) -> tuple[str, ...]:
    """Run a scenario that compares 4 with a number by a class that collects, and return why it failed."""
    lines = "".join(f"    Then {step}\n" for step in ("it is checked", *steps))
    decorator = "@dataclass" if "field" in made else ""
    adds, rest = case
    parts = {"adds": adds, "rest": rest, "made": made, "decorator": decorator, "wanted": wanted, "looks": looks}
    project.write(features__cart_feature=f"Feature: Cart\n  Scenario: total\n    Given a cart\n{lines}")
    project.write(steps__cart_steps_py=PLAIN.format(**parts))
    return find_record(project.run(), "total").failures


@in_one_test("case", UNNAMED.values(), ids=UNNAMED)
def test_a_class_collects_failed_checks_whatever_its_names_are(project: Project, case: tuple[str, str]) -> None:
    (failure,) = run_notes(project, case, wanted=5)
    lost = "`finish` was not called after it" if case[1] else "nothing reads its `notes`"
    assert failure.startswith(f"not raised: `Notes` collected a failed check, and {lost}: ")


@in_one_test("case", [case for case in UNNAMED.values() if "text:" not in case[0]])
def test_a_class_that_has_collected_only_what_holds_has_no_failed_check(
    project: Project, case: tuple[str, str]
) -> None:
    assert run_notes(project, case, wanted=4) == ()


@in_one_test("case", [case for case in UNNAMED.values() if case[1]])
def test_a_class_that_was_asked_has_no_lost_check(project: Project, case: tuple[str, str]) -> None:
    looks = "try:\n        context.pad.finish()\n    except AssertionError:\n        pass"
    assert run_notes(project, case, "it is looked at", wanted=5, looks=looks) == ()


def test_a_dataclass_collects_failed_checks_as_well(project: Project) -> None:
    made = "notes: list = field(default_factory=list)"
    assert len(run_notes(project, UNNAMED["outcomes"], wanted=5, made=made)) == 1


READ = {
    "by-a-step": ("", "assert context.pad.notes == [False]"),
    "by-a-method": ("    def count(self):\n        return len(self.notes)\n", "assert context.pad.count()"),
    "by-a-property": (
        "    @property\n    def bad(self):\n        return not all(self.notes)\n",
        "assert context.pad.bad",
    ),
    "by-any-name": ("", "assert getattr(context.pad, 'no' + 'tes')"),
}


@in_one_test("case", READ.values(), ids=READ)
def test_what_a_class_has_collected_may_be_read_in_other_ways(project: Project, case: tuple[str, str]) -> None:
    rest, looks = case
    adds = UNNAMED["outcomes"][0]
    assert run_notes(project, (adds, rest), "it is looked at", wanted=5, looks=looks) == ()


def test_what_a_fake_collects_of_the_product_is_no_failed_check(project: Project) -> None:
    project.write(shop_py="def change(spy, before, after):\n    spy.same(before, after)\n")
    steps = PLAIN.format(
        adds=UNNAMED["where-two-differ"][0], rest=ASSERTED, made=MADE, decorator="", wanted=5, looks="pass"
    )
    body = "import shop; shop.change(context.pad, 4, 5); assert context.pad"
    steps = steps.replace("context.pad.same(context.total, 5)", body)
    project.write(features__cart_feature="Feature: Cart\n  Scenario: total\n    Given a cart\n    Then it is checked\n")
    project.write(steps__cart_steps_py=steps)
    assert find_record(project.run(), "total").failures == ()


WHOLE = """
from abc import ABC
from contextlib import contextmanager
from behave import given, then

{collector}
@given("a cart")
def a_cart(context):
    context.total = 4

@then("it is checked")
def it_is_checked(context):
    soft = Soft()
    {body}

@then("it is asked")
def it_is_asked(context):
    Soft().finish()
"""
COLLECTORS = {
    "of-the-class": ("class Soft:\n    errors = []\n    def __init__(self):\n        pass", "self", ""),
    "of-a-class-method": ("class Soft:\n    errors = []", "cls", "@classmethod\n    "),
    "of-a-slot": (
        "class Soft:\n    __slots__ = ('errors',)\n    def __init__(self):\n        self.errors = []",
        "self",
        "",
    ),
    "of-a-slot-beside-computed-attributes": (
        (
            "class Soft:\n    __slots__ = ('errors',)\n    def __init__(self):\n        self.errors = []\n"
            "    def __getattr__(self, name):\n        raise KeyError(name)"
        ),
        "self",
        "",
    ),
    "abstract": ("class Soft(ABC):\n    def __init__(self):\n        self.errors = []", "self", ""),
}
CLASS = """{made}
    {decorator}def equal({own}, left, right):
        if left != right:
            {own}.errors.append(f"{{left}} is not {{right}}")
    {decorator}def finish({own}):
        assert not {own}.errors
"""


def test_looking_for_what_is_raised_leaves_the_trees_as_they_are() -> None:
    asks = "text = ', '.join(self.errors); text = text.strip(); assert not text, text"
    tree = ast.parse(f"def add(self, a, b):\n    if a != b: self.errors.append(a)\ndef finish(self):\n    {asks}")
    nodes = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    before = ast.dump(tree)
    find_check_list(nodes, "Soft", errors=("AssertionError",))
    assert ast.dump(tree) == before


def run_whole(project: Project, collector: str, body: str) -> tuple[str, ...]:
    """Run a scenario that checks by an object of a class of its own, and return why it failed."""
    project.write(features__cart_feature="Feature: Cart\n  Scenario: total\n    Given a cart\n    Then it is checked\n")
    project.write(steps__cart_steps_py=WHOLE.format(collector=collector, body=body))
    return find_record(project.run(), "total").failures


@in_one_test("made, own, decorator", COLLECTORS.values(), ids=COLLECTORS)
def test_what_has_the_list_of_failed_checks_may_be_a_class_or_any_object(
    project: Project, made: str, own: str, decorator: str
) -> None:
    collector = CLASS.format(made=made, own=own, decorator=decorator)
    (failure,) = run_whole(project, collector, "soft.equal(context.total, 5)")
    assert failure == "not raised: `Soft` collected a failed check, and `finish` was not called after it: 4 is not 5"
    assert run_whole(project, collector, "soft.equal(context.total, 4)") == ()
    asked = "soft.equal(context.total, 5)\n    try:\n        soft.finish()\n    except AssertionError:\n        pass"
    assert run_whole(project, collector, asked) == ()


def test_failures_of_a_class_that_all_its_objects_share_are_reported_once(project: Project) -> None:
    scenarios = "".join(f"  Scenario: {name}\n    Given a cart\n    Then it is checked\n" for name in ("one", "two"))
    project.write(features__cart_feature=f"Feature: Cart\n{scenarios}")
    made, own, decorator = COLLECTORS["of-the-class"]
    body = "soft.equal(context.total, 5 if context.scenario.name == 'one' else 4)"
    collector = CLASS.format(made=made, own=own, decorator=decorator)
    project.write(steps__cart_steps_py=WHOLE.format(collector=collector, body=body))
    run = project.run()
    assert [len(find_record(run, name).failures) for name in ("one", "two")] == [1, 0]


INHERITED = """
class Errors:
    def __init__(self):
        self.errors = []
    {first}

class Soft(Errors):
    {second}
"""
EQUAL = "def equal(self, left, right):\n        if left != right:\n            self.errors.append('wrong total')"
FINISH = "def finish(self):\n        assert not self.errors"


@in_one_test("first, second", [(EQUAL, FINISH), (FINISH, EQUAL)])
def test_a_class_collects_by_the_methods_of_those_that_it_is_derived_from(
    project: Project, first: str, second: str
) -> None:
    collector = INHERITED.format(first=first, second=second)
    (failure,) = run_whole(project, collector, "soft.equal(context.total, 5)")
    assert failure.endswith("`Soft` collected a failed check, and `finish` was not called after it: wrong total")
    assert run_whole(project, collector, "soft.equal(context.total, 4)") == ()


BLOCKS = {
    "soft": (
        "def __enter__(self):\n        return self\n"
        "    def __exit__(self, kind, error, trace):\n"
        "        if error is not None:\n            self.errors.append(error)\n"
        "        return True\n"
    ),
    "soft.softly()": (
        "@contextmanager\n    def softly(self):\n"
        "        try:\n            yield\n"
        "        except AssertionError as error:\n            self.errors.append(error)\n"
    ),
}


@in_one_test("block, methods", BLOCKS.items(), ids=BLOCKS)
def test_a_block_collects_the_failed_checks_in_it(project: Project, block: str, methods: str) -> None:
    collector = f"class Soft:\n    def __init__(self):\n        self.errors = []\n    {methods}    {FINISH}\n"
    body = f"with {block}:\n        assert context.total == 5, 'wrong total'"
    (failure,) = run_whole(project, collector, body)
    assert failure.endswith("`Soft` collected a failed check, and `finish` was not called after it: wrong total")
    assert run_whole(project, collector, body.replace("5", "4")) == ()


PAGES = (
    f"class Pages:\n    def __init__(self):\n        self.errors = []\n    {{methods}}\n    {FINISH}\nSoft = Pages\n"
)
# Classes that collect errors which they are told of, and that are asked for them only where none is wanted.
LISTENERS = {
    "what-is-one-kind": (
        "def see(self, level):\n        if level == 'warning':\n            self.errors.append(f'saw {level}')",
        "soft.see('warning')",
    ),
    "what-came-back": (
        (
            "def post(self, path):\n        status = 404\n"
            "        if status >= 400:\n            self.errors.append(f'{path}: {status}')"
        ),
        "soft.post('/')",
    ),
    "what-is-answered": (
        (
            "def is_valid(self, total):\n        if not total:\n            self.errors.append('small')\n"
            "            return False\n        return True"
        ),
        "assert soft.is_valid(0) is False",
    ),
    "another-error": (
        (
            "def get(self, page):\n        try:\n            page.open()\n"
            "        except AttributeError as error:\n            self.errors.append(error)"
        ),
        "soft.get(None)",
    ),
    "any-error": (
        (
            "def get(self, page):\n        try:\n            page.open()\n"
            "        except Exception as error:\n            self.errors.append(error)"
        ),
        "soft.get(None)",
    ),
    "the-last-error": (
        (
            "def get(self, page):\n        try:\n            page.open()\n"
            "        except AttributeError as error:\n            self.errors = error"
        ),
        "soft.get(None)",
    ),
    "what-changed": (
        (
            "dirty = False\n    def update(self, old, new):\n        if old != new:\n            self.dirty = True\n"
            "    def keep(self):\n        assert not self.dirty"
        ),
        "soft.update(4, 5)",
    ),
    "called-by-a-library": (
        "def hear(self, is_fine):\n        if not is_fine:\n            self.errors.append('heard')",
        "import shop; shop.tell(soft.hear)",
    ),
}


@in_one_test("methods, body", LISTENERS.values(), ids=LISTENERS)
def test_errors_that_a_class_is_told_of_are_no_failed_checks(project: Project, methods: str, body: str) -> None:
    project.write(shop_py="def tell(hear):\n    hear(False)\n")
    collector = PAGES.format(methods=methods)
    assert run_whole(project, collector, f"{body}\n    assert context.total == 4") == ()


TOLD = {
    "dropped": (
        "def valid(self, total):\n        if not total:\n            self.errors.append('wrong total')\n"
        "        return total"
    ),
    "of-all-errors": (
        "def valid(self, total):\n        try:\n            assert total, 'wrong total'\n"
        "        except Exception as error:\n            self.errors.append(error)"
    ),
}


@in_one_test("methods", TOLD.values(), ids=TOLD)
def test_a_failed_check_that_nothing_has_got_counts_whatever_else_the_method_does(
    project: Project, methods: str
) -> None:
    (failure,) = run_whole(project, PAGES.format(methods=methods), "soft.valid(0)")
    assert failure.endswith("`Pages` collected a failed check, and `finish` was not called after it: wrong total")


WATCHED = """
class WrongError(AssertionError):
    pass

class Soft:
    def __init__(self):
        self.failed = []

    def check(self, is_right):
        if not is_right:
            self.failed.append("wrong total")

    def finish(self):
        if self.failed:
            raise {raised}

def step(context):
    soft = Soft()
    soft.check({is_right})
    {more}
"""


def run_watched(root: Path, source: str, *, has_failed: bool = False) -> list[str]:
    """Run a step whose class is watched, in this process, and take what was collected."""
    scenario: Any = SimpleNamespace(status=SimpleNamespace(has_failed=lambda: has_failed))
    path = str(root / "steps/cart_steps.py")
    names: dict[str, Any] = {}
    exec(compile(source, path, "exec"), names)
    sources = SourceCache()
    sources.add_file(path, source.encode())
    watch = CollectorWatch(lambda: scenario)
    watch.watch_classes([names["step"]], sources, OriginIndex(root, steps=[root / "steps"]))
    names["step"](None)
    found = list(watch.take_unread())
    assert {taken is scenario for taken, _ in found} <= {True}
    assert (watch.is_idle, list(watch.take_unread())) == (True, [])
    return [text for _, text in found]


ERRORS = {
    "AssertionError(self.failed)": True,
    "ExceptionGroup('wrong', self.failed)": True,
    "WrongError(self.failed)": True,
    "ValueError(self.failed)": False,
    "RuntimeError": False,
}


@in_one_test("raised", ERRORS)
def test_a_class_collects_failed_checks_by_the_error_that_it_raises(tmp_path: Path, raised: str) -> None:
    found = run_watched(tmp_path, WATCHED.format(raised=raised, is_right=False, more="pass"))
    text = "`Soft` collected a failed check, and `finish` was not called after it: wrong total"
    assert found == ([text] if ERRORS[raised] else [])


def test_only_what_has_failed_and_was_not_looked_at_is_taken(tmp_path: Path) -> None:
    given = {"raised": "AssertionError(self.failed)", "is_right": False}
    fine = WATCHED.format(**{**given, "is_right": True}, more="pass")
    asked = WATCHED.format(**given, more="try: soft.finish()\n    except AssertionError: pass")
    read = WATCHED.format(**given, more="assert soft.failed")
    failed = WATCHED.format(**given, more="pass")
    assert [run_watched(tmp_path, source) for source in (fine, asked, read)] == [[], [], []]
    assert run_watched(tmp_path, failed, has_failed=True) == []
    assert len(run_watched(tmp_path, failed)) == 1
